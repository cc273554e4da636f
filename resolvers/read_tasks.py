"""Resolvers of queries, and the authorization of subscriptions."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from typing import Any

from aws_lambda_powertools.event_handler import AppSyncResolver
from aws_lambda_powertools.logging import correlation_paths
from aws_lambda_powertools.utilities.data_classes import AppSyncResolverEvent
from aws_lambda_powertools.utilities.typing import LambdaContext
from pydantic import ValidationError

from resolvers import viewer
from resolvers.dispatch import current_caller, logger, resolve
from resolvers.identity import caller_of
from resolvers.inputs import ActivityArguments, HistoryArguments, ListArguments, TaskArguments, TasksArguments
from resolvers.responses import RequestError, connection, event_node, task_node
from taskbell import bootstrap
from taskbell.api.identity import Caller
from taskbell.application.serialization import Document
from taskbell.application.task_changes import find_task, resolve_id
from taskbell.domain.events import TaskEvent
from taskbell.domain.queries import EventQuery, Page
from taskbell.domain.task import Task

app = AppSyncResolver()
app.include_router(viewer.reads)

_MAX_THREADS = 8
_EMPTY_PAGE: Page[Any] = Page((), (), has_next=False)


@app.resolver(type_name="Query", field_name="task")
def task(**arguments: Any) -> Document | None:
    """Return a task; None if it does not exist, its id is invalid, or the caller may not read it."""
    caller = current_caller(app)
    try:
        args = TaskArguments.model_validate(arguments)
    except ValidationError:
        return None
    owner_id = args.owner_id or caller.id
    found = _find(owner_id, args.id) if caller.can_read(owner_id) else None
    return task_node(found, caller) if found else None


@app.resolver(type_name="Query", field_name="tasks")
def tasks(**arguments: Any) -> Document:
    """Return a list of tasks; empty if the caller may not read it."""
    args = TasksArguments.model_validate(arguments)
    caller = current_caller(app)
    owner_id = _readable_owner(args, caller)
    page = _page_of_tasks(args, owner_id) if owner_id else _EMPTY_PAGE
    return connection(page, args.after, partial(task_node, caller=caller))


@app.resolver(type_name="Query", field_name="activity")
def activity(**arguments: Any) -> Document:
    """Return the events of an owner's tasks; empty if the caller may not read them."""
    args = ActivityArguments.model_validate(arguments)
    caller = current_caller(app)
    owner_id = _readable_owner(args, caller)
    page = _page_of_events(args, owner_id) if owner_id else _EMPTY_PAGE
    return connection(page, args.after, partial(event_node, caller=caller))


@app.batch_resolver(type_name="Task", field_name="history")
def history(event: list[AppSyncResolverEvent]) -> list[Document]:
    """Return the events of each of several tasks, with concurrent queries."""
    bootstrap.event_store()
    with ThreadPoolExecutor(_MAX_THREADS) as pool:
        return list(pool.map(_history_of, event))


@app.resolver(type_name="Subscription", field_name="onTaskEvent")
def on_task_event(**arguments: Any) -> None:
    """Authorize a subscription. Whether the owner exists makes no difference."""
    if not current_caller(app).can_read(arguments.get("ownerId", "")):
        raise RequestError("FORBIDDEN: You can follow only your own tasks.")


def _find(owner_id: str, reference: str) -> Task | None:
    return find_task(bootstrap.task_repository(), owner_id, _id_of(owner_id, reference))


def _page_of_tasks(args: TasksArguments, owner_id: str) -> Page[Task]:
    query = args.query(owner_id)
    if query.parent_id is not None:
        query = replace(query, parent_id=_id_of(owner_id, query.parent_id))
    return bootstrap.task_repository().page(query, args.limit, args.after)


def _page_of_events(args: ActivityArguments, owner_id: str) -> Page[TaskEvent]:
    query = args.query(owner_id)
    if query.task_id is not None:
        query = replace(query, task_id=_id_of(owner_id, query.task_id))
    return bootstrap.event_store().page(query, args.limit, args.after)


def _id_of(owner_id: str, reference: str) -> str:
    return resolve_id(bootstrap.task_repository(), owner_id, reference)


def _history_of(event: AppSyncResolverEvent) -> Document:
    args = HistoryArguments.model_validate(event.arguments)
    caller, task = caller_of(event.get("identity")), event.source
    query = EventQuery(task["ownerId"], task["id"])
    page = (
        bootstrap.event_store().page(query, args.limit, args.after) if caller.can_read(query.owner_id) else _EMPTY_PAGE
    )
    return connection(page, args.after, partial(event_node, caller=caller))


def _readable_owner(args: ListArguments, caller: Caller) -> str | None:
    """Return the list's owner; None if the caller may not read it."""
    owner_id = args.owner_id or caller.id
    return owner_id if caller.can_read(owner_id) else None


@logger.inject_lambda_context(correlation_id_path=correlation_paths.APPSYNC_RESOLVER)
def handler(event: Any, context: LambdaContext) -> Any:
    """Handle an event, or a batch of events as a list, of the Lambda function readTasks."""
    return resolve(app, event, context)
