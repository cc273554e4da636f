"""Reads tasks, entries of their history, notifications and lists by their names, whoever owns them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from taskbell.adapters.aws_errors import translate_transient_errors
from taskbell.adapters.dynamodb.items import Item, task_from_item, task_key
from taskbell.adapters.dynamodb.list_items import list_from_item, list_item_key
from taskbell.adapters.dynamodb.log_items import entry_from_item, entry_key, notification_from_item, notification_key
from taskbell.application.ports import EntryName, ListName, NotificationName, TaskName, Thing, ThingName

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


@dataclass(frozen=True, slots=True)
class DynamoDBThings:
    """Implements `Things`: one request per call, unless DynamoDB leaves keys unprocessed."""

    client: "DynamoDBClient"
    table: str

    @translate_transient_errors()
    def read(self, names: Collection[ThingName]) -> Mapping[ThingName, Thing]:
        """Return those of at most 100 things that are in the table, also deleted ones."""
        keys = {name: _key(name) for name in names}
        by_key = {_place(key): name for name, key in keys.items()}
        pending: Any = {self.table: {"Keys": list(keys.values()), "ConsistentRead": True}} if keys else {}
        found: dict[ThingName, Thing] = {}
        while pending:
            response = self.client.batch_get_item(RequestItems=pending)
            for item in response["Responses"][self.table]:
                name = by_key[_place(item)]
                found[name] = _thing(name, item)
            pending = response["UnprocessedKeys"]
        return found


def _key(name: ThingName) -> Item:
    match name:
        case TaskName():
            return task_key(name.owner_id, name.task_id)
        case EntryName():
            return entry_key(name.owner_id, name.task_id, name.version)
        case NotificationName():
            return notification_key(name.owner_id, name.task_id, name.at)
        case ListName():
            return list_item_key(name.owner_id, name.list_id)


def _thing(name: ThingName, item: Mapping[str, Any]) -> Thing:
    match name:
        case TaskName():
            return task_from_item(item)
        case EntryName():
            return entry_from_item(item)
        case NotificationName():
            return notification_from_item(item)
        case ListName():
            return list_from_item(item)


def _place(item: Mapping[str, Any]) -> tuple[str, str]:
    return item["pk"]["S"], item["sk"]["S"]
