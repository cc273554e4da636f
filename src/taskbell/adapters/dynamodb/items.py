"""Tasks as items of the table. docs/decisions explains the keys."""

from collections.abc import Mapping
from typing import Any

from boto3.dynamodb.types import TypeDeserializer, TypeSerializer

from taskbell.application.serialization import Document, task_from_dict, task_to_dict
from taskbell.domain.task import Task
from taskbell.domain.timestamps import format_timestamp

Item = dict[str, Any]

TASK_PREFIX = "TASK#"
TRASH_PREFIX = "DELETED#"
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


def list_prefix(list_id: str, *, completed: bool) -> str:
    """Return the prefix of `listKey` for a list's tasks."""
    return f"{list_id}#{due_prefix(completed=completed)}"


def task_item(task: Task) -> Item:
    """Return a task as an item, with the keys of the indexes that list it; of deleted tasks only the trash's."""
    keys = _keys_of_deleted(task) if task.deleted else _list_keys(task)
    return task_key(task.owner_id, task.id) | to_item(task_to_dict(task) | keys)


def task_from_item(item: Mapping[str, Any]) -> Task:
    """Return the task of an item by `task_item`."""
    return task_from_dict(_document(item))


def to_item(document: Document) -> Item:
    """Return a document in DynamoDB's JSON, without values that are None."""
    return {name: _serialize(value) for name, value in document.items() if value is not None}


def _document(item: Mapping[str, Any]) -> Document:
    return {name: _deserialize(value) for name, value in item.items()}


def _keys_of_deleted(task: Task) -> Document:
    if task.purged or task.deleted_at is None:
        return {}
    if task.deleted_with_parent and task.parent_id is not None:
        return {"parentKey": f"{deleted_prefix(task.parent_id)}{task.id}"}
    return {"statusKey": f"{TRASH_PREFIX}{format_timestamp(task.deleted_at)}#{task.id}"}


def _list_keys(task: Task) -> Document:
    keys = {"summaryKey": f"{TASK_PREFIX}{task.id}"}
    if task.due_at:
        keys["timeKey"] = f"{due_prefix(completed=task.completed)}{format_timestamp(task.due_at)}#{task.id}"
    if task.parent_id is not None:
        return {**keys, "parentKey": f"{subtask_prefix(task.parent_id)}{task.id}"}
    if task.list_id is not None:
        keys["listKey"] = f"{list_prefix(task.list_id, completed=task.completed)}{task.id}"
    return keys if task.completed else {**keys, "statusKey": f"{task.status.value}#{task.id}"}
