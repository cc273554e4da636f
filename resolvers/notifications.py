"""Resolvers of the caller's notifications."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

from aws_lambda_powertools.event_handler.graphql_appsync.router import Router
from pydantic import ValidationError

from resolvers.arguments import NotificationsArguments
from resolvers.dispatch import current_caller
from resolvers.inputs import MarkNotificationsReadInput, NotificationsInput, SnoozeNotificationInput
from resolvers.references import tasks_of
from resolvers.responses import ForbiddenError, connection, payload, user_errors
from resolvers.selection import only_selected, selection_of
from resolvers.undo import undo_token
from taskbell import bootstrap
from taskbell.api.global_ids import parse_global_id
from taskbell.api.graphql_documents import notification_document
from taskbell.api.undo_tokens import Step
from taskbell.application.notification_changes import undo_steps
from taskbell.application.ports import NotificationName
from taskbell.application.serialization import Document
from taskbell.application.undo import RecordedChanges
from taskbell.domain.exceptions import NotFoundError, TaskError
from taskbell.domain.notification import Notification, NotificationChange
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
    return _marked(arguments.get("input"), bootstrap.notifications().mark_read, NotificationChange.READ)


@writes.resolver(type_name="Mutation", field_name="dismissNotifications")
@only_selected(writes)
def dismiss_notifications(**arguments: Any) -> Document:
    """Dismiss some of the caller's notifications."""
    return _marked(arguments.get("input"), bootstrap.notifications().dismiss, NotificationChange.DISMISSED)


@writes.resolver(type_name="Mutation", field_name="snoozeNotification")
@only_selected(writes)
def snooze_notification(**arguments: Any) -> Document:
    """Dismiss one of the caller's notifications, and remind of its task again later."""
    service, now = bootstrap.notification_service(), bootstrap.now()
    store, recorded = RecordedChanges.of(service.tasks)
    dismissed: list[Notification] = []

    def change() -> Task:
        args, owner_id = SnoozeNotificationInput.model_validate(arguments.get("input")), _owner()
        name = _name(owner_id, args.id)
        if name is None:
            raise NotFoundError(field=("id",))
        snoozed = replace(service, tasks=store).snooze(name, args.until, args.mutation(now), now)
        dismissed.extend([snoozed.notification] if snoozed.notification else [])
        return snoozed.task

    answer = payload(change)
    if not selection_of(writes).has("undo"):
        return answer
    steps: list[Step] = [*undo_steps(dismissed, NotificationChange.DISMISSED, now), *recorded.steps]
    return answer | {"undo": undo_token(writes, steps)}


def _marked(
    input_: object, mark: Callable[[NotificationName, datetime], Notification | None], change: NotificationChange
) -> Document:
    """Return the payload of a change of each notification, with one request to the table for each."""
    owner_id, now, selected = _owner(), bootstrap.now(), selection_of(writes).of_field("nodes")
    try:
        names = [_name(owner_id, id_) for id_ in NotificationsInput.model_validate(input_).ids]
        marked = [mark(name, now) if name else None for name in names]
        found = [each for each in marked if each]
        seen_until = bootstrap.profiles().get(owner_id).seen_until if found and selected.has("read") else None
        tasks = tasks_of(found) if selected.has("task") else {}
    except (TaskError, ValidationError) as error:
        return {"nodes": [], "undo": None, "errors": user_errors(error)}
    undo = undo_token(writes, undo_steps(found, change, now)) if selection_of(writes).has("undo") else None
    missing = [NotFoundError(field=("ids", str(index))) for index, each in enumerate(marked) if each is None]
    return {
        "nodes": [notification_document(each, seen_until, tasks.get(each.task_id)) for each in found],
        "undo": undo,
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
