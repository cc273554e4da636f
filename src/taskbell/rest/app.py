"""Answers the HTTP API. A change writes the table and nothing else: what follows is caused by the table's stream."""

import base64
import re
from http import HTTPStatus
from typing import Any, TypeVar
from urllib.parse import parse_qsl, quote

from aws_lambda_powertools import Logger
from aws_lambda_powertools.event_handler import APIGatewayHttpResolver
from aws_lambda_powertools.event_handler.exceptions import NotFoundError as RouteNotFoundError
from aws_lambda_powertools.logging import correlation_paths
from aws_lambda_powertools.utilities.typing import LambdaContext
from pydantic import ValidationError

from taskbell import bootstrap
from taskbell.api.identity import Caller
from taskbell.application.task_changes import find_task
from taskbell.domain.exceptions import InvalidInputError, NotFoundError, TaskError
from taskbell.domain.queries import Page
from taskbell.rest.identity import NotSignedIn, caller_of
from taskbell.rest.requests import Deletion, Input, ListOfTasks, NewTask, OneTask, StatusChange, TaskToProcess
from taskbell.rest.responses import Answer, answer, invalid, page_json, problem, refused, task_json

logger = Logger()
app = APIGatewayHttpResolver()

METHODS = {"/task": "POST", "/tasks": "GET, POST", "/task/<task_id>": "DELETE, GET, PUT"}
_TASK_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")

Said = TypeVar("Said", bound=Input)


@app.post("/task")
def create_task() -> Answer:
    """Makes a task."""
    owner_id = _caller().id
    command = _sent(NewTask).command(owner_id)
    task = bootstrap.task_service().create(command)
    return answer(HTTPStatus.CREATED, task_json(task), {"Location": f"/task/{task.id}"})


@app.get("/tasks")
def list_tasks() -> Answer:
    """A list of tasks, newest first; empty when it is not the caller's to see."""
    who = _caller()
    asked = _asked(ListOfTasks)
    owner_id = asked.owner_id or who.id
    if not who.may_read(owner_id):
        return answer(HTTPStatus.OK, page_json(Page((), (), has_next=False)))
    page = bootstrap.task_repository().page(asked.query(owner_id), asked.first, asked.after)
    return answer(HTTPStatus.OK, page_json(page))


@app.post("/tasks")
def start_task() -> Answer:
    """Takes a task in for the pipeline: accepted, for the answer comes before the work is done."""
    owner_id = _caller().id
    command = _sent(TaskToProcess).command(owner_id)
    task = bootstrap.task_service().create(command)
    return answer(HTTPStatus.ACCEPTED, task_json(task), {"Location": f"/task/{task.id}"})


@app.get("/task/<task_id>")
def show_task(task_id: str) -> Answer:
    """One task; a missing one and one that is not the caller's to see are one answer."""
    who = _caller()
    owner_id = _asked(OneTask).owner_id or who.id
    known = _possible(task_id)
    found = find_task(bootstrap.task_repository(), owner_id, known) if who.may_read(owner_id) else None
    if found is None:
        raise NotFoundError(field=("id",))
    return answer(HTTPStatus.OK, task_json(found))


@app.put("/task/<task_id>")
def change_status(task_id: str) -> Answer:
    """Moves a task to another status."""
    owner_id = _caller().id
    command = _sent(StatusChange).command(owner_id, _possible(task_id))
    return answer(HTTPStatus.OK, task_json(bootstrap.task_service().set_status(command)))


@app.delete("/task/<task_id>")
def delete_task(task_id: str) -> Answer:
    """Deletes a task, for good after the time of retention."""
    owner_id = _caller().id
    command = _asked(Deletion).command(owner_id, _possible(task_id))
    bootstrap.task_service().delete(command)
    return Answer(status_code=HTTPStatus.NO_CONTENT)


@app.get("/openapi.json")
def describe() -> Answer:
    """The OpenAPI document, where the stage shows it."""
    from taskbell.rest.openapi import document  # noqa: PLC0415 - no task waits for it at a cold start

    settings = bootstrap.http_api_settings()
    if not settings.documentation_shown:
        return _no_such_path()
    return answer(HTTPStatus.OK, document(guests=settings.guests_allowed))


