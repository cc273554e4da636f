"""Tasks, events and notifications as items of the table. Source of the keys: docs/decisions and infrastructure/."""

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
from taskbell.domain.lifecycle import Notification
from taskbell.domain.queries import fold_case
from taskbell.domain.task import Task
from taskbell.domain.timestamps import format_timestamp

Item = dict[str, Any]

TASK_PREFIX = "TASK#"
SUMMARY_KEY = "summaryKey"

_serialize = TypeSerializer().serialize
_deserialize = TypeDeserializer().deserialize


def task_key(owner_id: str, task_id: str) -> Item:
    """The primary key of a task."""
    return to_item({"pk": partition(owner_id), "sk": f"{TASK_PREFIX}{task_id}"})


def partition(owner_id: str) -> str:
    """Everything of one owner shares a partition, so that nobody's query can reach another's tasks."""
    return f"OWNER#{owner_id}"


def subtask_prefix(parent_id: str) -> str:
    """How the keys by creation of a task's subtasks begin."""
    return f"SUBTASK#{parent_id}#"


def deleted_prefix(parent_id: str) -> str:
    """How the keys by creation of the subtasks begin that were deleted with a task."""
    return f"DELETED#{parent_id}#"


def task_item(task: Task) -> Item:
    """A task with the keys of the lists that it is in; a deleted task is in none that anybody is shown."""
    keys = _keys_of_deleted(task) if task.deleted else _list_keys(task)
    return task_key(task.owner_id, task.id) | to_item(task_to_dict(task) | keys)


def task_of_item(item: Mapping[str, Any]) -> Task:
    """The task that `task_item` wrote."""
    return task_from_dict(_document(item))


def event_item(event: TaskEvent) -> Item:
    """An event as history keeps it. The version is padded, so that a task's events sort as they happened."""
    task, version = event.task, f"{event.task.version:010d}"
    keys = {
        "pk": partition(task.owner_id),
        "sk": f"{event_prefix(task.id)}{version}",
        "createdKey": f"EVENT#{format_timestamp(event.at)}#{task.id}#{version}",
    }
    return to_item(event_to_dict(event) | keys)


def removal_item(event: TaskEvent, expires_at: datetime) -> Item:
    """Marks that a task's leaving the table was counted; it holds nothing else of the task."""
    task = event.task
    key = f"GONE#{task.id}#{format_timestamp(task.created_at)}"
    return to_item({"pk": partition(task.owner_id), "sk": key, "expiresAt": int(expires_at.timestamp())})


def event_of_item(item: Mapping[str, Any]) -> TaskEvent:
    """The event that `event_item` wrote."""
    return event_from_dict(_document(item))


def event_prefix(task_id: str) -> str:
    """How the sort keys of a task's events begin."""
    return f"EVENT#{task_id}#"


def notification_item(notification: Notification) -> Item:
    """A notification; its key lets a task have one for each instant."""
    sent_at = format_timestamp(notification.sent_at)
    keys = {
        "pk": partition(notification.owner_id),
        "sk": f"NOTE#{format_timestamp(notification.at)}#{notification.task_id}",
        "createdKey": f"NOTE#{sent_at}#{notification.task_id}",
    }
    return to_item(notification_to_dict(notification) | keys)


def notification_of_item(item: Mapping[str, Any]) -> Notification:
    """The notification that `notification_item` wrote."""
    return notification_from_dict(_document(item))


def to_item(document: Document) -> Item:
    """A document in DynamoDB's own notation; what is None is left out."""
    return {name: _serialize(value) for name, value in document.items() if value is not None}


def _document(item: Mapping[str, Any]) -> Document:
    return {name: _deserialize(value) for name, value in item.items()}


def _keys_of_deleted(task: Task) -> Document:
    if not task.deleted_with_parent or task.parent_id is None:
        return {}
    return {"createdKey": f"{deleted_prefix(task.parent_id)}{format_timestamp(task.created_at)}#{task.id}"}


def _list_keys(task: Task) -> Document:
    created = f"{format_timestamp(task.created_at)}#{task.id}"
    if task.parent_id is not None:
        return {"createdKey": f"{subtask_prefix(task.parent_id)}{created}", "titleKey": fold_case(task.title)}
    keys = {
        "createdKey": f"{TASK_PREFIX}{created}",
        "statusKey": f"{task.status.value}#{created}",
        SUMMARY_KEY: f"{TASK_PREFIX}{created}",
        "titleKey": fold_case(task.title),
    }
    if task.due_at:
        due = f"{format_timestamp(task.due_at)}#{task.id}"
        keys |= {"dueKey": f"{TASK_PREFIX}{due}", "statusDueKey": f"{task.status.value}#{due}"}
    return keys
