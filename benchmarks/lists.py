"""What a page of tasks costs, as an owner's tasks grow: calls, items looked through, read units.

Runs against moto's DynamoDB in this process, which counts what a query looks through and cuts it at 1 MB as DynamoDB
does. Read units are worked out from the sizes of the entries (4 KB each, strongly consistent; a fetched task is rounded
up by itself):

    python -m benchmarks.lists [--tasks 10 100 1000 10000]
"""

import argparse
import math
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
from moto import mock_aws

from taskbell.adapters.dynamodb.cursors import CursorCodec
from taskbell.adapters.dynamodb.items import task_item
from taskbell.adapters.dynamodb.task_repository import DynamoDBTaskRepository
from taskbell.domain.queries import TaskOrderField, TaskQuery
from taskbell.domain.task import Priority, Schedule, Task, TaskStatus
from tests.support.table import create_table

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
SUMMARY = ("pk", "sk", "summaryKey", "status", "priority", "labels", "dueAt", "overdue", "titleKey")
OPEN = (TaskStatus.PENDING, TaskStatus.IN_PROGRESS)
QUERIES = {
    "all, newest first": TaskQuery("ada"),
    "by due date": TaskQuery("ada", order_by=TaskOrderField.DUE_AT),
    "one status (half of them)": TaskQuery("ada", (TaskStatus.COMPLETED,)),
    "two statuses": TaskQuery("ada", OPEN),
    "two statuses, by due date": TaskQuery("ada", OPEN, TaskOrderField.DUE_AT),
    "due within a week, by due date": TaskQuery(
        "ada", order_by=TaskOrderField.DUE_AT, due_after=NOW, due_before=NOW + timedelta(days=7)
    ),
    "due within a week, newest first": TaskQuery("ada", due_after=NOW, due_before=NOW + timedelta(days=7)),
    "a priority (1 of 20)": TaskQuery("ada", priority=Priority.URGENT),
    "a label (1 of 50)": TaskQuery("ada", label="exam"),
    "overdue (1 of 25)": TaskQuery("ada", overdue=True),
    "a title prefix (1 of 100)": TaskQuery("ada", title_prefix="write"),
    "a label that nobody has": TaskQuery("ada", label="nobody"),
}


@dataclass
class Meter:
    """A DynamoDB client that counts."""

    client: Any
    summary_bytes: int
    task_bytes: int
    calls: int = 0
    looked_through: int = 0
    units: int = 0
    exceptions: Any = field(init=False)

    def __post_init__(self) -> None:
        self.exceptions = self.client.exceptions

    def query(self, **request: Any) -> Any:
        answer = self.client.query(**request)
        size = self.summary_bytes if request.get("IndexName") == "summaries" else self.task_bytes
        self.calls += 1
        self.looked_through += answer["ScannedCount"]
        self.units += math.ceil(answer["ScannedCount"] * size / 4096)
        return answer

    def batch_get_item(self, **request: Any) -> Any:
        answer = self.client.batch_get_item(**request)
        self.calls += 1
        self.units += sum(len(items) for items in answer["Responses"].values()) * math.ceil(self.task_bytes / 4096)
        return answer


def example(number: int) -> Task:
    """A task as students have them: some hundred characters, half of them completed, most with a due date."""
    made = NOW - timedelta(hours=number)
    return Task(
        id=f"task-{number:06d}",
        owner_id="ada",
        title=f"{'Write' if number % 100 == 0 else 'Read'} chapter {number}",
        description="What the teacher said about it, in a line or two. " * 4,
        created_at=made,
        updated_at=made,
        schedule=Schedule(1, made),
        status=TaskStatus.COMPLETED if number % 2 else OPEN[number // 2 % 2],
        priority=Priority.URGENT if number % 20 == 0 else Priority.NORMAL,
        labels=("exam",) if number % 50 == 0 else ("history",),
        due_at=None if number % 5 == 0 else made + timedelta(days=7),
        overdue=number % 25 == 0,
    )


def measure(count: int) -> Iterator[tuple[str, Meter, int]]:
    """Each list with what its first page of 50 cost, and how many tasks it held."""
    with mock_aws():
        client: Any = boto3.client("dynamodb", "eu-central-1", aws_access_key_id="x", aws_secret_access_key="x")  # noqa: S106
        create_table(client, "tasks")
        items = [task_item(example(number)) for number in range(count)]
        for start in range(0, count, 25):
            puts = [{"PutRequest": {"Item": item}} for item in items[start : start + 25]]
            client.batch_write_item(RequestItems={"tasks": puts})
        summary, whole = (_average(items, names) for names in (SUMMARY, None))
        for name, query in QUERIES.items():
            meter = Meter(client, summary, whole)
            metered: Any = meter
            store = DynamoDBTaskRepository(metered, "tasks", CursorCodec(lambda: "secret"), lambda: NOW)
            yield name, meter, len(store.page(query, 50, None).items)


def _average(items: list[Any], names: tuple[str, ...] | None) -> int:
    sizes = [
        sum(
            len(name) + len(str(next(iter(value.values()))))
            for name, value in item.items()
            if not names or name in names
        )
        for item in items
    ]
    return sum(sizes) // len(sizes)


def main() -> int:
    """Measure and print a table in Markdown."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tasks", type=int, nargs="+", default=[10, 100, 1_000, 10_000])
    counts = parser.parse_args().tasks
    rows: dict[str, list[str]] = {name: [] for name in QUERIES}
    for count in counts:
        for name, meter, held in measure(count):
            rows[name].append(f"{meter.calls} / {meter.looked_through} / {meter.units} ({held})")
    print(f"| list | {' | '.join(f'{count:,} tasks' for count in counts)} |")
    print(f"|---|{'---|' * len(counts)}")
    for name, cells in rows.items():
        print(f"| {name} | {' | '.join(cells)} |")
    return 0


if __name__ == "__main__":
    sys.exit(main())
