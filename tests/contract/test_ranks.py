"""The order that a person drags: lists by rank, and spreading ranks."""

from datetime import timedelta

import pytest
from fractional_indexing import generate_key_between

from taskbell.application.event_handlers import spread_ranks
from taskbell.application.ports import TaskName, TaskRepository
from taskbell.application.task_changes import create_task, update_task
from taskbell.domain.commands import CreateTask, SetTaskStatus, UpdateTask
from taskbell.domain.events import event_between
from taskbell.domain.queries import OrderDirection, TaskOrderField, TaskQuery
from taskbell.domain.ranks import LONG_RANK
from taskbell.domain.task import Task, TaskStatus, soft_deleted, with_status
from tests.support.changes import set_task_status
from tests.support.examples import LATER, NOW, at, example_task

ASC = OrderDirection.ASC
OPEN = (TaskStatus.PENDING, TaskStatus.IN_PROGRESS)
RANKS = {"c": "a0", "a": "a1", "d": "a1V", "b": "a2"}


@pytest.fixture
def tasks(store: TaskRepository) -> TaskRepository:
    for id_, rank in RANKS.items():
        store.add(example_task(id=id_, rank=rank))
    store.add(soft_deleted(example_task(id="gone", rank="a0V"), NOW, timedelta(days=30)))
    return store


def by_rank(store: TaskRepository, **criteria: object) -> list[str]:
    query = TaskQuery("ada", order_by=TaskOrderField.RANK, direction=ASC, **criteria)  # type: ignore[arg-type]
    pages = [store.page(query, 3, None)]
    while pages[-1].has_next:
        pages.append(store.page(query, 3, pages[-1].end_cursor))
    return [task.id for page in pages for task in page.items]


def drag(store: TaskRepository, id_: str, rank: str) -> Task:
    return update_task(UpdateTask("ada", id_, {"rank": rank}), store, at(LATER))


def test_tasks_are_listed_in_the_order_of_their_ranks(tasks: TaskRepository) -> None:
    assert by_rank(tasks) == ["c", "a", "d", "b"]
    drag(tasks, "b", "Zz")
    assert by_rank(tasks) == ["b", "c", "a", "d"]
    assert by_rank(tasks, statuses=(TaskStatus.PENDING,)) == ["b", "c", "a", "d"]
    task = tasks.get("ada", "a")
    assert task
    tasks.replace(task, with_status(task, TaskStatus.IN_PROGRESS, LATER))
    assert by_rank(tasks, statuses=(TaskStatus.PENDING,)) == ["b", "c", "d"]
    assert by_rank(tasks, statuses=OPEN) == ["b", "c", "a", "d"]
    assert by_rank(tasks, statuses=(TaskStatus.COMPLETED,)) == []


def test_subtasks_are_listed_in_any_order(store: TaskRepository) -> None:
    store.add(example_task(id="parent"))
    for id_, rank in RANKS.items():
        store.add(example_task(id=id_, rank=rank, parent_id="parent", title=f"{rank} of {id_}"))
    assert by_rank(store, parent_id="parent") == ["c", "a", "d", "b"]
    (found,) = store.subtasks_of([TaskName("ada", "parent")], 10).values()
    assert [task.id for task in found] == ["c", "a", "d", "b"]
    for field in TaskOrderField:
        query = TaskQuery("ada", order_by=field, parent_id="parent", direction=ASC)
        expected = [] if field is TaskOrderField.DUE_AT else {"a", "b", "c", "d"}
        assert {task.id for task in store.page(query, 10, None).items} == set(expected)


def test_a_new_task_comes_last_unless_it_has_a_rank(store: TaskRepository) -> None:
    for minutes, id_ in enumerate(("first", "second")):
        create_task(CreateTask("ada", id_), store, NOW + timedelta(minutes=minutes), id_)
    first = store.get("ada", "first")
    assert first
    create_task(CreateTask("ada", "top", rank=generate_key_between(None, first.rank)), store, LATER, "top")
    assert by_rank(store) == ["top", "first", "second"]


def test_a_drag_between_columns_is_one_change(tasks: TaskRepository) -> None:
    task = set_task_status(SetTaskStatus("ada", "b", TaskStatus.IN_PROGRESS, rank="Zz"), tasks, at(LATER))
    assert (task.status, task.rank, task.version) == (TaskStatus.IN_PROGRESS, "Zz", 2)
    task = set_task_status(SetTaskStatus("ada", "b", TaskStatus.IN_PROGRESS, rank="Zy"), tasks, at(LATER))
    assert (task.rank, task.version, task.edited_version) == ("Zy", 3, 3)
    assert set_task_status(SetTaskStatus("ada", "b", TaskStatus.IN_PROGRESS, rank="Zy"), tasks, at(LATER)) == task


def test_the_event_of_a_drag_says_so_and_that_of_the_pipelines_spreading_does_not(tasks: TaskRepository) -> None:
    before = tasks.get("ada", "b")
    assert before
    event = event_between(before, drag(tasks, "b", "a1"))
    assert [(each.field, each.before, each.after) for each in event.changes] == [("rank", "a2", "a1")]
    assert event.is_dragged
    seen = {id_: tasks.get("ada", id_) for id_ in RANKS}
    spread_ranks(event.task, tasks, LATER)
    assert by_rank(tasks) == ["c", "a", "b", "d"]
    assert len({rank for rank, _ in tasks.ranks(event.task)}) == 4
    pairs = [(seen[id_], tasks.get("ada", id_)) for id_ in RANKS]
    spread = [(old, new) for old, new in pairs if new and new != old]
    assert spread
    assert not any(event_between(old, new).is_dragged for old, new in spread)


def test_long_ranks_become_short_again_and_the_order_stays(tasks: TaskRepository) -> None:
    low, high = "a0", "a1"
    dragged = tasks.get("ada", "b")
    for _ in range(LONG_RANK * 6):
        high = generate_key_between(low, high)
    assert len(high) > LONG_RANK
    dragged = drag(tasks, "b", high)
    for _ in range(2):
        spread_ranks(dragged, tasks, LATER)
    assert by_rank(tasks) == ["c", "b", "a", "d"]
    assert max(len(rank) for rank, _ in tasks.ranks(dragged)) <= LONG_RANK


def test_a_subtask_is_spread_among_its_siblings(store: TaskRepository) -> None:
    store.add(example_task(id="other", rank="a0"))
    for id_ in ("first", "second"):
        store.add(example_task(id=id_, rank="a0", parent_id="parent"))
    task = store.get("ada", "second")
    assert task
    assert sorted(store.ranks(task)) == [("a0", "first"), ("a0", "second")]
    spread_ranks(task, store, LATER)
    assert by_rank(store, parent_id="parent") == ["first", "second"]
    other = store.get("ada", "other")
    assert other
    assert other.version == 1
