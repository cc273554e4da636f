"""What the pipeline does with ranks, as any repository keeps them."""

from collections.abc import Callable
from typing import Any

import pytest
from fractional_indexing import generate_key_between

from taskbell.adapters.dynamodb.cursors import CursorCodec
from taskbell.adapters.dynamodb.items import task_key
from taskbell.adapters.dynamodb.task_repository import DynamoDBTaskRepository
from taskbell.application.event_handlers import spread_ranks
from taskbell.application.ports import TaskRepository
from taskbell.application.task_changes import create_task
from taskbell.domain.commands import CreateTask
from taskbell.domain.events import event_between
from taskbell.domain.queries import OrderDirection, TaskOrderField, TaskQuery
from taskbell.domain.ranks import LONG_RANK
from taskbell.domain.task import Task
from tests.support.examples import LATER, NOW, clock, example_task


class Died(Exception):
    """The process died."""


class DyingRepository:
    """A repository whose process dies before a write."""

    def __init__(self, store: TaskRepository, writes: int) -> None:
        self._store, self._writes = store, writes

    def __getattr__(self, name: str) -> Callable[..., Any]:
        method: Callable[..., Any] = getattr(self._store, name)
        return method

    def replace(self, *args: Any, **options: Any) -> bool:
        """Store a task, or die."""
        if not self._writes:
            raise Died
        self._writes -= 1
        return self._store.replace(*args, **options)


def by_rank(store: TaskRepository) -> list[str]:
    query = TaskQuery("ada", order_by=TaskOrderField.RANK, direction=OrderDirection.ASC)
    return [task.id for task in store.page(query, 100, None).items]


@pytest.mark.parametrize("writes", [0, 1, 2, 3])
def test_a_spread_that_died_and_is_repeated_keeps_the_order(store: TaskRepository, writes: int) -> None:
    ranks = ["a0"]
    while len(ranks[-1]) <= LONG_RANK:
        ranks.append(generate_key_between(ranks[-1], "a1"))
    for number, rank in enumerate([*ranks[-6:], "a1"]):
        store.add(example_task(id=f"task-{number}", rank=rank))
    dragged = store.get("ada", "task-5")
    assert dragged
    dying: Any = DyingRepository(store, writes)
    with pytest.raises(Died):
        spread_ranks(dragged, dying, LATER)
    expected = [f"task-{number}" for number in range(7)]
    assert by_rank(store) == expected
    spread_ranks(dragged, store, LATER)
    assert by_rank(store) == expected
    assert max(len(rank) for rank, _ in store.ranks(dragged)) <= LONG_RANK


def created(store: TaskRepository, rank: str | None) -> Task:
    return create_task(CreateTask("ada", "A title", rank=rank), store, NOW, f"task of {rank}")


def test_only_a_task_that_was_created_at_a_place_may_need_a_spread(store: TaskRepository) -> None:
    assert event_between(None, created(store, "a1")).is_dragged
    assert not event_between(None, created(store, None)).is_dragged
    assert not event_between(None, example_task(rank="a1", request_digest="")).is_dragged  # made by the pipeline


def test_a_task_that_was_stored_before_there_were_ranks_has_the_first_one(dynamodb: Any) -> None:
    store = DynamoDBTaskRepository(dynamodb, "tasks", CursorCodec(lambda: "secret"), clock)
    for id_, rank in {"old": "a1", "top": "Zz", "last": "a1"}.items():
        store.add(example_task(id=id_, rank=rank))
    names = {"#rank": "rank"}
    dynamodb.update_item(
        TableName="tasks",
        Key=task_key("ada", "old"),
        UpdateExpression="REMOVE #rank",
        ExpressionAttributeNames=names,
    )
    assert by_rank(store) == ["top", "old", "last"]
    assert sorted(store.ranks(example_task())) == [("Zz", "top"), ("a0", "old"), ("a1", "last")]
