"""Tasks, events and notifications as the GraphQL API shows them, in queries and in pushes."""

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
    return _public(task_to_dict(task))


def event_document(event: TaskEvent) -> Document:
    """Return a `TaskEvent`: what has changed, without the task."""
    document = event_to_dict(event)
    return {name: value for name, value in document.items() if name not in INTERNAL_EVENT_FIELDS}


def notification_document(notification: Notification) -> Document:
    """Return a `Notification`, without whether it was read."""
    return _public(notification_to_dict(notification))


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
