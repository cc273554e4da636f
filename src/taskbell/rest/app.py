"""The HTTP API. Changes write to the table only; the table's stream triggers everything else."""

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
from taskbell.application.task_changes import find_task, resolve_id
from taskbell.domain.changes import ChangePage
from taskbell.domain.exceptions import InvalidInputError, NotFoundError, TaskError
from taskbell.domain.planning import due_within
from taskbell.domain.queries import Page
from taskbell.domain.task import Task
from taskbell.rest.identity import NotAuthenticatedError, caller_of
from taskbell.rest.requests import Deletion, Input, ListOfTasks, NewTask, OneTask, StatusChange, TaskToProcess
from taskbell.rest.responses import (
    HttpResponse,
    changes_json,
    error_response,
    json_response,
    occurrences_json,
    page_json,
    task_error_response,
    task_json,
    task_name,
    validation_error_response,
)

logger = Logger()
app = APIGatewayHttpResolver()

METHODS = {"/task": "POST", "/tasks": "GET, POST", "/task/<task_id>": "DELETE, GET, PUT"}
_TASK_NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")

InputT = TypeVar("InputT", bound=Input)


@app.post("/task")
def create_task() -> HttpResponse:
    """Create a task."""
    owner_id = _caller().id
    command = _parse_body(NewTask).command(owner_id)
    task = bootstrap.task_service().create(command)
    return json_response(HTTPStatus.CREATED, task_json(task), {"Location": f"/task/{task_name(task)}"})


@app.get("/tasks")
def list_tasks() -> HttpResponse:
    """List tasks, or what has changed since a cursor; empty if the caller may not read them."""
    caller = _caller()
    params = _parse_query(ListOfTasks)
    owner_id = params.owner_id or caller.id
    if params.since is not None:
        return _list_changes(owner_id if caller.can_read(owner_id) else None, params)
    if not caller.can_read(owner_id):
        return json_response(HTTPStatus.OK, page_json(Page((), (), has_next=False)))
    query = params.query(owner_id)
    if params.due:
        query = due_within(query, params.due, bootstrap.now(), bootstrap.profiles().get(owner_id).zone, params.days)
    page = bootstrap.task_repository().page(query, params.first, params.after)
    return json_response(HTTPStatus.OK, page_json(page))


def _list_changes(owner_id: str | None, params: ListOfTasks) -> HttpResponse:
    for name in sorted(params.model_fields_set - {"since", "first", "owner_id"}):
        raise InvalidInputError("Cannot be combined with `since`.", (name,))
    if owner_id is None:
        return json_response(HTTPStatus.OK, changes_json(ChangePage((), params.since or "", has_more=False)))
    page = bootstrap.change_feed().since(owner_id, params.since or None, params.first)
    return json_response(HTTPStatus.OK, changes_json(page))


@app.post("/tasks")
def start_task() -> HttpResponse:
    """Create a task for the pipeline: accepted, as the response precedes its processing."""
    owner_id = _caller().id
    command = _parse_body(TaskToProcess).command(owner_id)
    task = bootstrap.task_service().create(command)
    return json_response(HTTPStatus.ACCEPTED, task_json(task), {"Location": f"/task/{task_name(task)}"})


@app.get("/task/<task_id>")
def show_task(task_id: str) -> HttpResponse:
    """Return a task; 404 if it does not exist or the caller may not read it."""
    caller = _caller()
    owner_id = _parse_query(OneTask).owner_id or caller.id
    _check_name(task_id)
    found = _find(owner_id, task_id) if caller.can_read(owner_id) else None
    if found is None:
        raise NotFoundError(field=("id",))
    return json_response(HTTPStatus.OK, task_json(found))


@app.put("/task/<task_id>")
def change_status(task_id: str) -> HttpResponse:
    """Change a task's status."""
    owner_id = _caller().id
    change = _parse_body(StatusChange)
    command = change.command(owner_id, _id_of(owner_id, task_id))
    changed = bootstrap.task_service().set_status(command)
    return json_response(HTTPStatus.OK, occurrences_json(changed))


@app.delete("/task/<task_id>")
def delete_task(task_id: str) -> HttpResponse:
    """Delete a task; the table deletes it for good after the retention period."""
    owner_id = _caller().id
    deletion = _parse_query(Deletion)
    command = deletion.command(owner_id, _id_of(owner_id, task_id))
    bootstrap.task_service().delete(command)
    return HttpResponse(status_code=HTTPStatus.NO_CONTENT)


