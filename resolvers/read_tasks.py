"""Resolvers of queries, and the authorization of subscriptions."""

from typing import Any

from aws_lambda_powertools.event_handler import AppSyncResolver
from aws_lambda_powertools.logging import correlation_paths
from aws_lambda_powertools.utilities.typing import LambdaContext
from pydantic import ValidationError

from resolvers import (
    calendar_feed,
    changes,
    labels,
    nodes,
    notifications,
    subtasks,
    task_lists,
    transfer,
    trash,
    viewer,
)
from resolvers.arguments import (
    ActivityArguments,
    ListArguments,
    OwnerArguments,
    SubscriptionArguments,
    TaskArguments,
    TasksArguments,
)
from resolvers.dispatch import current_caller, logger, readable_owner, resolve
from resolvers.references import ListReference, owner_of_list, task_id_of
from resolvers.responses import ForbiddenError, connection
from resolvers.selection import only_selected, selection_of
from taskbell import bootstrap
from taskbell.api.global_ids import TaskReference
from taskbell.api.graphql_documents import event_document, task_document
from taskbell.application.serialization import Document
from taskbell.application.task_changes import find_task
from taskbell.domain.planning import due_within
from taskbell.domain.queries import Page

app = AppSyncResolver()
app.include_router(viewer.reads)
app.include_router(notifications.reads)
app.include_router(subtasks.router)
app.include_router(trash.reads)
app.include_router(labels.reads)
app.include_router(task_lists.reads)
app.include_router(nodes.router)
app.include_router(changes.router)
app.include_router(calendar_feed.reads)
app.include_router(transfer.reads)

_EMPTY_PAGE: Page[Any] = Page((), (), has_next=False)


@app.resolver(type_name="Query", field_name="task")
@only_selected(app)
def task(**arguments: Any) -> Document | None:
    """Return a task; None if it does not exist, its id is invalid, or the caller may not read it."""
    caller = current_caller(app)
    try:
        args = TaskArguments.model_validate(arguments)
    except ValidationError:
        return None
    owner_id = args.owner_id or args.id.owner_id or caller.id
    task_id = task_id_of(owner_id, args.id) if caller.can_read(owner_id) else None
    found = find_task(bootstrap.task_repository(), owner_id, task_id) if task_id else None
    return task_document(found) if found else None


@app.resolver(type_name="Query", field_name="tasks")
@only_selected(app)
def tasks(**arguments: Any) -> Document:
    """Return a list of tasks."""
    args = TasksArguments.model_validate(arguments)
    in_list = args.filter.in_this_list if args.filter else None
    owner_id, parent_id = _list_of(args, args.filter.parent_id if args.filter else None, in_list)
    if args.is_in_two_lists or (in_list and in_list.owner_id != owner_id):
        return connection(_EMPTY_PAGE, args.after, task_document)
    if parent_id is None and args.filter and args.filter.parent_id:
        return connection(_EMPTY_PAGE, args.after, task_document)
    query = args.query(owner_id, parent_id)
    if args.due:
        query = due_within(query, args.due, bootstrap.now(), bootstrap.profiles().get(owner_id).zone, args.days)
    response = connection(bootstrap.task_repository().page(query, args.limit, args.after), args.after, task_document)
    if query.counted_as and selection_of(app).has("totalCount"):
        counts = bootstrap.statistics().get(owner_id).counts
        response["totalCount"] = sum(counts.get(name, 0) for name in query.counted_as)
    return response


@app.resolver(type_name="Query", field_name="activity")
@only_selected(app)
def activity(**arguments: Any) -> Document:
    """Return the events of an owner's tasks, or of one of them."""
    args = ActivityArguments.model_validate(arguments)
    owner_id, task_id = _list_of(args, args.task_id)
    if task_id is None and args.task_id:
        return connection(_EMPTY_PAGE, args.after, event_document)
    page = bootstrap.event_store().page(args.query(owner_id, task_id), args.limit, args.after)
    return connection(page, args.after, event_document)


@app.resolver(type_name="Query", field_name="taskPermissions")
@only_selected(app)
def task_permissions(**arguments: Any) -> Document:
    """Return what the caller may do with an owner's tasks: everything with their own, nothing with others'."""
    owner_id = readable_owner(app, OwnerArguments.model_validate(arguments).owner_id)
    own = owner_id == current_caller(app).id
    return {"update": own, "delete": own}


@app.resolver(type_name="Subscription", field_name="onTaskEvent")
def on_task_event(**arguments: Any) -> None:
    """Authorize a subscription. Whether the owner or the task exists makes no difference."""
    if not current_caller(app).can_read(arguments.get("ownerId", "")):
        raise ForbiddenError("You can follow only your own tasks.")
    SubscriptionArguments.model_validate(arguments)


def _list_of(
    args: ListArguments, task: TaskReference | None, in_list: ListReference | None = None
) -> tuple[str, str | None]:
    """Return the owner of a list, and the id of the task that it is about: None if it is not that owner's."""
    owner_id = owner_of_list(app, args.owner_id, task or in_list)
    return owner_id, task_id_of(owner_id, task) if task else None


@logger.inject_lambda_context(correlation_id_path=correlation_paths.APPSYNC_RESOLVER)
def handler(event: Any, context: LambdaContext) -> Any:
    """Handle an event, or a batch of events as a list, of the Lambda function readTasks."""
    return resolve(app, event, context)
