"""Tasks, events and notifications as items of the table. docs/decisions explains the keys."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from boto3.dynamodb.types import TypeDeserializer, TypeSerializer

from taskbell.application.serialization import (
    Document,
    event_from_dict,
    event_to_dict,
    notification_from_dict,
    notification_to_dict,
    task_from_dict,
    task_to_dict,
)
from taskbell.domain.events import TaskEvent
from taskbell.domain.notification import Notification
from taskbell.domain.queries import fold_case
from taskbell.domain.task import Task
from taskbell.domain.timestamps import format_timestamp

Item = dict[str, Any]

TASK_PREFIX = "TASK#"
_serialize = TypeSerializer().serialize
_deserialize = TypeDeserializer().deserialize


def task_key(owner_id: str, task_id: str) -> Item:
    """Return the primary key of a task."""
    return to_item({"pk": partition(owner_id), "sk": f"{TASK_PREFIX}{task_id}"})


def partition(owner_id: str) -> str:
    """Return the partition key of an owner: no query can reach another owner's items."""
    return f"OWNER#{owner_id}"


def due_prefix(*, completed: bool) -> str:
    """Return the prefix of `timeKey` for tasks with a due date."""
    return "DONE#" if completed else "OPEN#"


def subtask_prefix(parent_id: str) -> str:
    """Return the prefix of `parentKey` for a task's subtasks."""
    return f"{parent_id}#"


def deleted_prefix(parent_id: str) -> str:
    """Return the prefix of `parentKey` for subtasks that were deleted with a task."""
    return f"DELETED#{parent_id}#"


def task_item(task: Task) -> Item:
    """Return a task as an item, with the keys of the indexes that list it; no list has deleted tasks."""
    keys = _keys_of_deleted(task) if task.deleted else _list_keys(task)
    return task_key(task.owner_id, task.id) | to_item(task_to_dict(task) | keys)


def task_from_item(item: Mapping[str, Any]) -> Task:
    """Return the task of an item by `task_item`."""
    return task_from_dict(_document(item))


def event_item(event: TaskEvent) -> Item:
    """Return an event as an item. The version is zero-padded, so that a task's events sort in order."""
    task, version = event.task, f"{event.task.version:010d}"
    keys = {
        "pk": partition(task.owner_id),
        "sk": f"{events_of(task)}{version}",
        "createdKey": f"EVENT#{format_timestamp(event.at)}#{task.id}#{version}",
    }
    return to_item(event_to_dict(event) | keys)


def tombstone_key(task: Task) -> Item:
    """Return the primary key of a task's tombstone."""
    return to_item({"pk": partition(task.owner_id), "sk": f"GONE#{task.id}#{format_timestamp(task.created_at)}"})


def tombstone_item(task: Task, expires_at: datetime) -> Item:
    """Return an item which records that a task has left the table and the counts; it has no other data."""
    return tombstone_key(task) | to_item({"expiresAt": int(expires_at.timestamp())})


def event_from_item(item: Mapping[str, Any]) -> TaskEvent:
    """Return the event of an item by `event_item`."""
    return event_from_dict(_document(item))


def event_prefix(task_id: str) -> str:
    """Return the prefix of the sort keys of the events of all tasks that have had that id."""
    return f"EVENT#{task_id}#"


def events_of(task: Task) -> str:
    """Return the prefix of the sort keys of a task's events."""
    return f"{event_prefix(task.id)}{format_timestamp(task.created_at)}#"


def notification_item(notification: Notification) -> Item:
    """Return a notification as an item; its key allows one per task and time."""
    sent_at = format_timestamp(notification.sent_at)
    keys = {
        "pk": partition(notification.owner_id),
        "sk": f"NOTE#{format_timestamp(notification.at)}#{notification.task_id}",
        "createdKey": f"NOTE#{sent_at}#{notification.task_id}",
    }
    return to_item(notification_to_dict(notification) | keys)


def notification_from_item(item: Mapping[str, Any]) -> Notification:
    """Return the notification of an item by `notification_item`."""
    return notification_from_dict(_document(item))


def to_item(document: Document) -> Item:
    """Return a document in DynamoDB's JSON, without values that are None."""
    return {name: _serialize(value) for name, value in document.items() if value is not None}


def _document(item: Mapping[str, Any]) -> Document:
    return {name: _deserialize(value) for name, value in item.items()}


def _keys_of_deleted(task: Task) -> Document:
    if not task.deleted_with_parent or task.parent_id is None:
        return {}
    return {"parentKey": f"{deleted_prefix(task.parent_id)}{task.id}"}


def _list_keys(task: Task) -> Document:
    if task.parent_id is not None:
        return {"parentKey": f"{subtask_prefix(task.parent_id)}{task.id}"}
    keys = {"summaryKey": f"{TASK_PREFIX}{task.id}", "titleKey": fold_case(task.title)}
    if not task.completed:
        keys["statusKey"] = f"{task.status.value}#{task.id}"
    if task.due_at:
        keys["timeKey"] = f"{due_prefix(completed=task.completed)}{format_timestamp(task.due_at)}#{task.id}"
    return keys
