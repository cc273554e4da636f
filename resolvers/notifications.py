"""Resolvers of the caller's notifications."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from aws_lambda_powertools.event_handler.graphql_appsync.router import Router
from pydantic import ValidationError

from resolvers.arguments import NotificationsArguments
from resolvers.dispatch import current_caller
from resolvers.inputs import MarkNotificationsReadInput, NotificationsInput, SnoozeNotificationInput
from resolvers.responses import ForbiddenError, connection, payload, user_errors
from resolvers.selection import only_selected, selection_of
from taskbell import bootstrap
from taskbell.api.global_ids import parse_global_id
from taskbell.api.graphql_documents import notification_document
from taskbell.application.ports import NotificationName, TaskName
from taskbell.application.serialization import Document
from taskbell.domain.exceptions import NotFoundError, TaskError
from taskbell.domain.notification import Notification
from taskbell.domain.queries import NotificationQuery
from taskbell.domain.task import Task
from taskbell.domain.timestamps import format_timestamp, parse_timestamp

reads = Router()
writes = Router()

_MAX_UNREAD_COUNT = 100


@reads.resolver(type_name="Query", field_name="notifications")
@only_selected(reads)
def notifications(**arguments: Any) -> Document:
    """Return the caller's notifications; their tasks and the number of unread ones are read only if selected."""
    args = NotificationsArguments.model_validate(arguments)
    caller, selection = current_caller(reads), selection_of(reads)
    seen_until = bootstrap.profiles().get(caller.id).seen_until
    page = bootstrap.notifications().page(NotificationQuery(caller.id), args.limit, args.after)
    with_tasks = selection.of_field("nodes").has("task") or selection.of_field("edges", "node").has("task")
    tasks = tasks_of(page.items) if with_tasks else {}
    response = connection(
        page, args.after, lambda each: notification_document(each, seen_until, tasks.get(each.task_id))
    )
    if selection.has("unreadCount"):
        unread = bootstrap.notifications().count_unread(caller.id, seen_until, _MAX_UNREAD_COUNT)
        response["unreadCount"] = unread
    return response


@reads.resolver(type_name="Subscription", field_name="onNotification")
def on_notification(**arguments: Any) -> None:
    """Authorize a subscription: notifications are the caller's own in queries, too."""
    if arguments.get("ownerId") != current_caller(reads).id:
        raise ForbiddenError("You can follow only your own notifications.")


@writes.resolver(type_name="Mutation", field_name="markNotificationsRead")
@only_selected(writes)
def mark_notifications_read(**arguments: Any) -> Document:
    """Mark the caller's notifications that were sent until a time as read."""
    try:
        args = MarkNotificationsReadInput.model_validate(arguments.get("input"))
        until = min(args.until, bootstrap.now())
        seen_until = bootstrap.profiles().mark_seen(_owner(), until).seen_until
    except (TaskError, ValidationError) as error:
        return {"readUntil": None, "errors": user_errors(error)}
    return {"readUntil": format_timestamp(seen_until) if seen_until else None, "errors": []}


@writes.resolver(type_name="Mutation", field_name="readNotifications")
@only_selected(writes)
def read_notifications(**arguments: Any) -> Document:
    """Mark some of the caller's notifications as read."""
    return _marked(arguments.get("input"), bootstrap.notifications().mark_read)


@writes.resolver(type_name="Mutation", field_name="dismissNotifications")
@only_selected(writes)
def dismiss_notifications(**arguments: Any) -> Document:
    """Dismiss some of the caller's notifications."""
    return _marked(arguments.get("input"), bootstrap.notifications().dismiss)


@writes.resolver(type_name="Mutation", field_name="snoozeNotification")
@only_selected(writes)
def snooze_notification(**arguments: Any) -> Document:
    """Dismiss one of the caller's notifications, and remind of its task again later."""

    def change() -> Task:
        args, owner_id, now = SnoozeNotificationInput.model_validate(arguments.get("input")), _owner(), bootstrap.now()
        name = _name(owner_id, args.id)
        if name is None:
            raise NotFoundError(field=("id",))
        return bootstrap.notification_service().snooze(name, args.until, args.mutation(now))

    return payload(change)


def tasks_of(found: Sequence[Notification]) -> dict[str, Task]:
    """Return the tasks of notifications by their ids, without deleted ones, with one request to the table."""
    names = {TaskName(each.owner_id, each.task_id) for each in found}
    tasks = bootstrap.things().read(names).values() if names else ()
    return {task.id: task for task in tasks if isinstance(task, Task) and not task.deleted}


def _marked(input_: object, mark: Callable[[NotificationName, datetime], Notification | None]) -> Document:
    """Return the payload of a change of each notification, with one request to the table for each."""
    owner_id, selected = _owner(), selection_of(writes).of_field("nodes")
    try:
        names = [_name(owner_id, id_) for id_ in NotificationsInput.model_validate(input_).ids]
        marked = [mark(name, bootstrap.now()) if name else None for name in names]
        found = [each for each in marked if each]
        seen_until = bootstrap.profiles().get(owner_id).seen_until if found and selected.has("read") else None
        tasks = tasks_of(found) if selected.has("task") else {}
    except (TaskError, ValidationError) as error:
        return {"nodes": [], "errors": user_errors(error)}
    missing = [NotFoundError(field=("ids", str(index))) for index, each in enumerate(marked) if each is None]
    return {
        "nodes": [notification_document(each, seen_until, tasks.get(each.task_id)) for each in found],
        "errors": [error for each in missing for error in user_errors(each)],
    }


def _owner() -> str:
    return current_caller(writes).id


def _name(owner_id: str, id_: str) -> NotificationName | None:
    """Return the name of one of the owner's notifications; None if it is no such id, or another owner's."""
    parsed = parse_global_id(id_)
    if parsed is None or parsed.type != "Notification" or parsed.owner_id != owner_id:
        return None
    return NotificationName(owner_id, parsed.task_id, parse_timestamp(parsed.place))
