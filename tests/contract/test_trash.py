"""The trash, and deleting for good, in the task repository and in the event store."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from taskbell.application.event_handlers import delete_subtasks, purge_subtasks, settle_below_parent
from taskbell.application.ports import ProfileRepository, TaskRepository
from taskbell.application.task_changes import create_task, delete_task, restore_task, update_task
from taskbell.application.trash import MAX_EMPTIED, Emptied, empty_trash, purge_task
from taskbell.domain.commands import CreateTask, DeleteTask, PurgeTask, RestoreTask, UpdateTask
from taskbell.domain.events import event_from_change
from taskbell.domain.exceptions import ConflictError, InvalidInputError, NotFoundError
from taskbell.domain.queries import TaskQuery
from taskbell.domain.receipts import ClientMutation
from taskbell.domain.task import Task, soft_deleted
from taskbell.domain.trash import TrashQuery, purged
from tests.support.examples import LATER, NOW, at, example_task

MONTH = timedelta(days=30)
MINUTE = timedelta(minutes=1)
EMPTIED = ClientMutation("empty", LATER)


def deleted_task(store: TaskRepository, id_: str, after: timedelta = timedelta(), **fields: Any) -> Task:
    task = soft_deleted(example_task(id=id_, **fields), NOW + after, MONTH)
    store.add(task)
    return task


def trash_of(store: TaskRepository) -> list[str]:
    return [task.id for task in store.page(TrashQuery("ada", LATER), 100, None).items]


def test_the_trash_has_deleted_tasks_the_last_deleted_first(store: TaskRepository) -> None:
    for number in (2, 0, 1):
        deleted_task(store, f"essay-{number}", number * MINUTE)
    store.add(example_task(id="live"))
    store.add(soft_deleted(example_task(owner_id="grace", id="hers"), NOW, MONTH))
    assert trash_of(store) == ["essay-2", "essay-1", "essay-0"]
    assert [task.id for task in store.trash(TrashQuery("ada", LATER), 2)] == ["essay-2", "essay-1"]


def test_the_trash_goes_on_after_a_cursor_also_when_the_task_of_the_cursor_was_restored(store: TaskRepository) -> None:
    for number in range(3):
        deleted_task(store, f"essay-{number}", number * MINUTE)
    query = TrashQuery("ada", LATER)
    first = store.page(query, 1, None)
    restore_task(RestoreTask("ada", "essay-2"), store, at(LATER))
    second = store.page(TrashQuery("ada", LATER + MINUTE), 1, first.cursors[0])
    assert [task.id for task in (*first.items, *second.items)] == ["essay-2", "essay-1"]
    assert (first.has_next, second.has_next) == (True, True)
    with pytest.raises(InvalidInputError):
        store.page(TaskQuery("ada"), 1, first.cursors[0])


def test_what_can_no_longer_be_restored_is_not_in_the_trash(store: TaskRepository) -> None:
    gone = soft_deleted(example_task(id="gone"), NOW, timedelta(minutes=5))
    store.add(gone)
    store.add(replace(gone, id="just", expires_at=LATER + timedelta(seconds=1)))
    assert trash_of(store) == ["just"]


def test_a_subtask_that_was_deleted_with_its_parent_is_not_in_the_trash(store: TaskRepository) -> None:
    deleted_task(store, "alone", parent_id="live")
    parent = deleted_task(store, "parent", MINUTE)
    store.add(soft_deleted(example_task(id="with-parent", parent_id="parent"), NOW, MONTH, with_parent=True))
    assert trash_of(store) == ["parent", "alone"]
    assert [task.id for task in store.deleted_with(parent)] == ["with-parent"]


def test_nothing_that_the_owner_wrote_is_left_of_a_task_that_was_deleted_for_good(store: TaskRepository) -> None:
    create_task(
        CreateTask("ada", "Secret", key="secret", description="Secret", labels=("secret",), due_at=LATER),
        store, NOW, "essay",
    )  # fmt: skip
    with pytest.raises(InvalidInputError) as refused:
        purge_task(PurgeTask("ada", "essay"), store, at(LATER))
    assert refused.value.field == ("id",)
    delete_task(DeleteTask("ada", "essay"), store, at(LATER), MONTH)
    left = purge_task(PurgeTask("ada", "essay"), store, at(LATER))
    assert store.get("ada", "essay") == left
    assert "ecret" not in str(left)
    assert (left.due_at, left.version, left.edited_version, left.purged) == (None, 3, 3, True)
    assert trash_of(store) == []
    for query in (TaskQuery("ada"), TaskQuery("ada", search=("secret",)), TaskQuery("ada", with_subtasks=True)):
        assert store.page(query, 10, None).items == ()


def test_what_was_deleted_for_good_cannot_be_changed_and_its_id_is_not_used_again(store: TaskRepository) -> None:
    deleted_task(store, "essay")
    purge_task(PurgeTask("ada", "essay"), store, at(LATER))
    changes: list[Callable[[], Task]] = [
        lambda: restore_task(RestoreTask("ada", "essay"), store, at(LATER)),
        lambda: purge_task(PurgeTask("ada", "essay"), store, at(LATER)),
        lambda: update_task(UpdateTask("ada", "essay", {"title": "x"}), store, at(LATER)),
    ]
    for change in changes:
        with pytest.raises(NotFoundError):
            change()
    with pytest.raises(ConflictError):
        create_task(CreateTask("ada", "Another"), store, LATER, "essay")


def test_deleting_for_good_can_be_repeated_and_heeds_the_expected_version(store: TaskRepository) -> None:
    deleted = deleted_task(store, "essay")
    with pytest.raises(ConflictError):
        purge_task(PurgeTask("ada", "essay", expected_version=deleted.version - 1), store, at(LATER))
    command = PurgeTask("ada", "essay", deleted.version, ClientMutation("once", LATER))
    assert purge_task(command, store, at(LATER)) == purge_task(command, store, at(LATER))


def test_the_event_of_deleting_for_good_has_no_content_but_the_key_that_it_releases(store: TaskRepository) -> None:
    before = soft_deleted(example_task(title="Secret", key="a-key"), NOW, MONTH)
    event = event_from_change(before, purged(before, LATER), LATER)
    assert event
    assert (event.is_hard_delete, event.is_published, event.task.key, event.changes) == (True, False, "a-key", ())
    assert event.task.version == before.version + 1
    assert event_from_change(purged(before, LATER), replace(purged(before, LATER), version=9), LATER) is None
    left = event_from_change(purged(before, LATER), None, LATER)
    assert left
    assert left.is_hard_delete


def test_subtasks_go_with_their_parent_and_those_that_were_deleted_alone_stay(store: TaskRepository) -> None:
    parent = deleted_task(store, "parent")
    deleted_task(store, "alone", parent_id="parent")
    store.add(soft_deleted(example_task(id="with-parent", parent_id="parent"), NOW, MONTH, with_parent=True))
    left = purge_task(PurgeTask("ada", "parent"), store, at(LATER))
    event = event_from_change(parent, left, LATER)
    assert event
    assert event.cascades_purge
    for _ in range(2):
        purge_subtasks(left, store, LATER)
    assert [store.get("ada", id_).purged for id_ in ("with-parent", "alone")] == [True, False]  # type: ignore[union-attr]
    restored = restore_task(RestoreTask("ada", "alone"), store, at(LATER))
    assert (restored.parent_id, restored.deleted) == (None, False)
    assert restored in store.page(TaskQuery("ada"), 10, None).items


@pytest.mark.parametrize(
    ("reaction", "of"), [(delete_subtasks, "parent"), (purge_subtasks, "left"), (settle_below_parent, "child")]
)
def test_a_subtask_that_came_while_its_parent_was_deleted_for_good_goes_with_it(
    store: TaskRepository, reaction: Callable[[Task, TaskRepository, datetime], None], of: str
) -> None:
    tasks = {"parent": deleted_task(store, "parent"), "child": example_task(id="child", parent_id="parent")}
    store.add(tasks["child"])
    tasks["left"] = purge_task(PurgeTask("ada", "parent"), store, at(LATER))
    for _ in range(2):
        reaction(tasks[of], store, LATER)
    left = store.get("ada", "child")
    assert left
    assert left.purged


def test_emptying_the_trash_deletes_all_that_is_in_it_for_good(
    store: TaskRepository, profiles: ProfileRepository
) -> None:
    for number in range(3):
        deleted_task(store, f"essay-{number}", number * MINUTE)
    store.add(example_task(id="live"))
    assert empty_trash("ada", store, profiles, at(LATER), EMPTIED) == Emptied(
        ("essay-2", "essay-1", "essay-0"), has_more=False
    )
    deleted_task(store, "later", 4 * MINUTE)
    assert empty_trash("ada", store, profiles, at(LATER), EMPTIED) == Emptied((), has_more=False)
    assert trash_of(store) == ["later"]
    assert empty_trash("ada", store, profiles, at(LATER), None).ids == ("later",)


def test_a_full_trash_is_emptied_by_repeating_the_change(store: TaskRepository, profiles: ProfileRepository) -> None:
    for number in range(MAX_EMPTIED + 1):
        deleted_task(store, f"essay-{number:03}", number * timedelta(milliseconds=1))
    first = empty_trash("ada", store, profiles, at(LATER), EMPTIED)
    assert (len(first.ids), first.has_more) == (MAX_EMPTIED, True)
    assert empty_trash("ada", store, profiles, at(LATER), EMPTIED) == Emptied(("essay-000",), has_more=False)
