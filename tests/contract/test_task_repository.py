"""What every `TaskRepository` does."""

from dataclasses import replace
from datetime import timedelta

import pytest

from taskbell.application.ports import TaskRepository
from taskbell.domain.exceptions import InvalidInputError
from taskbell.domain.ids import new_task_id
from taskbell.domain.queries import OrderDirection, Page, TaskOrderField, TaskQuery
from taskbell.domain.task import (
    Priority,
    Processing,
    ProcessingState,
    Schedule,
    Task,
    TaskStatus,
    soft_deleted,
    with_status,
)
from tests.contract.pages import all_pages
from tests.support.examples import LATER, NOW, example_task

ADA = TaskQuery("ada")


def test_a_stored_task_is_found_with_all_its_fields(store: TaskRepository) -> None:
    task = example_task(
        description="About rivers.\nÜ 🌊",
        status=TaskStatus.COMPLETED,
        priority=Priority.URGENT,
        labels=("history", "term 2"),
        due_at=LATER,
        remind_before=(60, 0),
        overdue=True,
        completed_at=LATER,
        deleted_at=LATER,
        expires_at=LATER,
        version=7,
        edited_version=3,
        processing=Processing(ProcessingState.FAILED, "plan", "no time", NOW, LATER),
        schedule=Schedule(5, NOW, LATER),
    )
    assert store.add(task) is None
    assert store.get("ada", "essay") == task


def test_an_unknown_task_is_not_found(store: TaskRepository) -> None:
    assert store.get("ada", "essay") is None


def test_an_owner_does_not_find_the_task_of_another(store: TaskRepository) -> None:
    store.add(example_task(owner_id="grace"))
    assert store.get("ada", "essay") is None


def test_adding_an_id_again_answers_with_the_stored_task(store: TaskRepository) -> None:
    first, second = example_task(), example_task(title="Another")
    store.add(first)
    assert store.add(second) == first
    assert store.get("ada", "essay") == first


def test_two_owners_can_use_the_same_id(store: TaskRepository) -> None:
    assert store.add(example_task()) is None
    assert store.add(example_task(owner_id="grace")) is None


def test_a_key_stands_for_one_task_of_its_owner(store: TaskRepository) -> None:
    task, other = _keyed(1), _keyed(2)
    assert store.add(task) is None
    assert store.add(other) == task
    assert (store.id_for_key("ada", "homework"), store.get("ada", other.id)) == (task.id, None)
    assert store.add(replace(other, owner_id="grace")) is None
    assert store.id_for_key("grace", "homework") == other.id
    assert store.id_for_key("ada", "another") is None


def test_the_key_of_a_task_that_has_left_the_table_can_be_used_again(store: TaskRepository) -> None:
    task = _keyed(1)
    store.add(task)
    store.release_key(_keyed(2))
    assert store.id_for_key("ada", "homework") == task.id
    for gone in (task, task, example_task()):
        store.release_key(gone)
    assert store.id_for_key("ada", "homework") is None


def test_a_task_is_replaced_by_its_next_version(store: TaskRepository) -> None:
    before = example_task()
    store.add(before)
    after = with_status(before, TaskStatus.IN_PROGRESS, LATER)
    assert store.replace(before, after)
    assert store.get("ada", "essay") == after


def test_a_version_that_is_no_longer_stored_is_not_replaced(store: TaskRepository) -> None:
    before = example_task()
    store.add(before)
    after = with_status(before, TaskStatus.IN_PROGRESS, LATER)
    store.replace(before, after)
    assert not store.replace(before, with_status(before, TaskStatus.COMPLETED, LATER))
    assert store.get("ada", "essay") == after


def test_replacing_again_after_a_lost_answer_succeeds(store: TaskRepository) -> None:
    before = example_task()
    store.add(before)
    after = with_status(before, TaskStatus.IN_PROGRESS, LATER)
    assert store.replace(before, after)
    assert store.replace(before, after)


