"""Occurrences of a recurring task: what makes the next one, takes it back, skips it, and changes one alone."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taskbell.application import task_changes
from taskbell.application.occurrences import copy_subtasks, set_task_status, skip_occurrence
from taskbell.domain.commands import CreateTask, DeleteTask, RestoreTask, SetTaskStatus, SkipOccurrence, UpdateTask
from taskbell.domain.events import event_from_change
from taskbell.domain.exceptions import ConflictError, InvalidInputError, TaskError
from taskbell.domain.ids import new_task_id
from taskbell.domain.occurrences import OccurrenceRange, Occurrences
from taskbell.domain.receipts import ClientMutation
from taskbell.domain.recurrence import Frequency, Recurrence
from taskbell.domain.task import Schedule, Task, TaskStatus
from tests.support.examples import NOW
from tests.support.fakes import InMemoryTaskRepository

PENDING, IN_PROGRESS, COMPLETED = TaskStatus
THIS, THISANDFUTURE = OccurrenceRange
MONTH, DAY, MINUTE = timedelta(days=30), timedelta(days=1), timedelta(minutes=1)
DUE = NOW + timedelta(hours=2)
DAILY = Recurrence(Frequency.DAILY)
FIRST = new_task_id(NOW, 1)
VIENNA = ZoneInfo("Europe/Vienna")


class World:
    """A table with one task, and a clock that goes on by a minute with each change."""

    def __init__(self, **fields: Any) -> None:
        self.now = NOW
        self.store = InMemoryTaskRepository(listener=lambda before, after: self.changes.append((before, after)))
        self.changes: list[tuple[Task | None, Task]] = []
        details = {"due_at": DUE, "recurrence": DAILY, "request_digest": "0" * 32, **fields}
        self.store.add(Task(FIRST, "ada", "Water the plants", NOW, NOW, Schedule(1, NOW), **details))

    def clock(self) -> datetime:
        self.now += MINUTE
        return self.now

    def set(self, status: TaskStatus, id_: str = FIRST, **more: Any) -> Occurrences:
        return set_task_status(SetTaskStatus("ada", id_, status, **more), self.store, self.clock, lambda: MONTH)

    def skip(self, id_: str = FIRST, **more: Any) -> Occurrences:
        return skip_occurrence(SkipOccurrence("ada", id_, **more), self.store, self.clock, lambda: MONTH)

    def update(self, id_: str, range_: OccurrenceRange = THISANDFUTURE, **changes: Any) -> Task:
        return task_changes.update_task(UpdateTask("ada", id_, changes, range=range_), self.store, self.clock)

    def delete(self, id_: str) -> Task:
        return task_changes.delete_task(DeleteTask("ada", id_), self.store, self.clock, MONTH)

    def restore(self, id_: str) -> Task:
        return task_changes.restore_task(RestoreTask("ada", id_), self.store, self.clock)

    def subtask(self, title: str, parent_id: str = FIRST, **fields: Any) -> Task:
        command = CreateTask("ada", title, parent_id=parent_id, **fields)
        now = self.clock()
        return task_changes.create_task(command, self.store, now, new_task_id(now, 9))

    def task(self, id_: str = FIRST) -> Task:
        found = self.store.get("ada", id_)
        assert found
        return found

    def subtasks(self, parent: Task) -> list[Task]:
        return sorted(self.store.subtasks(parent), key=lambda task: task.id)

    def open(self) -> list[Task]:
        """The open occurrences."""
        tasks = self.store.tasks.values()
        return [task for task in tasks if task.recurrence and not task.deleted and not task.completed]


def next_of(changed: Occurrences) -> Task:
    assert changed.next
    return changed.next


def test_the_answer_has_the_next_occurrence_which_is_stored() -> None:
    world = World()
    done = world.set(COMPLETED)
    assert world.task(next_of(done).id) == done.next
    assert (next_of(done).status, next_of(done).due_at, done.task.next_id) == (PENDING, DUE + DAY, next_of(done).id)


@pytest.mark.parametrize("named", [True, False])
def test_a_repetition_has_it_too(named: bool) -> None:
    world = World()
    mutation = ClientMutation("tick", NOW) if named else None
    first = world.set(COMPLETED, mutation=mutation)
    assert world.set(COMPLETED, mutation=mutation) == first
    assert len(world.store.tasks) == 2


def test_a_task_that_does_not_repeat_has_none() -> None:
    world = World(recurrence=None)
    assert world.set(COMPLETED).next is None
    assert world.set(PENDING).next is None


def test_unticking_takes_back_the_next_occurrence_and_ticking_again_makes_another() -> None:
    world = World()
    first = next_of(world.set(COMPLETED))
    again = world.set(PENDING)
    assert (again.task.status, again.task.next_id, again.next) == (PENDING, None, None)
    assert world.task(first.id).deleted
    assert [task.id for task in world.open()] == [FIRST]
    second = next_of(world.set(COMPLETED))
    assert (second.due_at, second.id == first.id) == (first.due_at, False)


def test_what_the_pipeline_did_with_the_next_occurrence_does_not_keep_it() -> None:
    world = World()
    following = next_of(world.set(COMPLETED))
    world.store.replace(following, replace(following, version=5, overdue=True))
    world.set(IN_PROGRESS)
    assert world.task(following.id).deleted


Touch = Callable[[World, str], object]
TOUCHES: dict[str, Touch] = {
    "edited": lambda world, id_: world.update(id_, title="?"),
    "edited alone": lambda world, id_: world.update(id_, THIS, title="?"),
    "begun": lambda world, id_: world.set(IN_PROGRESS, id_),
    "completed": lambda world, id_: world.set(COMPLETED, id_),
    "skipped": lambda world, id_: world.skip(id_),
    "with a subtask of its own": lambda world, id_: world.subtask("?", id_),
}


@pytest.mark.parametrize("touch", TOUCHES.values(), ids=TOUCHES.keys())
def test_one_that_was_touched_stays_and_the_one_before_it_stays_completed(touch: Touch) -> None:
    world = World()
    following = next_of(world.set(COMPLETED))
    touch(world, following.id)
    stored = dict(world.store.tasks)
    with pytest.raises(ConflictError) as refused:
        world.set(PENDING)
    assert (refused.value.field, refused.value.task) == (("status",), world.task())
    assert world.store.tasks == stored


def test_one_that_was_deleted_is_out_of_the_way() -> None:
    world = World()
    following = next_of(world.set(COMPLETED))
    world.update(following.id, title="?")
    world.delete(following.id)
    world.set(PENDING)
    assert [task.id for task in world.open()] == [FIRST]
    restored = world.restore(following.id)
    assert (restored.title, restored.recurrence) == ("?", None)
    assert [task.id for task in world.open()] == [FIRST]


def test_one_that_was_taken_back_is_restored_as_a_task_of_its_own() -> None:
    world = World()
    following = next_of(world.set(COMPLETED))
    world.set(PENDING)
    assert world.restore(following.id).recurrence is None


def test_one_that_has_left_the_table_leaves_a_task_that_does_not_repeat() -> None:
    world = World()
    del world.store.tasks["ada", next_of(world.set(COMPLETED)).id]
    again = world.set(PENDING).task
    assert (again.recurrence, again.next_id) == (None, None)


def test_a_completed_task_whose_recurrence_was_removed_leaves_the_next_one_alone() -> None:
    world = World()
    following = next_of(world.set(COMPLETED))
    world.update(FIRST, recurrence=None)
    world.set(PENDING)
    assert [task.id for task in world.open()] == [following.id]


def test_a_skipped_occurrence_is_deleted_and_the_next_one_takes_its_place() -> None:
    world = World()
    skipped = world.skip()
    assert (skipped.task.deleted, skipped.task.completed_at, next_of(skipped).due_at) == (True, None, DUE + DAY)
    assert world.task(next_of(skipped).id) == skipped.next
    assert world.restore(FIRST).recurrence is None
    assert [task.id for task in world.open()] == [next_of(skipped).id]


def test_skipping_is_repeated_without_a_second_effect() -> None:
    world = World()
    mutation = ClientMutation("skip", NOW)
    first = world.skip(mutation=mutation)
    assert world.skip(mutation=mutation) == first
    assert len(world.store.tasks) == 2


def test_the_last_occurrence_can_be_skipped() -> None:
    skipped = World(recurrence=replace(DAILY, count=1)).skip()
    assert (skipped.task.deleted, skipped.next) == (True, None)


@pytest.mark.parametrize("fields", [{"recurrence": None}, {"status": COMPLETED, "completed_at": NOW}])
def test_only_an_open_task_that_repeats_can_be_skipped(fields: dict[str, Any]) -> None:
    with pytest.raises(InvalidInputError) as refused:
        World(**fields).skip()
    assert refused.value.field == ("id",)


def test_a_series_ends_with_the_task_whose_recurrence_is_removed() -> None:
    world = World()
    following = next_of(world.set(COMPLETED))
    world.update(following.id, recurrence=None)
    assert world.set(COMPLETED, following.id).next is None


def test_a_series_has_as_many_occurrences_as_it_counts() -> None:
    world, found = World(recurrence=replace(DAILY, count=4)), 1
    id_ = FIRST
    while following := world.set(COMPLETED, id_).next:
        id_, found = following.id, found + 1
        assert world.task(id_).recurrence == replace(DAILY, count=5 - found)
    assert found == 4


def test_this_occurrence_alone_is_changed_and_the_next_ones_are_as_before() -> None:
    world = World(labels=("home",))
    moved = world.update(FIRST, THIS, title="Water them twice", due_at=DUE + timedelta(hours=5), labels=())
    assert (moved.title, moved.due_at, moved.recurrence) == ("Water them twice", DUE + timedelta(hours=5), DAILY)
    following = next_of(world.set(COMPLETED))
    assert (following.title, following.due_at, following.labels) == ("Water the plants", DUE + DAY, ("home",))
    assert following.later is None


def test_a_change_of_all_later_ones_is_of_this_one_too_and_keeps_what_was_changed_alone() -> None:
    world = World()
    world.update(FIRST, THIS, title="Water them twice")
    changed = world.update(FIRST, labels=("home",), description="All")
    assert (changed.title, changed.labels) == ("Water them twice", ("home",))
    following = next_of(world.set(COMPLETED))
    assert (following.title, following.labels, following.description) == ("Water the plants", ("home",), "All")


def test_what_is_changed_back_alone_is_changed_no_more() -> None:
    world = World()
    world.update(FIRST, THIS, title="?")
    assert world.update(FIRST, THIS, title="Water the plants").later is None


def test_the_recurrence_is_never_of_one_alone() -> None:
    with pytest.raises(InvalidInputError) as refused:
        World().update(FIRST, THIS, recurrence=None)
    assert refused.value.field == ("range",)


def test_a_rule_that_never_applies_is_refused() -> None:
    with pytest.raises(InvalidInputError) as refused:
        World().update(FIRST, recurrence=replace(DAILY, by_month=(2,), by_month_day=(30,)))
    assert refused.value.field == ("recurrence",)


def test_subtasks_come_again_open_in_their_order_and_as_many_days_before() -> None:
    world = World(time_zone="Europe/Vienna")
    world.subtask("Fill the can", due_at=DUE - 2 * DAY, description="To the brim", labels=("water",))
    world.subtask("Empty it")
    done = world.subtask("Dry it")
    world.set(COMPLETED, done.id)
    for _ in range(3):  # a copy of a copy is one too
        changed = world.set(COMPLETED, world.open()[0].id)
        for _ in range(2):
            copy_subtasks(changed.task, world.store, world.now)
        copies = world.subtasks(next_of(changed))
        assert [task.title for task in copies] == ["Fill the can", "Empty it", "Dry it"]
        assert {task.status for task in copies} == {PENDING}
        due = next_of(changed).due_at
        assert due
        assert (copies[0].due_at, copies[0].description, copies[0].labels) == (due - 2 * DAY, "To the brim", ("water",))


def test_subtasks_keep_the_time_of_the_owners_clock() -> None:
    due = datetime.fromisoformat("2027-03-27 18:00").replace(tzinfo=VIENNA)  # summer time begins in the night
    world = World(time_zone="Europe/Vienna", due_at=due)
    world.subtask("Early", due_at=due - timedelta(hours=10), time_zone="Europe/Vienna")
    changed = world.set(COMPLETED)
    copy_subtasks(changed.task, world.store, world.now)
    (copy,) = world.subtasks(next_of(changed))
    assert copy.due_at == datetime.fromisoformat("2027-03-28 08:00").replace(tzinfo=VIENNA)


def test_the_subtasks_of_a_skipped_occurrence_come_again_although_they_are_deleted_with_it() -> None:
    world = World()
    subtask = world.subtask("Fill the can")
    skipped = world.skip()
    gone = replace(subtask, version=2, deleted_at=NOW, expires_at=NOW + MONTH, deleted_with_parent=True)
    world.store.replace(subtask, gone)
    copy_subtasks(skipped.task, world.store, world.now)
    assert [task.title for task in world.subtasks(next_of(skipped))] == ["Fill the can"]


def test_untouched_copies_of_subtasks_do_not_keep_an_occurrence_and_touched_ones_do() -> None:
    world = World()
    world.subtask("Fill the can")
    changed = world.set(COMPLETED)
    copy_subtasks(changed.task, world.store, world.now)
    world.set(PENDING)
    changed = world.set(COMPLETED)
    copy_subtasks(changed.task, world.store, world.now)
    (copy,) = world.subtasks(next_of(changed))
    world.set(COMPLETED, copy.id)
    with pytest.raises(ConflictError):
        world.set(PENDING)


def test_nothing_is_copied_to_an_occurrence_that_was_taken_back() -> None:
    world = World()
    world.subtask("Fill the can")
    changed = world.set(COMPLETED)
    world.set(PENDING)
    copy_subtasks(changed.task, world.store, world.now)
    assert world.subtasks(next_of(changed)) == []


@pytest.mark.parametrize("close", ["completed", "skipped"])
def test_an_occurrence_that_is_closed_before_it_has_its_subtasks_passes_them_on(close: str) -> None:
    world = World()
    world.subtask("Fill the can")
    first = world.set(COMPLETED)
    second = world.set(COMPLETED, next_of(first).id) if close == "completed" else world.skip(next_of(first).id)
    copy_subtasks(second.task, world.store, world.now)
    copy_subtasks(first.task, world.store, world.now)
    assert [task.title for task in world.subtasks(next_of(second))] == ["Fill the can"]


def test_of_a_subtask_that_repeats_the_open_occurrence_comes_again() -> None:
    world = World()
    subtask = world.subtask("Fill the can", due_at=DUE, recurrence=DAILY)
    world.set(COMPLETED, subtask.id)
    changed = world.set(COMPLETED)
    copy_subtasks(changed.task, world.store, world.now)
    assert len(world.subtasks(next_of(changed))) == 1


OPERATIONS = st.lists(
    st.tuples(
        st.sampled_from(["complete", "reopen", "begin", "skip", "delete", "restore", "title", "alone", "subtask"]),
        st.integers(0, 4),
        st.booleans(),
    ),
    max_size=14,
)


@given(OPERATIONS, st.sampled_from([DAILY, replace(DAILY, count=3)]))
def test_never_are_two_occurrences_open_whatever_is_done_repeated_and_delivered_late(
    operations: list[tuple[str, int, bool]], recurrence: Recurrence
) -> None:
    world, delivered = World(recurrence=recurrence), 0
    for number, (name, place, twice) in enumerate(operations):
        id_ = list(world.store.tasks.values())[place % len(world.store.tasks)].id
        for _ in range(1 + twice):
            do(world, name, id_, ClientMutation(f"{number}", NOW, f"{name} {id_}"))
            assert len([task for task in world.open() if task.parent_id is None]) <= 1
        if twice:
            delivered = deliver(world, delivered)
            assert len([task for task in world.open() if task.parent_id is None]) <= 1
    series = [task for task in world.store.tasks.values() if task.parent_id is None]
    assert len([task for task in series if task.completed]) <= len(operations)


def do(world: World, name: str, id_: str, mutation: ClientMutation) -> None:
    """Do what a person does; what is refused changes nothing."""
    stored = dict(world.store.tasks)
    try:
        match name:
            case "complete" | "reopen" | "begin":
                status = {"complete": COMPLETED, "reopen": PENDING, "begin": IN_PROGRESS}[name]
                world.set(status, id_, mutation=mutation)
            case "skip":
                world.skip(id_, mutation=mutation)
            case "delete":
                world.delete(id_)
            case "restore":
                world.restore(id_)
            case "title":
                world.update(id_, title=mutation.id)
            case "alone":
                world.update(id_, THIS, title=mutation.id, due_at=DUE + DAY / 2)
            case _:
                world.subtask(mutation.id, id_)
    except TaskError:
        assert world.store.tasks == stored


def deliver(world: World, begin: int) -> int:
    """Deliver the events since an earlier one, as the pipeline does: each at least once. Returns where they end."""
    end = len(world.changes)
    for before, after in world.changes[max(begin - 2, 0) : end]:
        event = event_from_change(before, after, NOW)
        if event and event.closes_occurrence:
            copy_subtasks(event.task, world.store, event.at)
    return end
