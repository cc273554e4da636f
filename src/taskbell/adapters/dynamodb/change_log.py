"""Reads an owner's log in the order of time, and what it is about."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from taskbell.adapters.aws_errors import translate_transient_errors
from taskbell.adapters.dynamodb.cursors import CursorCodec
from taskbell.adapters.dynamodb.items import TASK_PREFIX, Item, partition, task_from_item, task_key, to_item
from taskbell.adapters.dynamodb.list_items import LIST_PREFIX, list_from_item
from taskbell.adapters.dynamodb.log_items import (
    EVENT_PREFIX,
    LOG_INDEX,
    LOG_KEY,
    MAX_PLACE,
    NOTE_PREFIX,
    entry_from_item,
    log_partition,
    notification_from_item,
    notification_key,
    reminded_at_of,
)
from taskbell.application.ports import LogRecord
from taskbell.domain.events import HistoryEntry
from taskbell.domain.notification import Notification
from taskbell.domain.queries import ChangesQuery
from taskbell.domain.task import Task
from taskbell.domain.task_list import TaskList

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class DynamoDBChangeLog:
    """Implements `ChangeLog`: one request per call, unless DynamoDB leaves keys of `tasks` unprocessed."""

    client: "DynamoDBClient"
    table: str

    @translate_transient_errors()
    def records(self, owner_id: str, after: str, limit: int) -> tuple[Sequence[LogRecord], bool]:
        """Return items of the log after a place, in their order, and whether there are more."""
        found, last = self._query(log_partition(owner_id), LOG_KEY, (f"{after}!", MAX_PLACE), limit, LOG_INDEX)
        return [_record(item) for item in found], last is not None

    @translate_transient_errors()
    def newest(self, owner_id: str, records: Sequence[LogRecord]) -> tuple[Mapping[str, Task], Sequence[Notification]]:
        """Return the tasks and notifications that records are about, with one request."""
        keys = {record.task_id: task_key(owner_id, record.task_id) for record in records}
        for record in records:
            if record.notification_id and record.reminded_at:
                keys[record.notification_id] = notification_key(owner_id, record.task_id, record.reminded_at)
        pending: Any = {self.table: {"Keys": list(keys.values()), "ConsistentRead": True}}
        items: list[Any] = []
        while pending:
            response = self.client.batch_get_item(RequestItems=pending)
            items += response["Responses"][self.table]
            pending = response["UnprocessedKeys"]
        tasks = [task_from_item(item) for item in items if item["sk"]["S"].startswith(TASK_PREFIX)]
        notes = [notification_from_item(item) for item in items if item["sk"]["S"].startswith(NOTE_PREFIX)]
        return {task.id: task for task in tasks}, notes

    @translate_transient_errors()
    def all_tasks(self, owner_id: str, after: str, limit: int) -> tuple[Sequence[Task], str | None]:
        """Return a page of all tasks."""
        return self._all(partition(owner_id), TASK_PREFIX, after, limit, task_from_item)

    @translate_transient_errors()
    def all_lists(self, owner_id: str, after: str, limit: int) -> tuple[Sequence[TaskList], str | None]:
        """Return a page of all lists."""
        return self._all(log_partition(owner_id), LIST_PREFIX, after, limit, list_from_item)

    @translate_transient_errors()
    def all_notifications(self, owner_id: str, after: str, limit: int) -> tuple[Sequence[Notification], str | None]:
        """Return a page of all notifications."""
        return self._all(log_partition(owner_id), NOTE_PREFIX, after, limit, notification_from_item)

    @translate_transient_errors()
    def all_entries(self, owner_id: str, after: str, limit: int) -> tuple[Sequence[HistoryEntry], str | None]:
        """Return a page of the whole history."""
        return self._all(log_partition(owner_id), EVENT_PREFIX, after, limit, entry_from_item)

    def _all(
        self, partition_key: str, prefix: str, after: str, limit: int, item_from: Callable[[Mapping[str, Any]], T]
    ) -> tuple[list[T], str | None]:
        keys = (f"{after}!" if after else prefix, f"{prefix}{MAX_PLACE}")
        found, last = self._query(partition_key, "sk", keys, limit)
        return [item_from(item) for item in found], last["sk"]["S"] if last else None

    def _query(
        self, partition_key: str, key: str, keys: tuple[str, str], limit: int, index: str | None = None
    ) -> tuple[list[Any], Item | None]:
        response = self.client.query(
            TableName=self.table,
            ConsistentRead=True,
            KeyConditionExpression=f"pk = :owner AND {key} BETWEEN :first AND :last",
            ExpressionAttributeValues=to_item({":owner": partition_key, ":first": keys[0], ":last": keys[1]}),
            Limit=limit,
            **({"IndexName": index} if index else {}),  # type: ignore[arg-type]
        )
        return response["Items"], response.get("LastEvaluatedKey")


@dataclass(frozen=True, slots=True)
class SignedPositions:
    """Implements `PositionCursors`."""

    cursors: CursorCodec

    def encode(self, owner_id: str, position: list[str]) -> str:
        """Return the cursor of a position."""
        return self.cursors.encode(ChangesQuery(owner_id), position)

    def decode(self, owner_id: str, cursor: str) -> list[str]:
        """Return the position of a cursor."""
        return self.cursors.decode(ChangesQuery(owner_id), cursor, "since")


def _record(item: Mapping[str, Any]) -> LogRecord:
    """Return what an item of the log tells: an event, a tombstone, a list, or a notification that has changed."""
    place, sort_key = item[LOG_KEY]["S"], item["sk"]["S"]
    if sort_key.startswith(NOTE_PREFIX):
        note = notification_from_item(item)
        return LogRecord(place, note.task_id, note.version, notification=note)
    if sort_key.startswith(LIST_PREFIX):
        task_list = list_from_item(item)
        return LogRecord(place, "", task_list.version, task_list=task_list)
    _, task_id, *version = sort_key.split("#")
    version_number = int(version[0] if version else item["version"]["N"])
    return LogRecord(place, task_id, version_number, reminded_at_of(item))