@app.get("/docs")
@app.get("/docs/<name>")
def show_page(name: str = "index.html") -> Answer:
    """The Swagger page and its files, where the stage shows them."""
    from taskbell.rest.swagger_ui import page  # noqa: PLC0415 - no task waits for it at a cold start

    return (page(name) if bootstrap.http_api_settings().documentation_shown else None) or _no_such_path()


@app.not_found
def say_what_is_possible(_error: RouteNotFoundError) -> Answer:
    """404 for a path that is not there, 405 for one that is there for other methods."""
    path = "/task/<task_id>" if re.fullmatch("/task/[^/]+", app.current_event.path) else app.current_event.path
    if path not in METHODS:
        return _no_such_path()
    allowed = METHODS[path]
    message = f"This path takes {allowed}."
    return problem(HTTPStatus.METHOD_NOT_ALLOWED, "METHOD_NOT_ALLOWED", message, headers={"Allow": allowed})


def ask_to_sign_in(refusal: NotSignedIn) -> Answer:
    """401, as the authorizer would say it."""
    headers = {"WWW-Authenticate": "Bearer"}
    return problem(HTTPStatus.UNAUTHORIZED, "UNAUTHORIZED", str(refusal.__doc__), headers=headers)


def say_why_not(refusal: TaskError) -> Answer:
    """What the use cases refuse."""
    if app.current_event.path == "/tasks":
        return refused(refusal, {"id": "taskID"})
    return refused(refusal)


for _kind, _tell in ((NotSignedIn, ask_to_sign_in), (ValidationError, invalid), (TaskError, say_why_not)):
    app.exception_handler(_kind)(_tell)


def _caller() -> Caller:
    return caller_of(app.current_event.raw_event, guests_allowed=bootstrap.http_api_settings().guests_allowed)


def _sent(model: type[Said]) -> Said:
    """What the body says, where nothing is said in the query."""
    for name in _query():
        raise InvalidInputError("This request takes nothing in its query.", (name,))
    return model.model_validate_json(_body())


def _asked(model: type[Said]) -> Said:
    """What the query says."""
    return model.model_validate(_query())


def _body() -> bytes:
    """The body as it was sent; the HTTP API encodes whatever it takes for binary, curl's forms too."""
    event = app.current_event.raw_event
    body = (event.get("body") or "").encode(errors="surrogatepass")
    return base64.b64decode(body) if event.get("isBase64Encoded") else body


def _query() -> dict[str, str]:
    """The query as it was sent; what the HTTP API makes of it joins the values of one name by commas."""
    query: dict[str, str] = {}
    for name, value in parse_qsl(app.current_event.raw_event.get("rawQueryString", ""), keep_blank_values=True):
        if name in query:
            raise InvalidInputError("Must be given only once.", (name,))
        query[name] = value
    return query


def _possible(task_id: str) -> str:
    """The id, if a task can have it."""
    if not _TASK_ID.fullmatch(task_id):
        raise NotFoundError(field=("id",))
    return task_id


def _plain(path: str) -> str:
    """The path encoded again: the HTTP API decodes it, and Powertools' routes know few characters."""
    return quote(path, errors="replace")


def _no_such_path() -> Answer:
    return problem(HTTPStatus.NOT_FOUND, "NOT_FOUND", "There is nothing at this path.")


@logger.inject_lambda_context(correlation_id_path=correlation_paths.API_GATEWAY_HTTP)
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """The Lambda function serveRest."""
    try:
        return app.resolve({**event, "rawPath": _plain(event["rawPath"])}, context)
    except Exception:
        logger.exception("A request failed.")
        message = f"Something went wrong on our side. Request {context.aws_request_id}."
        fault = problem(HTTPStatus.INTERNAL_SERVER_ERROR, "FAULT", message)
        return {"statusCode": 500, "headers": {"content-type": "application/json"}, "body": fault.body}
