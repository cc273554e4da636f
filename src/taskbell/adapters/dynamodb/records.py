"""Reads stored tasks for operators."""

from base64 import b64encode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from boto3.dynamodb.types import Binary, TypeDeserializer

from taskbell.adapters.dynamodb.items import TASK_PREFIX, Item, partition, task_from_item, task_key, to_item
from taskbell.adapters.dynamodb.log_items import entry_from_item, events_of, log_partition
from taskbell.adapters.dynamodb.task_keys import TaskKeys
from taskbell.application.ports import InvalidItemsError
from taskbell.application.serialization import Document, entry_to_dict, task_to_dict
from taskbell.domain.ids import parse_task_id
from taskbell.domain.task import Task

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_deserialize = TypeDeserializer().deserialize


@dataclass(frozen=True, slots=True)
class DynamoDBTaskRecords:
    """Implements `TaskRecords` with strong consistency: a request per task, or per megabyte of a list."""

    client: "DynamoDBClient"
    table: str

    def id_of(self, owner_id: str, reference: str) -> str:
        """Return the id of a task that is named by its id or by its key; the reference if there is no such key."""
        return parse_task_id(reference) or TaskKeys(self.client, self.table).id_for(owner_id, reference) or reference

    def task(self, owner_id: str, task_id: str) -> Document | None:
        """Return a task as a document; as it is stored if it is invalid; None if there is none."""
        response = self.client.get_item(TableName=self.table, Key=task_key(owner_id, task_id), ConsistentRead=True)
        item = response.get("Item")
        if item is None:
            return None
        try:
            return task_to_dict(task_from_item(item))
        except (KeyError, ValueError):
            return _document(item)

    def events(self, owner_id: str, task_id: str) -> Iterator[Document]:
        """Yield the task's events as clients see them, in their order; as they are stored if they are invalid."""
        for item in self._items(log_partition(owner_id), events_of(task_id)):
            try:
                yield entry_to_dict(entry_from_item(item))
            except (KeyError, ValueError):
                yield _document(item)

    def tasks_of(self, owner_id: str) -> Iterator[Task]:
        """Yield all tasks of an owner, with deleted ones and subtasks. Raises InvalidItemsError after the last one."""
        invalid = []
        for item in self._items(partition(owner_id), TASK_PREFIX):
            try:
                task = task_from_item(item)
            except (KeyError, ValueError):
                invalid.append(item["sk"]["S"])
            else:
                yield task
        if invalid:
            raise InvalidItemsError(owner_id, invalid)

    def _items(self, partition_key: str, prefix: str) -> Iterator[Item]:
        pages = self.client.get_paginator("query").paginate(
            TableName=self.table,
            ConsistentRead=True,
            KeyConditionExpression="pk = :owner AND begins_with(sk, :prefix)",
            ExpressionAttributeValues=to_item({":owner": partition_key, ":prefix": prefix}),
        )
        return (item for page in pages for item in page["Items"])


def _document(item: Mapping[str, Any]) -> Document:
    document: Document = _plain({name: _deserialize(value) for name, value in item.items()})
    return document


def _plain(value: Any) -> Any:
    """Return the value with numbers and binaries (as Base64) that JSON can encode."""
    match value:
        case Binary():
            return b64encode(value.value).decode()  # type: ignore[attr-defined]
        case Decimal():
            return int(value) if value == value.to_integral_value() else float(value)
        case dict():
            return {name: _plain(part) for name, part in value.items()}
        case list() | tuple() | set():
            return [_plain(part) for part in value]
    return value
