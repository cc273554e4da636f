"""What a page of tasks costs, as an owner's tasks grow: calls, entries looked through, read units.

Runs the real adapter over a table in memory that counts units as DynamoDB bills them:

    python -m benchmarks.lists [--tasks 10 100 1000 10000]
"""

import argparse
import sys
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from benchmarks.metered_table import MeteredTable, Used
from taskbell.adapters.dynamodb.cursors import CursorCodec
from taskbell.adapters.dynamodb.items import task_item
from taskbell.adapters.dynamodb.task_repository import DynamoDBTaskRepository
from taskbell.domain.ids import new_task_id
from taskbell.domain.queries import OrderDirection, TaskOrderField, TaskQuery
from taskbell.domain.task import Priority, Schedule, Task, TaskStatus
from tests.support.examples import NOW, clock

OPEN = (TaskStatus.PENDING, TaskStatus.IN_PROGRESS)
_WEEK = timedelta(days=7)
_TODAY: Any = {"due_after": NOW, "due_before": NOW + timedelta(days=1), "with_subtasks": True}
_UPCOMING: Any = {"due_after": NOW + timedelta(days=1), "due_before": NOW + _WEEK, "with_subtasks": True}
QUERIES = {
    "all, newest first": TaskQuery("ada"),
    "by due date": TaskQuery("ada", order_by=TaskOrderField.DUE_AT),
    "one status (in progress)": TaskQuery("ada", (TaskStatus.IN_PROGRESS,)),
    "completed": TaskQuery("ada", (TaskStatus.COMPLETED,)),
    "two statuses": TaskQuery("ada", OPEN),
    "two statuses, by due date": TaskQuery("ada", OPEN, TaskOrderField.DUE_AT, OrderDirection.ASC),
    "due within a week, by due date": TaskQuery(
        "ada", order_by=TaskOrderField.DUE_AT, due_after=NOW, due_before=NOW + _WEEK
    ),
    "due within a week, newest first": TaskQuery("ada", due_after=NOW, due_before=NOW + _WEEK),
    "due at any time, newest first": TaskQuery("ada", due_before=NOW + 99 * _WEEK),
    "due today": TaskQuery("ada", None, TaskOrderField.DUE_AT, OrderDirection.ASC, **_TODAY),
    "upcoming for a week, open ones": TaskQuery("ada", OPEN, TaskOrderField.DUE_AT, OrderDirection.ASC, **_UPCOMING),
    "a priority (1 of 20)": TaskQuery("ada", priority=Priority.URGENT),
    "a label (1 of 50)": TaskQuery("ada", labels_any=("exam",)),
    "overdue (1 of 25)": TaskQuery("ada", overdue=True),
    "a word of the title (1 of 100)": TaskQuery("ada", search=("write",), with_subtasks=True),
    "a word of the description (all)": TaskQuery("ada", search=("teach",), with_subtasks=True),
    "a word that no task has": TaskQuery("ada", search=("nothing",), with_subtasks=True),
    "open ones by priority": TaskQuery("ada", OPEN, TaskOrderField.PRIORITY),
    "open ones by last change": TaskQuery("ada", OPEN, TaskOrderField.UPDATED_AT),
    "all by title": TaskQuery("ada", order_by=TaskOrderField.TITLE),
    "open ones without a due date (1 of 5)": TaskQuery("ada", OPEN, has_due_date=False),
    "a label that no task has": TaskQuery("ada", labels_any=("nobody",)),
}


def example(number: int) -> Task:
    """A task as students have them: some hundred characters, one each hour, most with a due date a week later.

    The tasks of the last week are open, and one of 25 of those before; the others are completed.
    """
    made = NOW - timedelta(hours=number)
    due_at = None if number % 5 == 0 else made + _WEEK
    is_open = number < 168 or number % 25 == 1
    return Task(
        id=new_task_id(made, number),
        owner_id="ada",
        title=f"{'Write' if number % 100 == 0 else 'Read'} chapter {number}",
        description="What the teacher said about it, in a line or two. " * 4,
        created_at=made,
        updated_at=made,
        schedule=Schedule(1, made),
        status=OPEN[number // 2 % 2] if is_open else TaskStatus.COMPLETED,
        priority=Priority.URGENT if number % 20 == 0 else Priority.NORMAL,
        labels=("exam",) if number % 50 == 0 else ("history",),
        due_at=due_at,
        overdue=bool(is_open and due_at and due_at < NOW),
    )


def measure(count: int) -> Iterator[tuple[str, Used, int]]:
    """Each list with what its first page of 50 used, and how many tasks it held."""
    table = MeteredTable(clock, page_size=1 << 40)
    for number in range(count):
        table.put_item(TableName="tasks", Item=task_item(example(number)))
    client: Any = table
    store = DynamoDBTaskRepository(client, "tasks", CursorCodec(lambda: "secret"), clock)
    for name, query in QUERIES.items():
        table.used = Used()
        yield name, table.used, len(store.page(query, 50, None).items)


def main() -> int:
    """Measure and print a table in Markdown."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tasks", type=int, nargs="+", default=[10, 100, 1_000, 10_000])
    counts = parser.parse_args().tasks
    rows: dict[str, list[str]] = {name: [] for name in QUERIES}
    for count in counts:
        for name, used, held in measure(count):
            rows[name].append(f"{used.calls} / {used.entries_read} / {used.read_units:g} ({held})")
    print(f"| list | {' | '.join(f'{count:,} tasks' for count in counts)} |")
    print(f"|---|{'---|' * len(counts)}")
    for name, cells in rows.items():
        print(f"| {name} | {' | '.join(cells)} |")
    return 0


if __name__ == "__main__":
    sys.exit(main())
