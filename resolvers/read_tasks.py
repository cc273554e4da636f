"""Answers the queries, and decides who may follow whose tasks."""

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

from aws_lambda_powertools.event_handler import AppSyncResolver
from aws_lambda_powertools.logging import correlation_paths
from aws_lambda_powertools.utilities.data_classes import AppSyncResolverEvent
from aws_lambda_powertools.utilities.typing import LambdaContext
from pydantic import ValidationError

from resolvers import viewer
from resolvers.dispatch import answer, caller, logger
from resolvers.identity import caller_of
from resolvers.inputs import ActivityArguments, HistoryArguments, ListArguments, TaskArguments, TasksArguments
from resolvers.responses import RequestRefused, connection, event_node, task_node
from taskbell import bootstrap
from taskbell.api.identity import Caller
from taskbell.application.serialization import Document
from taskbell.application.task_changes import find_task
from taskbell.domain.queries import EventQuery, Page

app = AppSyncResolver()
app.include_router(viewer.reads)

_AT_ONCE = 8
_NOTHING: Page[Any] = Page((), (), has_next=False)


@app.resolver(type_name="Query", field_name="task")
def task(**arguments: Any) -> Document | None:
    """A task; None when there is none, when there can be none of that id, or when it is not the caller's to see."""
    who = caller(app)
    try:
        asked = TaskArguments.model_validate(arguments)
    except ValidationError:
        return None
    owner_id = asked.owner_id or who.id
    found = find_task(bootstrap.task_repository(), owner_id, asked.id) if who.may_read(owner_id) else None
    return task_node(found, who) if found else None


@app.resolver(type_name="Query", field_name="tasks")
def tasks(**arguments: Any) -> Document:
    """A list of tasks; empty when it is not the caller's to see."""
    asked = TasksArguments.model_validate(arguments)
    who = caller(app)
    owner_id = _readable_owner(asked, who)
    page = bootstrap.task_repository().page(asked.query(owner_id), asked.most, asked.after) if owner_id else _NOTHING
    return connection(page, asked.after, partial(task_node, who=who))


@app.resolver(type_name="Query", field_name="activity")
def activity(**arguments: Any) -> Document:
    """What happened to an owner's tasks; empty when it is not the caller's to see."""
    asked = ActivityArguments.model_validate(arguments)
    who = caller(app)
    owner_id = _readable_owner(asked, who)
    page = bootstrap.event_store().page(asked.query(owner_id), asked.most, asked.after) if owner_id else _NOTHING
    return connection(page, asked.after, partial(event_node, who=who))


@app.batch_resolver(type_name="Task", field_name="history")
def history(event: list[AppSyncResolverEvent]) -> list[Document]:
    """What happened to each of some tasks: one query for each, side by side."""
    bootstrap.event_store()
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        return list(pool.map(_history_of, event))


@app.resolver(type_name="Subscription", field_name="onTaskEvent")
def on_task_event(**arguments: Any) -> None:
    """Lets a subscription start, or refuses it. Who the owner is, or whether there is one, makes no difference."""
    if not caller(app).may_read(arguments.get("ownerId", "")):
        raise RequestRefused("FORBIDDEN: You can follow only your own tasks.")


def _history_of(event: AppSyncResolverEvent) -> Document:
    asked = HistoryArguments.model_validate(event.arguments)
    who, task = caller_of(event.get("identity")), event.source
    query = EventQuery(task["ownerId"], task["id"])
    page = bootstrap.event_store().page(query, asked.most, asked.after) if who.may_read(query.owner_id) else _NOTHING
    return connection(page, asked.after, partial(event_node, who=who))


def _readable_owner(asked: ListArguments, who: Caller) -> str | None:
    """Whose list is asked for; None when the caller may not see it."""
    owner_id = asked.owner_id or who.id
    return owner_id if who.may_read(owner_id) else None


@logger.inject_lambda_context(correlation_id_path=correlation_paths.APPSYNC_RESOLVER)
def handler(event: Any, context: LambdaContext) -> Any:
    """The Lambda function readTasks; a batch of events comes as a list."""
    return answer(app, event, context)
