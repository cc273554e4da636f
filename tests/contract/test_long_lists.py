"""Lists that are read with several queries, since few of many tasks fit them, hold the same as short ones."""

from itertools import product
from typing import Any

import pytest

from benchmarks.lists import QUERIES, example
from taskbell.adapters.dynamodb.cursors import CursorCodec
from taskbell.adapters.dynamodb.task_repository import DynamoDBTaskRepository
from taskbell.domain.queries import OrderDirection, TaskQuery
from taskbell.domain.task import Task
from tests.support.examples import clock
from tests.support.fakes import InMemoryTaskRepository
from tests.support.simulated_aws.dynamodb import SimulatedDynamoDB

CURSORS = CursorCodec(lambda: "secret")


@pytest.fixture(scope="module")
def tasks() -> list[Task]:
    return [example(number) for number in range(1_500)]


@pytest.fixture(scope="module")
def stored(tasks: list[Task]) -> DynamoDBTaskRepository:
    client: Any = SimulatedDynamoDB(clock, page_size=700)
    repository = DynamoDBTaskRepository(client, "tasks", CURSORS, clock)
    for task in tasks:
        repository.add(task)
    return repository


@pytest.fixture(scope="module")
def in_memory(tasks: list[Task]) -> InMemoryTaskRepository:
    return InMemoryTaskRepository({("ada", task.id): task for task in tasks})


@pytest.mark.parametrize(("name", "direction"), [*product(QUERIES, OrderDirection)])
def test_all_pages_hold_what_fits_in_its_order(
    stored: DynamoDBTaskRepository, in_memory: InMemoryTaskRepository, name: str, direction: OrderDirection
) -> None:
    query = TaskQuery(**{**_fields(QUERIES[name]), "direction": direction})
    expected = in_memory.page(query, 2_000, None).items
    after: str | None = None
    found: list[Task] = []
    while True:
        page = stored.page(query, 60, after)
        found += page.items
        if not page.has_next:
            break
        after = page.cursors[-1]
    assert [task.id for task in found] == [task.id for task in expected]


def _fields(query: TaskQuery) -> dict[str, Any]:
    return {name: getattr(query, name) for name in TaskQuery.__dataclass_fields__}
