"""A search finds a task if and only if a plain reading of all tasks says so, whatever changes between two pages."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.metered_table import MeteredTable, Used
from taskbell.adapters.dynamodb.cursors import CursorCodec
from taskbell.adapters.dynamodb.task_repository import DynamoDBTaskRepository
from taskbell.application.ports import TaskRepository
from taskbell.domain.exceptions import LimitExceededError
from taskbell.domain.queries import OrderDirection, Page, TaskOrderField, TaskQuery
from taskbell.domain.search import fold, search_terms
from taskbell.domain.task import Priority, Task, TaskStatus, soft_deleted
from tests.support.examples import LATER, NOW, clock, example_task
from tests.support.fakes import InMemoryTaskRepository
from tests.support.simulated_aws.dynamodb import SimulatedDynamoDB

SORTED = [TaskOrderField.PRIORITY, TaskOrderField.TITLE, TaskOrderField.UPDATED_AT]
PIECES = [
    "rome",
    "Röm",
    "écr",
    "ECR",
    "e",
    "mail",
    "東京",
    "京",
    "tower",
    "İs",
    "ıs",
    "ß",
    "ss",
    "4",
    "42",
    "👍",
    "ο",
    "ς",
]
SEPARATORS = ["", " ", "-", "'", "_", "\u2010", ", ", "\n", "/"]

texts = st.lists(st.tuples(st.sampled_from(PIECES), st.sampled_from(SEPARATORS)), min_size=1, max_size=6).map(
    lambda parts: "".join(piece + separator for piece, separator in parts)
)


@st.composite
def tasks(draw: st.DrawFn) -> Task:
    """A task, of which a search may find something."""
    task = example_task(
        title=draw(texts),
        description=draw(st.none() | texts),
        labels=draw(st.sampled_from([(), ("Exam",), ("exam", "history")])),
        status=draw(st.sampled_from(TaskStatus)),
        priority=draw(st.sampled_from(Priority)),
        due_at=draw(st.none() | st.just(LATER)),
        parent_id=draw(st.none() | st.just("parent")),
    )
    return soft_deleted(task, NOW, timedelta(days=1)) if draw(st.booleans()) else task


@settings(max_examples=300, deadline=None)
@given(
    st.lists(tasks(), max_size=8),
    texts,
    st.sampled_from([None, (TaskStatus.PENDING,), (TaskStatus.COMPLETED,)]),
    st.sampled_from(TaskOrderField),
    st.booleans(),
)
def test_a_search_finds_what_a_plain_reading_finds(
    made: list[Task], search: str, statuses: tuple[TaskStatus, ...] | None, order_by: TaskOrderField, subtasks: bool
) -> None:
    numbered = [replace(task, id=f"task-{number}") for number, task in enumerate(made)]
    query = TaskQuery(
        "ada", statuses, order_by=order_by, search=search_terms(search), labels_any=None, with_subtasks=subtasks
    )
    expected = {
        task.id
        for task in numbered
        if not task.deleted
        and (statuses is None or task.status in statuses)
        and (subtasks or task.parent_id is None)
        and (order_by is not TaskOrderField.DUE_AT or task.due_at)
        and all(_has(task.title, term) or _has(task.description or "", term) for term in query.search)
    }
    listed = []
    for store in _both():
        for task in numbered:
            store.add(task)
        listed.append([task.id for page in _pages(store, query, 3) for task in page.items])
    assert listed[0] == listed[1]
    assert (set(listed[0]), len(listed[0])) == (expected, len(expected))


@pytest.mark.parametrize("order_by", SORTED)
@pytest.mark.parametrize("direction", list(OrderDirection))
def test_what_does_not_change_is_listed_once_whatever_changes_between_two_pages(
    store: TaskRepository, order_by: TaskOrderField, direction: OrderDirection
) -> None:
    made = [
        example_task(
            id=f"task-{n}", title=f"Chapter {n * 7 % 10}", priority=list(Priority)[n % 4],
            updated_at=NOW + timedelta(seconds=n * 3 % 10),
        )
        for n in range(10)
    ]  # fmt: skip
    for task in made:
        store.add(task)
    query = TaskQuery("ada", order_by=order_by, direction=direction)
    first = store.page(query, 4, None)
    last, other = first.items[-1], next(task for task in made if task not in first.items)
    store.replace(last, soft_deleted(last, LATER, timedelta(days=1)))
    moved = replace(other, title="Z", priority=Priority.LOW, version=2, updated_at=LATER)
    store.replace(other, moved)
    store.add(example_task(id="new", title="Chapter 0", priority=Priority.URGENT))
    seen = [task.id for task in (*first.items, *store.page(query, 20, first.end_cursor).items)]
    unchanged = {task.id for task in made} - {other.id}
    assert unchanged <= set(seen)
    assert len(seen) == len(set(seen))


def test_a_page_of_what_is_rare_ends_early_and_goes_on_at_its_end() -> None:
    table = MeteredTable(clock, page_size=50)
    store = _stored(table)
    for number in range(1_000):
        store.add(example_task(id=f"task-{number:04}", title="Rome" if number in {0, 999} else "Paris"))
    query = TaskQuery("ada", search=("rome",))
    table.used = Used()
    pages = _pages(store, query, 10)
    assert [task.id for page in pages for task in page.items] == ["task-0999", "task-0000"]
    assert [len(page.items) for page in pages] == [1, 0, 1]
    assert table.used.calls == 21 + 2  # the last of 20 full answers does not know that it is the last
    assert all(page.end_cursor for page in pages)


def test_what_fits_a_search_but_not_its_status_is_not_looked_up_without_end() -> None:
    table = MeteredTable(clock, page_size=2_000)
    store = _stored(table)
    for number in range(1_200):
        store.add(example_task(id=f"task-{number:04}", title="Rome"))
    query = TaskQuery("ada", (TaskStatus.COMPLETED,), search=("rome",))
    table.used = Used()
    page = store.page(query, 50, None)
    assert (page.items, page.has_next) == ((), True)
    assert table.used.read_units < 700
    assert [len(page.items) for page in _pages(store, query, 50)][-1] == 0


def test_too_many_tasks_to_be_sorted_are_refused() -> None:
    store = _stored(SimulatedDynamoDB(clock, page_size=10))
    for number in range(41):
        store.add(example_task(id=f"task-{number}"))
    with pytest.raises(LimitExceededError):
        store.page(TaskQuery("ada", order_by=TaskOrderField.TITLE), 10, None)
    assert store.page(TaskQuery("ada"), 10, None).items


def _both() -> tuple[TaskRepository, TaskRepository]:
    return InMemoryTaskRepository(), _stored(SimulatedDynamoDB(clock, page_size=4))


def _stored(client: Any) -> DynamoDBTaskRepository:
    return DynamoDBTaskRepository(client, "tasks", CursorCodec(lambda: "secret"), clock)


def _pages(store: TaskRepository, query: TaskQuery, first: int) -> list[Page[Task]]:
    pages = [store.page(query, first, None)]
    while pages[-1].has_next:
        pages.append(store.page(query, first, pages[-1].end_cursor))
    return pages


def _has(text: str, term: str) -> bool:
    """Whether a term stands at a place of a text where a word begins, read letter by letter."""
    folded = fold(text)
    return any(_begins_at(folded, place) and _stands_at(folded, place, term) for place in range(len(folded)))


def _begins_at(folded: str, place: int) -> bool:
    before = folded[place - 1 : place]
    return not before.isalnum() or before in "東京" or folded[place] in "東京👍"


def _stands_at(folded: str, place: int, term: str) -> bool:
    read = ""
    for char in folded[place:]:
        if char.isalnum() or (char == "👍" and not read):
            read += char
        elif not (char in "-'_\u2010" and read):
            break
        if read == term:
            return True
        if char == "👍":
            break
    return read == term