@app.get("/openapi.json")
def serve_openapi() -> HttpResponse:
    """Serve the OpenAPI document, if the stage publishes it."""
    from taskbell.rest.openapi import openapi_document  # noqa: PLC0415 - not loaded at a cold start

    settings = bootstrap.http_api_settings()
    if not settings.documentation_shown:
        return _no_such_path()
    return json_response(HTTPStatus.OK, openapi_document(guests=settings.guests_allowed))


@app.get("/docs")
@app.get("/docs/<name>")
def serve_swagger_ui(name: str = "index.html") -> HttpResponse:
    """Serve Swagger UI and its files, if the stage publishes them."""
    from taskbell.rest.swagger_ui import swagger_ui_file  # noqa: PLC0415 - not loaded at a cold start

    return (swagger_ui_file(name) if bootstrap.http_api_settings().documentation_shown else None) or _no_such_path()


@app.not_found
def handle_unknown_route(_error: RouteNotFoundError) -> HttpResponse:
    """Respond with 404 to an unknown path, and with 405 to an unknown method."""
    path = "/task/<task_id>" if re.fullmatch("/task/[^/]+", app.current_event.path) else app.current_event.path
    if path not in METHODS:
        return _no_such_path()
    allowed = METHODS[path]
    message = f"This path takes {allowed}."
    return error_response(HTTPStatus.METHOD_NOT_ALLOWED, "METHOD_NOT_ALLOWED", message, headers={"Allow": allowed})


def handle_not_authenticated(error: NotAuthenticatedError) -> HttpResponse:
    """Respond with 401, as the authorizer does."""
    headers = {"WWW-Authenticate": "Bearer"}
    return error_response(HTTPStatus.UNAUTHORIZED, "UNAUTHORIZED", str(error.__doc__), headers=headers)


def handle_task_error(error: TaskError) -> HttpResponse:
    """Respond to an error of a use case."""
    if app.current_event.path == "/tasks":
        return task_error_response(error, {"id": "taskID", "key": "taskID"})
    return task_error_response(error)


for _error_type, _handle in (
    (NotAuthenticatedError, handle_not_authenticated),
    (ValidationError, validation_error_response),
    (TaskError, handle_task_error),
):
    app.exception_handler(_error_type)(_handle)


def _caller() -> Caller:
    return caller_of(app.current_event.raw_event, guests_allowed=bootstrap.http_api_settings().guests_allowed)


def _parse_body(model: type[InputT]) -> InputT:
    """Return the validated body of a request without a query string."""
    for name in _query():
        raise InvalidInputError("This request takes nothing in its query.", (name,))
    return model.model_validate_json(_body())


def _parse_query(model: type[InputT]) -> InputT:
    """Return the validated query string."""
    return model.model_validate(_query())


def _body() -> bytes:
    """Return the body; API Gateway encodes what it takes for binary, form data too, in Base64."""
    event = app.current_event.raw_event
    body = (event.get("body") or "").encode(errors="surrogatepass")
    return base64.b64decode(body) if event.get("isBase64Encoded") else body


def _query() -> dict[str, str]:
    """Return the query string as it was sent; API Gateway would join repeated names by commas."""
    query: dict[str, str] = {}
    for name, value in parse_qsl(app.current_event.raw_event.get("rawQueryString", ""), keep_blank_values=True):
        if name in query:
            raise InvalidInputError("Must be given only once.", (name,))
        query[name] = value
    return query


def _find(owner_id: str, name: str) -> Task | None:
    return find_task(bootstrap.task_repository(), owner_id, _id_of(owner_id, name))


def _id_of(owner_id: str, name: str) -> str:
    """Return the id of the task that is called so. Raises NotFoundError if no task can be."""
    _check_name(name)
    return resolve_id(bootstrap.task_repository(), owner_id, name)


def _check_name(name: str) -> None:
    """Raise NotFoundError if no task can be called so."""
    if not _TASK_NAME.fullmatch(name):
        raise NotFoundError(field=("id",))


def _reencoded(path: str) -> str:
    """Return the path URL-encoded: API Gateway decodes it, but Powertools' routes match few characters."""
    return quote(path, errors="replace")


def _no_such_path() -> HttpResponse:
    return error_response(HTTPStatus.NOT_FOUND, "NOT_FOUND", "There is nothing at this path.")


@logger.inject_lambda_context(correlation_id_path=correlation_paths.API_GATEWAY_HTTP)
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Handle an event of the Lambda function serveRest."""
    try:
        return app.resolve({**event, "rawPath": _reencoded(event["rawPath"])}, context)
    except Exception:
        logger.exception("A request failed.")
        message = f"Something went wrong on our side. Request {context.aws_request_id}."
        response = error_response(HTTPStatus.INTERNAL_SERVER_ERROR, "INTERNAL", message)
        return {"statusCode": 500, "headers": {"content-type": "application/json"}, "body": response.body}