def test_a_task_that_is_not_stored_is_not_replaced(store: TaskRepository) -> None:
    before = example_task()
    assert not store.replace(before, with_status(before, TaskStatus.COMPLETED, LATER))
    assert store.get("ada", "essay") is None


def _keyed(number: int) -> Task:
    return example_task(id=new_task_id(NOW, number), key="homework")


def test_a_list_is_newest_first_and_pages_join_without_gap(store: TaskRepository) -> None:
    made = _store_tasks(store, 7)
    pages = all_pages(store, ADA, first=3)
    assert [len(page.items) for page in pages] == [3, 3, 1]
    assert [task for page in pages for task in page.items] == made[::-1]


def test_the_last_page_says_that_nothing_follows(store: TaskRepository) -> None:
    _store_tasks(store, 4)
    first = store.page(ADA, 2, None)
    last = store.page(ADA, 2, first.cursors[-1])
    assert (first.has_next, last.has_next) == (True, False)


def test_a_page_can_start_behind_any_task(store: TaskRepository) -> None:
    made = _store_tasks(store, 5)
    page = store.page(ADA, 5, None)
    assert store.page(ADA, 5, page.cursors[1]).items == tuple(made[::-1][2:])


def test_a_page_of_several_statuses_has_a_next_one_if_any_status_has_more(store: TaskRepository) -> None:
    for status in (TaskStatus.PENDING, TaskStatus.IN_PROGRESS):
        store.add(example_task(id=status.value, status=status))
    query = TaskQuery("ada", (TaskStatus.PENDING, TaskStatus.IN_PROGRESS))
    first = store.page(query, 1, None)
    assert first.has_next
    assert not store.page(query, 1, first.cursors[0]).has_next


def test_an_empty_list_has_no_cursor(store: TaskRepository) -> None:
    assert store.page(ADA, 10, None) == Page((), (), has_next=False)


def test_a_list_holds_only_its_owners_tasks(store: TaskRepository) -> None:
    _store_tasks(store, 2)
    store.add(example_task(id="other", owner_id="grace"))
    assert {task.owner_id for task in store.page(ADA, 10, None).items} == {"ada"}


def test_a_deleted_task_is_in_no_list_but_still_found(store: TaskRepository) -> None:
    task = example_task(due_at=LATER)
    store.add(task)
    gone = soft_deleted(task, LATER, timedelta(days=30))
    assert store.replace(task, gone)
    for query in (ADA, TaskQuery("ada", (TaskStatus.PENDING,)), TaskQuery("ada", order_by=TaskOrderField.DUE_AT)):
        assert store.page(query, 10, None).items == ()
    assert store.get("ada", "essay") == gone


def test_a_list_of_one_status_follows_the_status(store: TaskRepository) -> None:
    tasks = _store_tasks(store, 3)
    done = with_status(tasks[1], TaskStatus.COMPLETED, LATER)
    store.replace(tasks[1], done)
    assert store.page(TaskQuery("ada", (TaskStatus.COMPLETED,)), 10, None).items == (done,)
    assert store.page(TaskQuery("ada", (TaskStatus.PENDING,)), 10, None).items == (tasks[2], tasks[0])


@pytest.mark.parametrize("status", [None, TaskStatus.PENDING])
def test_by_due_date_only_tasks_that_have_one_are_listed(store: TaskRepository, status: TaskStatus | None) -> None:
    store.add(example_task(id="never"))
    late = example_task(id="late", due_at=NOW + timedelta(days=2))
    soon = example_task(id="soon", due_at=NOW + timedelta(days=1))
    store.add(late)
    store.add(soon)
    query = TaskQuery("ada", (status,) if status else None, TaskOrderField.DUE_AT, OrderDirection.ASC)
    assert [task for page in all_pages(store, query, first=1) for task in page.items] == [soon, late]


