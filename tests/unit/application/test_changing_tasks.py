"""How a user's change changes a task."""

from dataclasses import replace
from datetime import timedelta

import pytest

from taskbell.application.ports import TaskRepository
from taskbell.application.task_changes import (
    create_task,
    delete_task,
    find_task,
    resolve_id,
    restore_task,
    update_task,
)
from taskbell.domain.commands import CreateTask, DeleteTask, RestoreTask, SetTaskStatus, UpdateTask
from taskbell.domain.exceptions import ConflictError, InvalidInputError, NotFoundError, UnavailableError
from taskbell.domain.ids import new_task_id
from taskbell.domain.lifecycle import accepted, finished, waiting
from taskbell.domain.recurrence import Frequency, Recurrence
from taskbell.domain.task import Priority, ProcessingState, Task, TaskStatus
from tests.support.changes import set_task_status
from tests.support.examples import LATER, NOW, at, example_task
from tests.support.fakes import InMemoryTaskRepository

CREATE = CreateTask("ada", "Write the essay", key="homework")
MONTH = timedelta(days=30)


@pytest.fixture
def store() -> InMemoryTaskRepository:
    return InMemoryTaskRepository()


@pytest.fixture
def task(store: InMemoryTaskRepository) -> Task:
    return create_task(CREATE, store, NOW, "essay")


def test_a_new_task_is_pending_and_queued(store: InMemoryTaskRepository) -> None:
    task = create_task(CreateTask("ada", "Write the essay"), store, NOW, "made-up-id")
    assert (task.id, task.status, task.version) == ("made-up-id", TaskStatus.PENDING, 1)
    assert task.processing.state is ProcessingState.QUEUED
    assert store.get("ada", "made-up-id") == task


def test_repeating_a_creation_answers_with_the_first_task(store: InMemoryTaskRepository, task: Task) -> None:
    assert create_task(CREATE, store, LATER, "unused") == task


def test_repeating_a_creation_after_an_edit_answers_with_the_edited_task(
    store: InMemoryTaskRepository, task: Task
) -> None:
    edited = update_task(UpdateTask("ada", "essay", {"title": "Better"}), store, at(LATER))
    assert create_task(CREATE, store, LATER, "unused") == edited


def test_a_creation_that_says_what_the_task_is_answers_with_it(store: InMemoryTaskRepository, task: Task) -> None:
    spelled_out = replace(CREATE, time_zone=task.time_zone, remind_before=task.remind_before)
    assert create_task(spelled_out, store, LATER, "unused") == task


def test_a_key_that_stands_for_another_task_is_refused(store: InMemoryTaskRepository, task: Task) -> None:
    with pytest.raises(ConflictError) as refusal:
        create_task(CreateTask("ada", "Another", key="homework"), store, LATER, "unused")
    assert refusal.value.task == task
    assert store.get("ada", "essay") == task


def test_the_key_of_a_deleted_task_is_refused_without_showing_it(store: InMemoryTaskRepository, task: Task) -> None:
    delete_task(DeleteTask("ada", "essay"), store, at(LATER), MONTH)
    with pytest.raises(ConflictError) as refusal:
        create_task(CREATE, store, LATER, "unused")
    assert refusal.value.task is None


def test_a_task_whose_key_is_a_uuid_of_version_7_has_it_as_its_id(store: InMemoryTaskRepository) -> None:
    id_ = new_task_id(NOW - timedelta(days=29), 1)
    task = create_task(replace(CREATE, key=id_.upper()), store, NOW, "unused")
    assert (task.id, task.key) == (id_, None)
    assert create_task(replace(CREATE, key=id_), store, LATER, "unused") == task
    assert resolve_id(store, "ada", id_.upper()) == id_


def test_a_uuid_of_version_7_that_was_made_too_long_ago_is_no_key(store: InMemoryTaskRepository) -> None:
    command = replace(CREATE, key=new_task_id(NOW - timedelta(days=2), 1))
    with pytest.raises(InvalidInputError) as refused:
        create_task(command, store, NOW, "unused", retention=timedelta(days=1))
    assert refused.value.field == ("key",)


def test_a_task_is_named_by_its_id_or_by_its_key(store: InMemoryTaskRepository) -> None:
    task = create_task(CREATE, store, NOW, new_task_id(NOW, 1))
    assert resolve_id(store, "ada", task.id) == resolve_id(store, "ada", "homework") == task.id
    for owner_id, nothing in (("ada", "another"), ("grace", "homework")):
        assert store.get(owner_id, resolve_id(store, owner_id, nothing)) is None


