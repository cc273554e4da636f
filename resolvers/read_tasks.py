"""Answers the queries, and decides who may follow whose tasks."""

from typing import Any

from aws_lambda_powertools.event_handler import AppSyncResolver
from aws_lambda_powertools.logging import correlation_paths
from aws_lambda_powertools.utilities.typing import LambdaContext
from pydantic import ValidationError

from adapters import wiring
from resolvers.answers import RequestRefused, connection
from resolvers.door import answer, caller, logger
from resolvers.inputs import ActivityArguments, ListArguments, TaskArguments, TasksArguments
from tasks.documents import Document, public_event, public_task
from tasks.ports import Page
from tasks.use_cases import find_task

app = AppSyncResolver()

_NOTHING: Page[Any] = Page((), (), has_next=False)


@app.resolver(type_name="Query", field_name="viewer")
def viewer() -> Document:
    """Who is asking."""
    who = caller(app)
    return {"id": who.id, "name": who.name, "groups": list(who.groups)}


@app.resolver(type_name="Query", field_name="task")
def task(**arguments: Any) -> Document | None:
    """A task; None when there is none, when there can be none of that id, or when it is not the caller's to see."""
    who = caller(app)
    try:
        asked = TaskArguments.model_validate(arguments)
    except ValidationError:
        return None
    owner_id = asked.owner_id or who.id
    found = find_task(wiring.task_store(), owner_id, asked.id) if who.may_read(owner_id) else None
    return public_task(found) if found else None


@app.resolver(type_name="Query", field_name="tasks")
def tasks(**arguments: Any) -> Document:
    """A list of tasks; empty when it is not the caller's to see."""
    asked = TasksArguments.model_validate(arguments)
    owner_id = _readable_owner(asked)
    page = wiring.task_store().page(asked.query(owner_id), asked.most, asked.after) if owner_id else _NOTHING
    return connection(page, asked.after, public_task)


@app.resolver(type_name="Query", field_name="activity")
def activity(**arguments: Any) -> Document:
    """What happened to an owner's tasks; empty when it is not the caller's to see."""
    asked = ActivityArguments.model_validate(arguments)
    owner_id = _readable_owner(asked)
    page = wiring.history().page(asked.query(owner_id), asked.most, asked.after) if owner_id else _NOTHING
    return connection(page, asked.after, public_event)


@app.resolver(type_name="Subscription", field_name="onTaskEvent")
def on_task_event(ownerId: str, **_narrower: Any) -> None:  # noqa: N803
    """Lets a subscription start, or refuses it. Who the owner is, or whether there is one, makes no difference."""
    if not caller(app).may_read(ownerId):
        raise RequestRefused("FORBIDDEN: You can follow only your own tasks.")


def _readable_owner(asked: ListArguments) -> str | None:
    """Whose list is asked for; None when the caller may not see it."""
    who = caller(app)
    owner_id = asked.owner_id or who.id
    return owner_id if who.may_read(owner_id) else None


@logger.inject_lambda_context(correlation_id_path=correlation_paths.APPSYNC_RESOLVER)
def handler(event: dict[str, Any], context: LambdaContext) -> Any:
    """The Lambda function readTasks."""
    return answer(app, event, context)