@pytest.mark.parametrize("direction", list(OrderDirection))
def test_both_directions_run_through_the_same_tasks(store: TaskRepository, direction: OrderDirection) -> None:
    made = _store_tasks(store, 4)
    listed = store.page(TaskQuery("ada", direction=direction), 10, None).items
    assert list(listed) == (made if direction is OrderDirection.ASC else made[::-1])


def test_a_changed_cursor_is_refused(store: TaskRepository) -> None:
    _store_tasks(store, 3)
    cursor = store.page(ADA, 1, None).cursors[0]
    for changed in (cursor[:-1], cursor + "A", cursor[::-1], "A" + cursor[1:], "", "!", "é", cursor + "=", "null"):
        with pytest.raises(InvalidInputError):
            store.page(ADA, 1, changed)


def test_a_cursor_of_another_list_is_refused(store: TaskRepository) -> None:
    _store_tasks(store, 3)
    cursor = store.page(ADA, 1, None).cursors[0]
    others = (
        TaskQuery("grace"),
        TaskQuery("ada", (TaskStatus.PENDING,)),
        TaskQuery("ada", direction=OrderDirection.ASC),
    )
    for other in others:
        with pytest.raises(InvalidInputError):
            store.page(other, 1, cursor)


@pytest.mark.parametrize("direction", list(OrderDirection))
def test_a_task_that_changes_its_status_between_two_pages_is_seen_once(
    store: TaskRepository, direction: OrderDirection
) -> None:
    made = _store_tasks(store, 6)
    for task in made[::2]:
        store.replace(task, with_status(task, TaskStatus.IN_PROGRESS, LATER))
    query = TaskQuery("ada", (TaskStatus.PENDING, TaskStatus.IN_PROGRESS), direction=direction)
    page = store.page(query, 3, None)
    last = page.items[-1]
    other = TaskStatus.PENDING if last.status is TaskStatus.IN_PROGRESS else TaskStatus.IN_PROGRESS
    store.replace(last, with_status(last, other, LATER))
    seen = page.items + store.page(query, 10, page.cursors[-1]).items
    ids = [task.id for task in made]
    assert [task.id for task in seen] == (ids if direction is OrderDirection.ASC else ids[::-1])


def _store_tasks(store: TaskRepository, count: int) -> list[Task]:
    tasks = [example_task(id=f"task-{n}", created_at=NOW + timedelta(seconds=n)) for n in range(count)]
    for task in tasks:
        assert store.add(task) is None
    return tasks


def test_tasks_of_one_change_are_stored_together(store: TaskRepository) -> None:
    before, other = example_task(), example_task(id="other")
    store.add(before)
    store.add(other)
    after, another, new = with_status(before, TaskStatus.COMPLETED, LATER), _edited(other), example_task(id="new")
    assert store.replace(before, after, [(other, another), (None, new)])
    assert [store.get("ada", id_) for id_ in ("essay", "other", "new")] == [after, another, new]
    assert store.replace(before, after, [(other, another), (None, new)])  # repeated


@pytest.mark.parametrize("hindrance", ["essay", "other", "new"])
def test_none_is_stored_if_one_cannot_be(store: TaskRepository, hindrance: str) -> None:
    before, other, new = example_task(), example_task(id="other"), example_task(id="new")
    store.add(before)
    store.add(other)
    in_the_way = {"essay": _edited(before), "other": _edited(other), "new": new}[hindrance]
    store.replace({"essay": before, "other": other}[hindrance], in_the_way) if hindrance != "new" else store.add(new)
    after = with_status(before, TaskStatus.COMPLETED, LATER)
    changes = [(other, replace(_edited(other), title="Lost")), (None, replace(new, title="Lost"))]
    assert not store.replace(before, after, changes)
    kept = {"essay": before, "other": other, "new": None} | {hindrance: in_the_way}
    assert {id_: store.get("ada", id_) for id_ in kept} == kept


def _edited(task: Task) -> Task:
    return replace(task, title="Another", version=task.version + 1)
