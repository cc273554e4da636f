"""Tasks, events and notifications as the GraphQL API shows them, in queries and in pushes."""

from taskbell.application.serialization import (
    INTERNAL_FIELDS,
    Document,
    entry_to_dict,
    notification_to_dict,
    task_to_dict,
)
from taskbell.domain.events import HistoryEntry, TaskEvent
from taskbell.domain.notification import Notification
from taskbell.domain.task import Task


def task_document(task: Task) -> Document:
    """Return a `Task`."""
    return _public(task_to_dict(task))


def event_document(entry: HistoryEntry) -> Document:
    """Return a `TaskEvent`: what has changed, without the task."""
    return entry_to_dict(entry)


def notification_document(notification: Notification) -> Document:
    """Return a `Notification`, without whether it was read."""
    return _public(notification_to_dict(notification))


def push_document(event: TaskEvent, task: Task, cursor: str) -> Document:
    """Return a `TaskEventPayload`.

    Args:
        event: The change.
        task: The task as it is now; it may be newer than the change.
        cursor: Of the owner's changes, from which a client goes on after a gap.
    """
    past = event_document(event.entry)
    filtered = {name: past[name] for name in ("ownerId", "taskId", "type", "status")}
    return {**filtered, "cursor": cursor, "event": past, "task": task_document(task)}


def _public(document: Document) -> Document:
    return {name: value for name, value in document.items() if name not in INTERNAL_FIELDS}
