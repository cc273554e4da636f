"""The counts of owners' tasks: an item for what there is now, and one for each day on which tasks were completed."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from taskbell.adapters.aws_errors import passing_failures
from taskbell.adapters.dynamodb.items import Item, partition, task_key, to_item
from taskbell.domain.events import TaskEvent
from taskbell.domain.statistics import Counts, Statistics
from taskbell.domain.task import Progress
from taskbell.domain.timestamps import format_timestamp

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_NOW = "STATS"
_DAY = "STATS#"
_COUNT = "count"
_MOST_PARTS = 100  # of a transaction


@dataclass(frozen=True, slots=True)
class DynamoDBStatisticsRepository:
    """The port `StatisticsRepository`."""

    client: "DynamoDBClient"
    table: str

    @passing_failures()
    def get(self, owner_id: str) -> Statistics:
        """See the port. One query; an owner has an item for each day of completions, some 100 bytes each."""
        answer = self.client.query(
            TableName=self.table,
            ConsistentRead=True,
            KeyConditionExpression="pk = :owner AND begins_with(sk, :stats)",
            ExpressionAttributeValues={":owner": {"S": partition(owner_id)}, ":stats": {"S": _NOW}},
        )
        return Statistics({name: count for item in answer["Items"] for name, count in _counts_in(item)})

    @passing_failures()
    def add(self, owner_id: str, counts: Counts) -> None:
        """See the port. One call for each hundred items."""
        parts = additions(self.table, owner_id, counts)
        for start in range(0, len(parts), _MOST_PARTS):
            self.client.transact_write_items(TransactItems=parts[start : start + _MOST_PARTS])


def additions(table: str, owner_id: str, counts: Counts) -> list[Any]:
    """The parts of a transaction that add to an owner's counts."""
    days = {name: change for name, change in counts.items() if _is_day(name)}
    now = {name: change for name, change in counts.items() if not _is_day(name)}
    parts = [_addition(table, owner_id, f"{_DAY}{day}", {_COUNT: change}) for day, change in days.items()]
    return parts + ([_addition(table, owner_id, _NOW, now)] if now else [])


def progress_addition(table: str, event: TaskEvent) -> list[Any]:
    """The part of a transaction that adds to the parent's progress, as a new version of the parent; none for others."""
    parent_id = event.task.parent_id
    if parent_id is None or event.progress == Progress():
        return []
    values = {
        ":total": {"N": str(event.progress.total)},
        ":completed": {"N": str(event.progress.completed)},
        ":one": {"N": "1"},
        ":at": {"S": format_timestamp(datetime.now(UTC))},  # not the event's: a parent's versions follow each other
    }
    update = {
        "TableName": table,
        "Key": task_key(event.task.owner_id, parent_id),
        "UpdateExpression": "SET progress.#total = progress.#total + :total, "
        "progress.completed = progress.completed + :completed, #version = #version + :one, updatedAt = :at",
        "ConditionExpression": "attribute_exists(pk)",
        "ExpressionAttributeNames": {"#total": "total", "#version": "version"},
        "ExpressionAttributeValues": values,
    }
    return [{"Update": update}]


def _addition(table: str, owner_id: str, key: str, counts: Counts) -> dict[str, Any]:
    names = {f"#{place}": name for place, name in enumerate(counts)}
    values = {f":{place}": {"N": str(change)} for place, change in enumerate(counts.values())}
    added = ", ".join(f"#{place} :{place}" for place in range(len(counts)))
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


def _is_day(name: str) -> bool:
    return name[:1].isdigit()
