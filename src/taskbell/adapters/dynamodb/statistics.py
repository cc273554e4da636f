"""Stores the counts of owners' tasks: one item for the current counts, and one per day with completions."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from taskbell.adapters.aws_errors import translate_transient_errors
from taskbell.adapters.dynamodb.items import Item, partition, task_key, to_item
from taskbell.application.ports import InvalidItemsError
from taskbell.domain.events import TaskEvent
from taskbell.domain.statistics import Counts, Statistics
from taskbell.domain.task import Progress
from taskbell.domain.timestamps import format_timestamp

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_NOW = "STATS"
_DAY = "STATS#"
_COUNT = "count"
_MAX_TRANSACTION_ITEMS = 100
_INTEGER = re.compile(r"-?\d{1,38}")


@dataclass(frozen=True, slots=True)
class DynamoDBStatisticsRepository:
    """Implements `StatisticsRepository`."""

    client: "DynamoDBClient"
    table: str

    @translate_transient_errors()
    def get(self, owner_id: str) -> Statistics:
        """Return an owner's counts with one query; each day with completions is an item of about 100 bytes.

        Raises InvalidItemsError if a count is no integer.
        """
        response = self.client.query(
            TableName=self.table,
            ConsistentRead=True,
            KeyConditionExpression="pk = :owner AND begins_with(sk, :stats)",
            ExpressionAttributeValues={":owner": {"S": partition(owner_id)}, ":stats": {"S": _NOW}},
        )
        invalid = [item["sk"]["S"] for item in response["Items"] if not _is_valid(item)]
        if invalid:
            raise InvalidItemsError(owner_id, invalid)
        return Statistics({name: count for item in response["Items"] for name, count in _counts_in(item)})

    @translate_transient_errors()
    def add(self, owner_id: str, counts: Counts) -> None:
        """Add to an owner's counts, one transaction per hundred items."""
        updates = count_updates(self.table, owner_id, counts)
        for start in range(0, len(updates), _MAX_TRANSACTION_ITEMS):
            self.client.transact_write_items(TransactItems=updates[start : start + _MAX_TRANSACTION_ITEMS])


def count_updates(table: str, owner_id: str, counts: Counts) -> list[Any]:
    """Return the transaction items that add to an owner's counts."""
    days = {name: change for name, change in counts.items() if _is_day(name)}
    now = {name: change for name, change in counts.items() if not _is_day(name)}
    updates = [_count_update(table, owner_id, f"{_DAY}{day}", {_COUNT: change}) for day, change in days.items()]
    return updates + ([_count_update(table, owner_id, _NOW, now)] if now else [])


def progress_update(table: str, event: TaskEvent, now: datetime | None) -> list[Any]:
    """Return the transaction item that adds to the parent's progress, as its next version; empty if unchanged.

    The parent is updated at `now`, not at the event's time: its updates have an order. Its condition fails if the clock
    of another machine has set it later. With None it keeps its time.
    """
    parent_id = event.task.parent_id
    if parent_id is None or event.progress == Progress():
        return []
    values = {
        ":total": {"N": str(event.progress.total)},
        ":completed": {"N": str(event.progress.completed)},
        ":one": {"N": "1"},
    }
    expression = (
        "SET progress.#total = progress.#total + :total, progress.completed = progress.completed + :completed, "
        "#version = #version + :one"
    )
    condition = "attribute_exists(pk)"
    if now:
        values[":at"] = {"S": format_timestamp(now)}
        expression, condition = f"{expression}, updatedAt = :at", f"{condition} AND updatedAt <= :at"
    update = {
        "TableName": table,
        "Key": task_key(event.task.owner_id, parent_id),
        "UpdateExpression": expression,
        "ConditionExpression": condition,
        "ExpressionAttributeNames": {"#total": "total", "#version": "version"},
        "ExpressionAttributeValues": values,
    }
    return [{"Update": update}]


def _count_update(table: str, owner_id: str, key: str, counts: Counts) -> dict[str, Any]:
    names = {f"#{position}": name for position, name in enumerate(counts)}
    values = {f":{position}": {"N": str(change)} for position, change in enumerate(counts.values())}
    added = ", ".join(f"#{position} :{position}" for position in range(len(counts)))
    return {
        "Update": {
            "TableName": table,
            "Key": to_item({"pk": partition(owner_id), "sk": key}),
            "UpdateExpression": f"ADD {added}",
            "ExpressionAttributeNames": names,
            "ExpressionAttributeValues": values,
        }
    }


def _counts_in(item: Item) -> Iterator[tuple[str, int]]:
    key = item["sk"]["S"]
    for name, value in item.items():
        if "N" in value:
            yield (key.removeprefix(_DAY) if key.startswith(_DAY) else name), int(value["N"])


def _is_valid(item: Item) -> bool:
    return all(_INTEGER.fullmatch(value["N"]) for value in item.values() if "N" in value)


def _is_day(name: str) -> bool:
    return name[:1].isdigit()