def test_an_update_changes_what_is_named_and_nothing_else(store: InMemoryTaskRepository, task: Task) -> None:
    changed = update_task(UpdateTask("ada", "essay", {"priority": Priority.HIGH, "labels": ("a",)}), store, at(LATER))
    assert (changed.priority, changed.labels, changed.title) == (Priority.HIGH, ("a",), task.title)
    assert (changed.version, changed.updated_at) == (2, LATER)


def test_a_change_that_changes_nothing_succeeds_without_a_new_version(
    store: InMemoryTaskRepository, task: Task
) -> None:
    assert update_task(UpdateTask("ada", "essay", {"title": task.title}), store, at(LATER)) == task
    assert set_task_status(SetTaskStatus("ada", "essay", TaskStatus.PENDING), store, at(LATER)) == task


@pytest.mark.parametrize("status", list(TaskStatus))
@pytest.mark.parametrize("next_status", list(TaskStatus))
def test_any_status_can_follow_any_other(
    store: InMemoryTaskRepository, task: Task, status: TaskStatus, next_status: TaskStatus
) -> None:
    set_task_status(SetTaskStatus("ada", "essay", status), store, at(LATER))
    changed = set_task_status(SetTaskStatus("ada", "essay", next_status), store, at(LATER))
    assert changed.status is next_status
    assert (changed.completed_at is not None) == (next_status is TaskStatus.COMPLETED)


def test_a_version_that_nobody_edited_since_is_good_although_the_pipeline_went_on(
    store: InMemoryTaskRepository, task: Task
) -> None:
    running = accepted(task, LATER)
    store.replace(task, running)
    store.replace(running, finished(running, LATER))
    changed = set_task_status(
        SetTaskStatus("ada", "essay", TaskStatus.IN_PROGRESS, expected_version=1), store, at(LATER)
    )
    assert changed.version == 4


@pytest.mark.parametrize("expected_version", [1, 3])
def test_a_version_that_is_out_of_date_or_never_was_is_refused(
    store: InMemoryTaskRepository, task: Task, expected_version: int
) -> None:
    edited = update_task(UpdateTask("ada", "essay", {"title": "Better"}), store, at(LATER))
    with pytest.raises(ConflictError) as refusal:
        update_task(UpdateTask("ada", "essay", {"title": "Worse"}, expected_version), store, at(LATER))
    assert refusal.value.task == edited
    assert store.get("ada", "essay") == edited


def test_a_deleted_task_is_gone_for_its_owner_and_kept_for_a_month(store: InMemoryTaskRepository, task: Task) -> None:
    deleted = delete_task(DeleteTask("ada", "essay"), store, at(LATER), MONTH)
    assert (deleted.deleted_at, deleted.expires_at) == (LATER, LATER + MONTH)
    assert find_task(store, "ada", "essay") is None


@pytest.mark.parametrize(
    "change",
    [
        lambda store: update_task(UpdateTask("ada", "essay", {"title": "x"}), store, at(LATER)),
        lambda store: set_task_status(SetTaskStatus("ada", "essay", TaskStatus.COMPLETED), store, at(LATER)),
        lambda store: delete_task(DeleteTask("ada", "essay"), store, at(LATER), MONTH),
    ],
)
def test_a_missing_and_a_deleted_task_are_refused_alike(store: InMemoryTaskRepository, change: object) -> None:
    assert callable(change)
    with pytest.raises(NotFoundError) as missing:
        change(store)
    create_task(CREATE, store, NOW, "essay")
    delete_task(DeleteTask("ada", "essay"), store, at(LATER), MONTH)
    with pytest.raises(NotFoundError) as deleted:
        change(store)
    assert missing.value.args == deleted.value.args


def test_a_change_is_decided_again_when_the_pipeline_was_faster(task: Task, store: InMemoryTaskRepository) -> None:
    overtaken = _Overtaken(store, times=3)
    changed = set_task_status(SetTaskStatus("ada", "essay", TaskStatus.IN_PROGRESS), overtaken, at(LATER))
    assert changed.version == 5
    assert store.get("ada", "essay") == changed


def test_a_change_that_is_overtaken_without_end_is_given_up(task: Task, store: InMemoryTaskRepository) -> None:
    with pytest.raises(UnavailableError):
        set_task_status(SetTaskStatus("ada", "essay", TaskStatus.IN_PROGRESS), _Overtaken(store, times=99), at(LATER))


