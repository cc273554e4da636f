"""Stores the counts of owners' tasks in shards, so that many changes at a time do not meet in one item.

A task counts in the shard that its id selects. A shard is one item, in a partition of its own: a number for each
status, for what is overdue, and for each day with completions.
"""

import re
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from taskbell.adapters.aws_errors import translate_transient_errors
from taskbell.adapters.dynamodb.items import Item, to_item
from taskbell.application.ports import InvalidItemsError
from taskbell.domain.events import TaskEvent
from taskbell.domain.statistics import Counts, Statistics
from taskbell.domain.task import Progress
from taskbell.domain.timestamps import format_timestamp

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

SHARDS = 16
_MAX_NAMES = 100  # in one update
_INTEGER = re.compile(r"-?\d{1,38}")


@dataclass(frozen=True, slots=True)
class DynamoDBStatisticsRepository:
    """Implements `StatisticsRepository`."""

    client: "DynamoDBClient"
    table: str

    @translate_transient_errors()
    def get(self, owner_id: str, *, consistent: bool = False) -> Statistics:
        """Return an owner's counts with one request for all shards. Raises InvalidItemsError if one is no integer."""
        keys = [_shard_key(owner_id, shard) for shard in range(SHARDS)]
        pending: Any = {self.table: {"Keys": keys, "ConsistentRead": consistent}}
        items: list[Any] = []
        while pending:
            response = self.client.batch_get_item(RequestItems=pending)
            items += response["Responses"][self.table]
            pending = response["UnprocessedKeys"]
        if invalid := [item["pk"]["S"] for item in items if not _is_valid(item)]:
            raise InvalidItemsError(owner_id, invalid)
        counts: Counter[str] = Counter()
        for item in items:
            counts.update({name: int(value["N"]) for name, value in item.items() if "N" in value})
        return Statistics(dict(counts))

    @translate_transient_errors()
    def add(self, owner_id: str, counts: Counts) -> None:
        """Add to the first shard of an owner's counts, one request per hundred counts."""
        changes = list(counts.items())
        for start in range(0, len(changes), _MAX_NAMES):
            self.client.update_item(**_update(self.table, owner_id, 0, dict(changes[start : start + _MAX_NAMES])))


def count_update(table: str, event: TaskEvent) -> list[Any]:
    """Return the transaction item that adds an event's counts to the shard of its task; empty if there are none."""
    if not event.counts:
        return []
    return [{"Update": _update(table, event.task.owner_id, shard_of(event.task.id), event.counts)}]


def shard_of(task_id: str) -> int:
    """Return the shard that a task counts in."""
    return sha256(task_id.encode()).digest()[0] % SHARDS


def progress_update(table: str, key: Item, change: Progress, now: datetime | None) -> dict[str, Any]:
    """Return the transaction item that adds to a parent's progress, as its next version.

    The parent is updated at `now`, not at the event's time: its updates have an order. Its condition fails if the clock
    of another machine has set it later. With None it keeps its time.
    """
    values = {
        ":total": {"N": str(change.total)},
        ":completed": {"N": str(change.completed)},
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
        "Key": key,
        "UpdateExpression": expression,
        "ConditionExpression": condition,
        "ExpressionAttributeNames": {"#total": "total", "#version": "version"},
        "ExpressionAttributeValues": values,
    }
    return {"Update": update}


def _shard_key(owner_id: str, shard: int) -> Item:
    return to_item({"pk": f"STATS#{owner_id}#{shard}", "sk": "STATS"})


def _update(table: str, owner_id: str, shard: int, counts: Counts) -> dict[str, Any]:
    names = {f"#{position}": name for position, name in enumerate(counts)}
    values = {f":{position}": {"N": str(change)} for position, change in enumerate(counts.values())}
    added = ", ".join(f"#{position} :{position}" for position in range(len(counts)))
    return {
        "TableName": table,
        "Key": _shard_key(owner_id, shard),
        "UpdateExpression": f"ADD {added}",
        "ExpressionAttributeNames": names,
        "ExpressionAttributeValues": values,
    }


def _is_valid(item: Item) -> bool:
    return all(_INTEGER.fullmatch(value["N"]) for value in item.values() if "N" in value)
