"""What the list of every `TaskRepository` holds, by any criteria and in any order."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from moto import mock_aws

from taskbell.adapters.dynamodb.cursors import CursorCodec
from taskbell.adapters.dynamodb.task_repository import DynamoDBTaskRepository
from taskbell.application.ports import TaskRepository
from taskbell.domain.queries import OrderDirection, Page, TaskOrderField, TaskQuery
from taskbell.domain.task import Priority, Task, TaskStatus
from tests.contract.conftest import IMPLEMENTATIONS
from tests.contract.pages import all_pages
from tests.support.aws import empty_table
from tests.support.examples import LATER, NOW, clock, example_task
from tests.support.fakes import InMemoryTaskRepository
from tests.support.simulated_aws.dynamodb import SimulatedDynamoDB


def _various(number: int) -> Task:
    status = list(TaskStatus)[number % 3]
    due_at = None if number % 6 == 0 else NOW + timedelta(minutes=number - 12)
    open_and_past = status is not TaskStatus.COMPLETED and due_at is not None and due_at < NOW
    return example_task(
        id=f"task-{number:02d}",
        title=f"{'Write' if number % 2 else 'réad'} {number}",
        description="For the exam." if number % 3 == 0 else None,
        parent_id="task-00" if number % 7 == 1 else None,
        created_at=NOW + timedelta(seconds=number // 2),
        updated_at=NOW + timedelta(seconds=number * 7 % 24),
        status=status,
        priority=Priority.HIGH if number % 4 == 0 else Priority.NORMAL,
        labels=("Exam", "history")[: number % 4],
        due_at=due_at,
        overdue=open_and_past and number != 4,
        rank=f"a{number * 5 % 24 // 3 + 1}",
    )


TASKS = [_various(number) for number in range(24)]


@pytest.fixture(scope="module", params=IMPLEMENTATIONS)
def store(request: pytest.FixtureRequest) -> Iterator[TaskRepository]:
    """A repository with the tasks, which are stored once: nothing here changes them."""
    with mock_aws():
        store = _empty(request.param)
        for task in TASKS:
            assert store.add(task) is None
        yield store


def _empty(implementation: str) -> TaskRepository:
    if implementation == "in memory":
        return InMemoryTaskRepository()
    client: Any = empty_table() if implementation == "dynamodb" else SimulatedDynamoDB(clock)
    return DynamoDBTaskRepository(client, "tasks", CursorCodec(lambda: "secret"), clock)


ORDERS: dict[TaskOrderField, Callable[[Task], Any]] = {
    TaskOrderField.CREATED_AT: lambda task: task.created_at,
    TaskOrderField.DUE_AT: lambda task: task.due_at,
    TaskOrderField.UPDATED_AT: lambda task: task.updated_at,
    TaskOrderField.PRIORITY: lambda task: list(Priority).index(task.priority),
    TaskOrderField.TITLE: lambda task: (task.title.split()[0].casefold().replace("é", "e"), int(task.title.split()[1])),
    TaskOrderField.RANK: lambda task: task.rank,
}
CRITERIA: list[dict[str, Any]] = [
    {"statuses": (TaskStatus.PENDING, TaskStatus.COMPLETED)},
    {"statuses": tuple(TaskStatus)},
    {"priority": Priority.HIGH},
    {"labels_any": ("exam",)},
    {"labels_any": ("exam", "history")},
    {"labels_all": ("exam", "history")},
    {"labels_any": ()},
    {"has_due_date": True},
    {"has_due_date": False},
    {"statuses": (TaskStatus.IN_PROGRESS,), "has_due_date": False},
    {"search": ("wri",)},
    {"search": ("rea", "exam"), "with_subtasks": True},
    {"search": ("rea",), "statuses": (TaskStatus.PENDING,), "with_subtasks": True},
    {"with_subtasks": True},
    {"statuses": (TaskStatus.PENDING,), "due_after": LATER, "with_subtasks": True},
    {"overdue": True},
    {"overdue": False},
    {"due_after": LATER},
    {"due_before": LATER},
    {"due_after": NOW, "due_before": LATER},
    {"statuses": (TaskStatus.PENDING,), "priority": Priority.HIGH},
    {"statuses": (TaskStatus.PENDING,), "due_after": LATER},
    {"labels_any": ("exam",), "priority": Priority.HIGH, "overdue": False},
    {"labels_any": ("nobody has this",)},
]


@pytest.mark.parametrize("order_by", list(TaskOrderField))
@pytest.mark.parametrize("direction", list(OrderDirection))
@pytest.mark.parametrize("criteria", CRITERIA, ids=str)
def test_a_list_holds_what_its_criteria_say_and_no_page_is_empty_while_more_follows(
    store: TaskRepository, criteria: dict[str, Any], order_by: TaskOrderField, direction: OrderDirection
) -> None:
    query = TaskQuery("ada", order_by=order_by, direction=direction, **criteria)
    pages = all_pages(store, query, first=2)
    assert all(page.items for page in pages[:-1])
    listed = [task for page in pages for task in page.items]
    assert set(listed) == {task for task in TASKS if query.matches(task)}
    keys = [ORDERS[order_by](task) for task in listed]
    assert keys == sorted(keys, reverse=direction is OrderDirection.DESC)


@pytest.mark.parametrize("order_by", list(TaskOrderField))
@pytest.mark.parametrize(
    "criteria",
    [{"statuses": ()}, {"due_after": LATER, "due_before": NOW}, {"due_after": LATER, "due_before": LATER}],
    ids=str,
)
def test_a_list_that_nothing_can_be_in_is_empty(
    store: TaskRepository, criteria: dict[str, Any], order_by: TaskOrderField
) -> None:
    query = TaskQuery("ada", order_by=order_by, **criteria)
    assert store.page(query, 10, None) == Page((), (), has_next=False)
    assert not any(query.matches(task) for task in TASKS)


def test_of_no_status_there_are_no_subtasks_either(store: TaskRepository) -> None:
    assert store.page(TaskQuery("ada", parent_id="task-00"), 10, None).items
    assert store.page(TaskQuery("ada", (), parent_id="task-00"), 10, None).items == ()