def test_completing_a_task_ends_its_waiting_and_clears_overdue(store: InMemoryTaskRepository) -> None:
    task = example_task(due_at=LATER, overdue=True)
    store.add(task)
    store.replace(task, waiting(task, NOW))
    done = set_task_status(SetTaskStatus("ada", "essay", TaskStatus.COMPLETED), store, at(LATER))
    assert (done.processing.state, done.processing.finished_at) == (ProcessingState.SUCCEEDED, LATER)
    assert not done.overdue


def test_another_due_date_sets_a_new_schedule(store: InMemoryTaskRepository, task: Task) -> None:
    moved = update_task(UpdateTask("ada", "essay", {"due_at": LATER}), store, at(LATER))
    assert moved.schedule.version == moved.version == 2
    assert moved.processing.state is ProcessingState.QUEUED


def test_other_details_leave_the_schedule_alone(store: InMemoryTaskRepository, task: Task) -> None:
    assert update_task(UpdateTask("ada", "essay", {"title": "x"}), store, at(LATER)).schedule == task.schedule


def test_reopening_a_task_with_a_due_date_sets_a_new_schedule(store: InMemoryTaskRepository) -> None:
    store.add(example_task(due_at=LATER))
    set_task_status(SetTaskStatus("ada", "essay", TaskStatus.COMPLETED), store, at(NOW))
    reopened = set_task_status(SetTaskStatus("ada", "essay", TaskStatus.PENDING), store, at(NOW))
    assert reopened.schedule.version == reopened.version == 3


def test_moving_a_completed_task_waits_with_the_schedule_until_it_is_reopened(store: InMemoryTaskRepository) -> None:
    store.add(example_task(due_at=LATER))
    set_task_status(SetTaskStatus("ada", "essay", TaskStatus.COMPLETED), store, at(NOW))
    moved = update_task(UpdateTask("ada", "essay", {"due_at": LATER + MONTH}), store, at(NOW))
    assert moved.schedule.version == 1


@pytest.mark.parametrize(
    ("status", "new_run"), [(TaskStatus.PENDING, True), (TaskStatus.IN_PROGRESS, True), (TaskStatus.COMPLETED, False)]
)
def test_a_restored_task_is_handed_to_a_new_run_unless_it_is_completed(
    store: InMemoryTaskRepository, status: TaskStatus, new_run: bool
) -> None:
    store.add(example_task(status=status))
    delete_task(DeleteTask("ada", "essay"), store, at(NOW), MONTH)
    back = restore_task(RestoreTask("ada", "essay"), store, at(LATER))
    assert (back.version, back.deleted_at, back.expires_at) == (3, None, None)
    assert back.schedule.version == (3 if new_run else 1)


def test_a_deletion_that_is_older_than_its_retention_cannot_be_taken_back(
    store: InMemoryTaskRepository, task: Task
) -> None:
    delete_task(DeleteTask("ada", "essay"), store, at(NOW), MONTH)
    with pytest.raises(NotFoundError):
        restore_task(RestoreTask("ada", "essay"), store, at(NOW + MONTH))


def test_the_last_of_a_series_can_be_edited_although_it_is_due_when_the_series_ends(
    store: InMemoryTaskRepository,
) -> None:
    store.add(example_task(id="last", due_at=LATER, recurrence=Recurrence(Frequency.DAILY, until=LATER)))
    assert update_task(UpdateTask("ada", "last", {"title": "x", "due_at": LATER}), store, at(NOW)).title == "x"


def test_what_recurs_needs_a_due_date(store: InMemoryTaskRepository, task: Task) -> None:
    with pytest.raises(InvalidInputError):
        update_task(UpdateTask("ada", "essay", {"recurrence": Recurrence(Frequency.DAILY)}), store, at(NOW))
    store.add(example_task(id="daily", due_at=LATER, recurrence=Recurrence(Frequency.DAILY)))
    with pytest.raises(InvalidInputError):
        update_task(UpdateTask("ada", "daily", {"due_at": None}), store, at(NOW))


class _Overtaken(InMemoryTaskRepository):
    """A store in which somebody else is faster, a number of times."""

    def __init__(self, store: InMemoryTaskRepository, times: int) -> None:
        super().__init__(store.tasks)
        self.times = times

    def replace(self, before: Task, after: Task, notification: object = None) -> bool:
        if self.times:
            self.times -= 1
            super().replace(before, waiting(before, LATER) if self.times % 2 else finished(before, LATER))
        return super().replace(before, after)


_: type[TaskRepository] = _Overtaken
