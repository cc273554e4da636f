"""Lists of tasks as items of an owner's log. A deleted one stays a while, so that whoever catches up is told."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from boto3.dynamodb.types import TypeDeserializer

from taskbell.adapters.dynamodb.items import Item, to_item
from taskbell.adapters.dynamodb.log_items import LOG_KEY, log_partition, milliseconds
from taskbell.application.list_documents import list_from_dict, list_to_dict
from taskbell.domain.task_list import TaskList

LIST_PREFIX = "LIST#"
_deserialize = TypeDeserializer().deserialize


def list_item_key(owner_id: str, list_id: str) -> Item:
    """Return the primary key of a list."""
    return to_item({"pk": log_partition(owner_id), "sk": f"{LIST_PREFIX}{list_id}"})


def list_item(task_list: TaskList, stored_at: datetime) -> Item:
    """Return a list as an item; its place in the log is that of this change."""
    place = f"{milliseconds(stored_at):013d}#L{task_list.id}#{task_list.version}"
    return list_item_key(task_list.owner_id, task_list.id) | to_item(list_to_dict(task_list) | {LOG_KEY: place})


def list_from_item(item: Mapping[str, Any]) -> TaskList:
    """Return the list of an item by `list_item`."""
    return list_from_dict({name: _deserialize(value) for name, value in item.items()})
