"""Taking changes back, whatever they were."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taskbell.api.undo_tokens import UndoTokens
from taskbell.application.labels import LabelService
from taskbell.application.occurrences import set_task_status, skip_occurrence
from taskbell.application.ports import TaskRepository
from taskbell.application.task_changes import create_task, delete_task, restore_task, update_task
from taskbell.application.undo import RecordedChanges, UndoStep, undo_change
from taskbell.domain.commands import (
    CreateTask,
    DeleteTask,
    RenameLabel,
    RestoreTask,
    SetTaskStatus,
    SkipOccurrence,
    UndoChange,
    UpdateTask,
)
from taskbell.domain.exceptions import ConflictError, InvalidInputError
from taskbell.domain.occurrences import OccurrenceRange, Occurrences
from taskbell.domain.receipts import ClientMutation
from taskbell.domain.recurrence import Frequency, Recurrence
from taskbell.domain.task import Priority, ProcessingState, Task, TaskStatus, with_next_version
from taskbell.domain.undo import OF_OWNER
from tests.support.examples import LATER, NOW, at, example_task
from tests.support.fakes import InMemoryLabels, InMemoryProfileRepository, InMemoryTaskRepository

MONTH = timedelta(days=30)
DUE = NOW + timedelta(days=1)
MUCH_LATER = LATER + timedelta(minutes=5)
VALID = LATER + timedelta(minutes=10)
SKIPPED = datetime.fromisoformat("2027-03-28T02:30")
DONE, PENDING = TaskStatus.COMPLETED, TaskStatus.PENDING


def no_list(_owner_id: str, _list_id: str) -> None:
    """There are no lists."""


@dataclass
class World:
    """A repository whose changes are recorded."""

    store: TaskRepository
    recorded: RecordedChanges = field(init=False)

    def __post_init__(self) -> None:
        self.store, self.recorded = RecordedChanges.of(self.store)

    def change(self, use_case: Callable[..., Any], *arguments: Any, **more: Any) -> list[UndoStep]:
        """Make a change; how to take it back."""
        self.recorded.changes.clear()
        use_case(*arguments, **more)
        return self.recorded.steps

    def update(self, id_: str = "essay", **changes: Any) -> list[UndoStep]:
        return self.change(update_task, UpdateTask("ada", id_, changes), self.store, at(LATER))

    def set_status(self, status: TaskStatus) -> list[UndoStep]:
        command = SetTaskStatus("ada", "essay", status)
        return self.change(set_task_status, command, self.store, at(LATER), lambda: MONTH)

    def undo(self, steps: list[UndoStep], mutation: ClientMutation | None = None) -> list[Occurrences]:
        commands = [UndoChange("ada", step.task_id, step.before, VALID, step.version, mutation) for step in steps]
        return [undo_change(command, self.store, at(MUCH_LATER), MONTH, no_list) for command in commands]

    def task(self, id_: str = "essay") -> Task:
        task = self.store.get("ada", id_)
        assert task
        return task


def of_owner(task: Task) -> dict[str, object]:
    return {name: getattr(task, name) for name in OF_OWNER}


@pytest.fixture
def world(store: TaskRepository) -> World:
    store.add(example_task(due_at=DUE, remind_before=(60,), labels=("a",)))
    return World(store)


CHANGES: dict[str, dict[str, Any]] = {
    "title": {"title": "Another"},
    "description": {"description": "New"},
    "no due date": {"due_at": None},
    "a day": {"due_at": date(2026, 12, 24)},
    "a time that is skipped": {"due_at": SKIPPED, "time_zone": "Europe/Vienna"},
    "all": {
        "priority": Priority.HIGH,
        "labels": (),
        "remind_at": (DUE,),
        "remind_before": (),
        "time_zone": "Asia/Tokyo",
    },
}


@pytest.mark.parametrize("changes", CHANGES.values(), ids=CHANGES)
def test_new_details_are_taken_back_and_made_again(world: World, changes: dict[str, Any]) -> None:
    before = world.task()
    steps = world.update(**changes)
    after = world.task()
    world.recorded.changes.clear()
    (undone,) = world.undo(steps)
    assert undone.task == world.task()
    assert of_owner(undone.task) == of_owner(before)
    assert (undone.task.version, undone.task.edited_version) == (3, 3)
    assert undone.task.schedule.version == (3 if after.schedule.version == 2 else 1)
    assert of_owner(world.undo(world.recorded.steps)[0].task) == of_owner(after)


@pytest.mark.parametrize("field", ["due_on", "nominal_due"])
def test_a_due_date_comes_back_in_the_form_in_which_it_was_given(store: TaskRepository, field: str) -> None:
    world = World(store)
    given = date(2027, 3, 28) if field == "due_on" else SKIPPED
    create_task(CreateTask("ada", "Essay", due_at=given, time_zone="Europe/Vienna"), world.store, NOW, "essay")
    before = world.task()
    assert getattr(before, field)
    world.undo(world.update(due_at=DUE))
    assert of_owner(world.task()) == of_owner(before)


def test_a_completion_is_taken_back_with_its_run(world: World) -> None:
    before = world.task()
    steps = world.set_status(DONE)
    (undone,) = world.undo(steps)
    assert of_owner(undone.task) == of_owner(before)
    assert (undone.task.schedule.version, undone.task.processing.state) == (3, ProcessingState.QUEUED)


def test_a_task_that_is_completed_again_was_completed_when_it_was(world: World) -> None:
    world.set_status(DONE)
    done = world.task()
    (undone,) = world.undo(world.set_status(PENDING))
    assert undone.task.completed_at == done.completed_at == LATER
    assert not undone.task.overdue


def test_a_deletion_is_taken_back_and_a_restoration_and_a_creation_are(world: World) -> None:
    before = world.task()
    deletion = world.change(delete_task, DeleteTask("ada", "essay"), world.store, at(LATER), MONTH)
    assert of_owner(world.undo(deletion)[0].task) == of_owner(before)
    assert not world.task().deleted
    world.change(delete_task, DeleteTask("ada", "essay"), world.store, at(LATER), MONTH)
    restoration = world.change(restore_task, RestoreTask("ada", "essay"), world.store, at(LATER))
    assert world.undo(restoration)[0].task.deleted
    creation = world.change(create_task, CreateTask("ada", "New"), world.store, LATER, "new")
    (undone,) = world.undo(creation)
    assert (undone.task.deleted, undone.task.expires_at) == (True, MUCH_LATER + MONTH)


def test_the_completion_of_an_occurrence_is_taken_back_with_the_next_one(store: TaskRepository) -> None:
    store.add(example_task(due_at=DUE, recurrence=Recurrence(Frequency.DAILY)))
    world, before = World(store), example_task(due_at=DUE, recurrence=Recurrence(Frequency.DAILY))
    steps = world.set_status(DONE)
    next_id = world.task().next_id or ""
    (undone,) = world.undo(steps)
    assert of_owner(undone.task) == of_owner(before)
    assert (world.task(next_id).deleted, world.task(next_id).recurrence) == (True, None)


def test_a_reopened_occurrence_is_completed_again_with_another_next_one(store: TaskRepository) -> None:
    store.add(example_task(due_at=DUE, recurrence=Recurrence(Frequency.DAILY)))
    world = World(store)
    world.set_status(DONE)
    done = world.task()
    (undone,) = world.undo(world.set_status(PENDING))
    assert (undone.task.completed_at, undone.task.status) == (done.completed_at, DONE)
    assert undone.next
    assert undone.task.next_id == undone.next.id != done.next_id
    assert undone.next.due_at == DUE + timedelta(days=1)


def test_a_skipped_occurrence_comes_back_and_repeats(store: TaskRepository) -> None:
    task = example_task(due_at=DUE, recurrence=Recurrence(Frequency.DAILY), labels=("a",))
    store.add(replace(task, later=replace(task.details, title="Later")))
    world, before = World(store), replace(task, later=replace(task.details, title="Later"))
    command = SkipOccurrence("ada", "essay")
    steps = world.change(skip_occurrence, command, world.store, at(LATER), lambda: MONTH)
    next_id = world.task().next_id or ""
    (undone,) = world.undo(steps)
    assert (of_owner(undone.task), undone.task.deleted) == (of_owner(before), False)
    assert world.task(next_id).deleted


def test_what_became_of_the_next_occurrence_is_not_lost(store: TaskRepository) -> None:
    store.add(example_task(due_at=DUE, recurrence=Recurrence(Frequency.DAILY)))
    world = World(store)
    steps = world.set_status(DONE)
    update_task(UpdateTask("ada", world.task().next_id or "", {"title": "Mine"}), world.store, at(LATER))
    with pytest.raises(ConflictError):
        world.undo(steps)
    assert world.task().completed


def test_a_task_that_its_owner_has_changed_since_stays_and_one_that_the_pipeline_has_does_not(world: World) -> None:
    steps = world.update(title="Another")
    changed = world.task()
    world.store.replace(changed, with_next_version(changed, LATER))
    assert world.undo(steps)[0].task.title == "Write the essay"
    with pytest.raises(ConflictError):
        world.undo(steps)


def test_taking_back_can_be_repeated(world: World) -> None:
    steps, mutation = world.update(title="Another"), ClientMutation("undo", LATER)
    assert world.undo(steps, mutation) == world.undo(steps, mutation)


def test_a_move_is_taken_back_unless_the_parent_is_gone(world: World) -> None:
    world.store.add(example_task(id="parent"))
    assert world.undo(world.update(parent_id="parent"))[0].task.parent_id is None
    world.update(parent_id="parent")
    out = world.update(parent_id=None)
    delete_task(DeleteTask("ada", "parent"), world.store, at(LATER), MONTH)
    with pytest.raises(InvalidInputError):
        world.undo(out)


def test_a_change_of_one_occurrence_alone_is_taken_back(store: TaskRepository) -> None:
    store.add(example_task(due_at=DUE, recurrence=Recurrence(Frequency.DAILY)))
    world, before = World(store), of_owner(example_task(due_at=DUE, recurrence=Recurrence(Frequency.DAILY)))
    command = UpdateTask("ada", "essay", {"title": "Alone"}, range=OccurrenceRange.THIS)
    steps = world.change(update_task, command, world.store, at(LATER))
    assert world.task().later
    assert of_owner(world.undo(steps)[0].task) == before


def test_a_renamed_label_has_its_name_again_in_each_task() -> None:
    memory = InMemoryTaskRepository()
    world = World(memory)
    labels = {"first": ("a", "uni"), "second": ("Uni", "university"), "third": ("b",)}
    for id_, given_labels in labels.items():
        memory.add(example_task(id=id_, labels=given_labels))
    service = LabelService(InMemoryLabels(memory), world.store, InMemoryProfileRepository(), at(LATER))
    world.undo(world.change(service.rename, RenameLabel("ada", "uni", "university")))
    assert {id_: world.task(id_).labels for id_ in labels} == labels


@given(st.lists(st.sampled_from([*CHANGES.values(), DONE, PENDING, TaskStatus.IN_PROGRESS, "delete"]), max_size=6))
def test_whatever_was_done_can_be_taken_back_step_by_step(done: list[Any]) -> None:
    memory = InMemoryTaskRepository()
    memory.add(example_task(due_at=DUE, recurrence=Recurrence(Frequency.DAILY), remind_before=(60,)))
    world = World(memory)
    for each in done:
        before = world.task()
        if before.deleted:
            steps = world.change(restore_task, RestoreTask("ada", "essay"), world.store, at(LATER))
        elif each == "delete":
            steps = world.change(delete_task, DeleteTask("ada", "essay"), world.store, at(LATER), MONTH)
        elif isinstance(each, dict):
            steps = world.update(**(each if each.get("due_at", DUE) else {"due_at": DUE}))
        else:
            steps = world.set_status(each)
        after = world.task()
        undone = world.undo(steps)
        assert len(undone) == (after.version != before.version)
        now = world.task()
        followed = before.completed and before.next_id and not after.next_id  # by another next occurrence
        assert {**of_owner(now), "next_id": None} == {**of_owner(before), "next_id": None}
        assert followed or now.next_id == before.next_id
        assert now.deleted == before.deleted


STEP = UndoStep("essay", 2, {"title": "Ä" * 5_000, "dueAt": None})


def test_a_token_is_of_one_owner_and_valid_for_ten_minutes() -> None:
    tokens = UndoTokens(lambda: "secret")
    token = tokens.encode("ada", [STEP, STEP], NOW)
    assert tokens.decode("ada", token) == (NOW + timedelta(minutes=10), [STEP, STEP])
    assert len(token) < 500
    for wrong, owner_id in ((token, "grace"), (token[:-4], "ada"), ("", "ada"), ("é", "ada")):
        with pytest.raises(InvalidInputError):
            tokens.decode(owner_id, wrong)
    with pytest.raises(InvalidInputError):
        UndoTokens(lambda: "another").decode("ada", token)


def test_after_ten_minutes_a_change_stays_but_its_undoing_can_be_repeated(world: World) -> None:
    (step,) = world.update(title="Another")
    command = UndoChange("ada", "essay", step.before, VALID, step.version, ClientMutation("undo", LATER))
    with pytest.raises(InvalidInputError):
        undo_change(command, world.store, at(VALID), MONTH, no_list)
    undone = undo_change(command, world.store, at(MUCH_LATER), MONTH, no_list)
    assert undo_change(command, world.store, at(VALID), MONTH, no_list) == undone
