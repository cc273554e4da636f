"""Tasks, events and notifications as the GraphQL API shows them, in queries and in pushes."""

from taskbell.api.global_ids import event_id, notification_id, task_id
from taskbell.application.serialization import (
    INTERNAL_EVENT_FIELDS,
    INTERNAL_FIELDS,
    Document,
    event_to_dict,
    notification_to_dict,
    task_to_dict,
)
from taskbell.domain.events import TaskEvent
from taskbell.domain.notification import Notification
from taskbell.domain.task import Task


def task_document(task: Task) -> Document:
    """Return a `Task`."""
    ids = {"id": task_id(task.owner_id, task.id)}
    if task.parent_id:
        ids["parentId"] = task_id(task.owner_id, task.parent_id)
    return _public(task_to_dict(task)) | ids


def event_document(event: TaskEvent) -> Document:
    """Return a `TaskEvent`: what has changed, without the task."""
    document = {name: value for name, value in event_to_dict(event).items() if name not in INTERNAL_EVENT_FIELDS}
    place = event.task.owner_id, event.task.id
    return document | {"id": event_id(*place, event.task.version), "taskId": task_id(*place)}


def notification_document(notification: Notification) -> Document:
    """Return a `Notification`, without whether it was read."""
    document, place = _public(notification_to_dict(notification)), (notification.owner_id, notification.task_id)
    return document | {"id": notification_id(*place, document["at"]), "taskId": task_id(*place)}


def push_document(event: TaskEvent, task: Task, cursor: str) -> Document:
    """Return a `TaskEventPayload`.

    Args:
        event: The change.
        task: The task as it is now; it may be newer than the change.
        cursor: The position of the change, from which a client goes on after a gap.
    """
    past = event_document(event)
    filtered = {name: past[name] for name in ("ownerId", "taskId", "type", "status")}
    return {**filtered, "cursor": cursor, "event": past, "task": task_document(task)}


def _public(document: Document) -> Document:
    return {name: value for name, value in document.items() if name not in INTERNAL_FIELDS}
