"""Subtasks and the progress of their parents, in the task repository and in the event store."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from taskbell.adapters.dynamodb.cursors import CursorCodec
from taskbell.adapters.dynamodb.event_store import DynamoDBEventStore
from taskbell.adapters.dynamodb.task_repository import DynamoDBTaskRepository
from taskbell.application.event_handlers import (
    delete_subtasks,
    move_subtasks_up,
    restore_subtasks,
    settle_below_parent,
)
from taskbell.application.ports import EventStore, TaskName, TaskRepository
from taskbell.application.task_changes import create_task, delete_task, restore_task, update_task
from taskbell.domain.commands import CreateTask, DeleteTask, RestoreTask, SetTaskStatus, UpdateTask
from taskbell.domain.events import TaskEvent, event_between, hard_delete_event
from taskbell.domain.exceptions import InvalidInputError, LimitExceededError, NotFoundError
from taskbell.domain.queries import EventQuery, TaskQuery
from taskbell.domain.task import Progress, Task, TaskStatus, soft_deleted, with_details
from tests.contract.conftest import IMPLEMENTATIONS
from tests.support.changes import set_task_status
from tests.support.examples import LATER, NOW, at, clock, example_task
from tests.support.fakes import InMemoryTaskRepository
from tests.support.log_fakes import InMemoryEventStore
from tests.support.simulated_aws.dynamodb import SimulatedDynamoDB

MONTH = timedelta(days=30)


@dataclass
class World:
    """A task repository whose changes are appended to an event store, each twice, as by the pipeline."""

    store: TaskRepository
    history: EventStore

    def make(self, id_: str, parent_id: str | None = None) -> Task:
        task = create_task(CreateTask("ada", id_, parent_id=parent_id), self.store, NOW, id_)
        self._remember(event_between(None, task))
        return task

    def change(self, before_id: str, use_case: Any, *arguments: Any) -> TaskEvent:
        before = self.task(before_id)
        event = event_between(before, use_case(*arguments))
        self._remember(event)
        return event

    def follow(self, use_case: Any, event: TaskEvent, *ids: str) -> None:
        """Cascade an event of a parent to its subtasks, as the pipeline does."""
        before = {id_: self.task(id_) for id_ in ids}
        use_case(event.task, self.store, event.at)
        for id_, task in before.items():
            if self.task(id_) != task:
                self._remember(event_between(task, self.task(id_)))

    def task(self, id_: str) -> Task:
        task = self.store.get("ada", id_)
        assert task
        return task

    def _remember(self, event: TaskEvent) -> None:
        for _ in range(2):
            self.history.append(event)


@pytest.fixture(params=IMPLEMENTATIONS)
def world(request: pytest.FixtureRequest) -> World:
    if request.param == "in memory":
        in_memory = InMemoryTaskRepository()
        return World(in_memory, InMemoryEventStore(in_memory))
    client = request.getfixturevalue(request.param)
    cursors = CursorCodec(lambda: "secret")
    return World(
        DynamoDBTaskRepository(client, "tasks", cursors, clock), DynamoDBEventStore(client, "tasks", cursors, clock)
    )


def test_a_parent_knows_how_far_its_subtasks_are(world: World) -> None:
    world.make("parent")
    for number in range(3):
        world.make(f"child-{number}", "parent")
    world.change(
        "child-0", set_task_status, SetTaskStatus("ada", "child-0", TaskStatus.COMPLETED), world.store, at(LATER)
    )
    assert world.task("parent").progress == Progress(total=3, completed=1)
    world.change("child-0", delete_task, DeleteTask("ada", "child-0"), world.store, at(LATER), MONTH)
    assert world.task("parent").progress == Progress(total=2, completed=0)
    world.change("child-0", restore_task, RestoreTask("ada", "child-0"), world.store, at(LATER))
    assert world.task("parent").progress == Progress(total=3, completed=1)


def test_progress_is_a_new_version_that_is_no_persons_edit(world: World) -> None:
    world.make("parent")
    world.make("child", "parent")
    parent = world.task("parent")
    assert (parent.version, parent.edited_version) == (2, 1)
    assert event_between(example_task(id="parent"), parent).entry.actor is None


@pytest.mark.parametrize("updated_at", [NOW - timedelta(seconds=2), NOW, LATER], ids=["earlier", "now", "later"])
def test_counting_progress_never_sets_a_parents_time_back_however_late_a_clock_is(
    world: World, updated_at: datetime
) -> None:
    world.store.add(example_task(id="parent", created_at=NOW - MONTH, updated_at=updated_at))
    world.make("child", "parent")
    parent = world.task("parent")
    assert (parent.updated_at, parent.version) == (max(updated_at, NOW), 2)
    assert parent.progress == Progress(total=1, completed=0)


def test_the_event_of_a_subtask_is_appended_after_its_parent_has_left_the_table(world: World) -> None:
    child = example_task(id="child", parent_id="parent")
    world.store.add(child)
    done = world.change(
        "child", set_task_status, SetTaskStatus("ada", child.id, TaskStatus.COMPLETED), world.store, at(LATER)
    )
    assert done.entry in world.history.page(EventQuery("ada", "child"), 10, None).items
    assert world.store.get("ada", "parent") is None


def test_subtasks_stand_below_their_parent_and_in_no_other_list(world: World) -> None:
    parent = world.make("parent")
    children = [world.make(f"child-{number}", "parent") for number in range(2)]
    top = world.store.page(TaskQuery("ada"), 10, None).items
    assert [task.id for task in top] == ["parent"]
    assert set(world.store.page(TaskQuery("ada", parent_id="parent"), 10, None).items) == set(children)
    assert set(world.store.subtasks(parent)) == set(children)
    for query in (TaskQuery("ada", (TaskStatus.PENDING,)), TaskQuery("ada", search=("c",))):
        assert [task.id for task in world.store.page(query, 10, None).items if task.parent_id] == []


def test_the_subtasks_of_a_deleted_task_are_deleted_and_forgotten_with_it(world: World) -> None:
    world.make("parent")
    world.make("child", "parent")
    event = world.change("parent", delete_task, DeleteTask("ada", "parent"), world.store, at(LATER), MONTH)
    assert event.cascades_delete
    for _ in range(2):
        delete_subtasks(event.task, world.store, event.at)
    assert world.task("child").expires_at == world.task("parent").expires_at
    assert world.store.subtasks(event.task) == []


def test_the_subtasks_of_a_task_that_was_restored_at_once_stay(world: World) -> None:
    world.make("parent")
    world.make("child", "parent")
    event = world.change("parent", delete_task, DeleteTask("ada", "parent"), world.store, at(LATER), MONTH)
    restore_task(RestoreTask("ada", "parent"), world.store, at(LATER))
    delete_subtasks(event.task, world.store, event.at)
    assert not world.task("child").deleted


def test_a_subtask_that_was_made_while_its_parent_was_deleted_is_deleted_too(world: World) -> None:
    parent = world.make("parent")
    child = example_task(id="child", parent_id="parent")
    world.store.add(child)
    delete_task(DeleteTask("ada", "parent"), world.store, at(LATER), MONTH)
    assert event_between(parent, world.task("parent")).cascades_delete
    assert event_between(None, child).attaches_to_parent
    settle_below_parent(child, world.store, LATER)
    assert world.task("child").deleted


def test_subtasks_that_were_deleted_with_their_parent_come_back_with_it_and_no_others(world: World) -> None:
    world.make("parent")
    for id_ in ("by-hand", "with-parent", "done"):
        world.make(id_, "parent")
    world.change("done", set_task_status, SetTaskStatus("ada", "done", TaskStatus.COMPLETED), world.store, at(LATER))
    world.change("by-hand", delete_task, DeleteTask("ada", "by-hand"), world.store, at(LATER), MONTH)
    deletion = world.change("parent", delete_task, DeleteTask("ada", "parent"), world.store, at(LATER), MONTH)
    world.follow(delete_subtasks, deletion, "with-parent", "done")
    assert world.task("parent").progress == Progress(0, 0)
    assert {task.id for task in world.store.deleted_with(deletion.task)} == {"with-parent", "done"}
    restoration = world.change("parent", restore_task, RestoreTask("ada", "parent"), world.store, at(LATER))
    assert restoration.cascades_restore
    for _ in range(2):
        world.follow(restore_subtasks, restoration, "with-parent", "done")
    assert [world.task(id_).deleted for id_ in ("by-hand", "with-parent", "done")] == [True, False, False]
    assert world.task("parent").progress == Progress(total=2, completed=1)
    assert world.store.deleted_with(deletion.task) == []
    assert set(world.store.subtasks(deletion.task)) == {world.task("with-parent"), world.task("done")}


def test_a_restoration_that_was_taken_back_brings_no_subtask_back(world: World) -> None:
    world.make("parent")
    world.make("child", "parent")
    deletion = world.change("parent", delete_task, DeleteTask("ada", "parent"), world.store, at(LATER), MONTH)
    delete_subtasks(deletion.task, world.store, deletion.at)
    restoration = world.change("parent", restore_task, RestoreTask("ada", "parent"), world.store, at(LATER))
    world.change("parent", delete_task, DeleteTask("ada", "parent"), world.store, at(LATER), MONTH)
    restore_subtasks(restoration.task, world.store, restoration.at)
    assert world.task("child").deleted


def test_a_subtask_that_outlived_an_earlier_parent_of_that_id_does_not_come_back(world: World) -> None:
    child = soft_deleted(example_task(id="child", parent_id="parent"), NOW, timedelta(0), with_parent=True)
    world.store.add(child)
    parent = world.make("parent")
    restore_subtasks(parent, world.store, LATER)
    assert world.task("child") == child


def test_the_subtasks_of_a_task_that_was_removed_by_hand_are_deleted_and_cannot_be_restored(world: World) -> None:
    parent = example_task(id="parent")
    world.store.add(example_task(id="child", parent_id="parent"))
    removal = hard_delete_event(parent, LATER)
    assert removal.cascades_delete
    for _ in range(2):
        delete_subtasks(removal.task, world.store, removal.at)
    assert world.task("child").expires_at == LATER
    with pytest.raises(NotFoundError):
        restore_task(RestoreTask("ada", "child"), world.store, at(LATER))


def test_the_progress_of_a_deleted_parent_is_counted_without_an_event(world: World) -> None:
    world.make("parent")
    world.make("child", "parent")
    deleted = world.change("parent", delete_task, DeleteTask("ada", "parent"), world.store, at(LATER), MONTH).task
    deletion = world.change("child", delete_task, DeleteTask("ada", "child"), world.store, at(LATER), MONTH)
    counted = world.task("parent")
    assert (deletion.is_published, event_between(deleted, counted).is_published) == (True, False)
    assert (counted.progress, counted.edited_version) == (Progress(0, 0), deleted.version)
    restored = restore_task(RestoreTask("ada", "parent", expected_version=deleted.version), world.store, at(LATER))
    assert event_between(counted, restored).is_published


def test_a_subtask_comes_back_only_after_its_parent(world: World) -> None:
    world.make("parent")
    world.make("child", "parent")
    event = world.change("parent", delete_task, DeleteTask("ada", "parent"), world.store, at(LATER), MONTH)
    delete_subtasks(event.task, world.store, event.at)
    with pytest.raises(InvalidInputError, match="parent"):
        restore_task(RestoreTask("ada", "child"), world.store, at(LATER))
    restore_task(RestoreTask("ada", "parent"), world.store, at(LATER))
    assert not restore_task(RestoreTask("ada", "child"), world.store, at(LATER)).deleted


def test_completing_a_parent_leaves_its_subtasks_as_they_are(world: World) -> None:
    world.make("parent")
    world.make("child", "parent")
    world.change(
        "parent", set_task_status, SetTaskStatus("ada", "parent", TaskStatus.COMPLETED), world.store, at(LATER)
    )
    assert world.task("child").status is TaskStatus.PENDING


def test_a_parent_that_cannot_be_one_is_refused() -> None:
    store = InMemoryTaskRepository()
    store.add(example_task(id="child", parent_id="essay"))
    store.add(example_task(id="full"))
    for number in range(100):
        store.add(example_task(id=f"of-full-{number}", parent_id="full"))
    for parent_id, refusal in (
        ("nobody", InvalidInputError),
        ("child", InvalidInputError),
        ("full", LimitExceededError),
    ):
        with pytest.raises(refusal) as refused:
            create_task(CreateTask("ada", "x", parent_id=parent_id), store, NOW, "new")
        assert refused.value.field == ("parent_id",)
    assert store.get("ada", "new") is None


def test_creating_the_hundredth_subtask_is_idempotent_and_a_restored_one_counts_against_the_limit() -> None:
    store = InMemoryTaskRepository()
    store.add(example_task(id="full"))
    for number in range(99):
        store.add(example_task(id=f"of-full-{number}", parent_id="full"))
    command = CreateTask("ada", "x", key="the last", parent_id="full")
    assert create_task(command, store, NOW, "last") == create_task(command, store, LATER, "unused")
    delete_task(DeleteTask("ada", "last"), store, at(LATER), MONTH)
    store.add(example_task(id="in-its-place", parent_id="full"))
    with pytest.raises(LimitExceededError):
        restore_task(RestoreTask("ada", "last"), store, at(LATER))
    delete_task(DeleteTask("ada", "in-its-place"), store, at(LATER), MONTH)
    assert not restore_task(RestoreTask("ada", "last"), store, at(LATER)).deleted


@pytest.mark.parametrize("read_at_a_time", [1, 2])
def test_all_subtasks_are_read_however_few_a_query_reads(read_at_a_time: int) -> None:
    client: Any = SimulatedDynamoDB(clock, page_size=read_at_a_time)
    store = DynamoDBTaskRepository(client, "tasks", CursorCodec(lambda: "secret"), clock)
    parent = example_task()
    for number in range(5):
        store.add(example_task(id=str(number), parent_id=parent.id))
    assert {subtask.id for subtask in store.subtasks(parent)} == set("01234")


def test_the_subtasks_of_several_tasks_are_read_at_once(world: World) -> None:
    for parent_id in ("first", "second", "third"):
        world.make(parent_id)
    for number in (1, 0, 2):
        world.store.add(example_task(id=f"of-first-{number}", parent_id="first", rank=f"a{number}"))
    world.make("of-third", "third")
    world.make("deleted", "third")
    world.change("deleted", delete_task, DeleteTask("ada", "deleted"), world.store, at(LATER), MONTH)
    world.store.add(example_task(owner_id="grace", id="of-third", parent_id="first"))
    first, second, third, hers = (
        *(TaskName("ada", id_) for id_ in ("first", "second", "third")), TaskName("grace", "first"),
    )  # fmt: skip
    found = world.store.subtasks_of({first, second, third, hers}, 5)
    assert {name: [(task.owner_id, task.id) for task in tasks] for name, tasks in found.items()} == {
        first: [("ada", f"of-first-{number}") for number in range(3)],
        second: [],
        third: [("ada", "of-third")],
        hers: [("grace", "of-third")],
    }
    with pytest.raises(LimitExceededError):
        world.store.subtasks_of({first, second, third, hers}, 4)


def move(world: World, id_: str, parent_id: str | None) -> TaskEvent:
    return world.change(id_, update_task, UpdateTask("ada", id_, {"parent_id": parent_id}), world.store, at(LATER))


def test_a_task_is_moved_below_another_one_and_out_again(world: World) -> None:
    for id_ in ("first", "second", "task"):
        world.make(id_)
    world.change("task", set_task_status, SetTaskStatus("ada", "task", TaskStatus.COMPLETED), world.store, at(LATER))
    assert (move(world, "task", "first").attaches_to_parent, world.task("first").progress) == (True, Progress(1, 1))
    event = move(world, "task", "second")
    assert [(each.field, each.before, each.after) for each in event.changes] == [("parent_id", "first", "second")]
    assert (world.task("first").progress, world.task("second").progress) == (Progress(), Progress(1, 1))
    assert [task.id for task in world.store.subtasks(world.task("second"))] == ["task"]
    assert (move(world, "task", None).attaches_to_parent, world.task("second").progress) == (False, Progress())
    assert world.task("task") in world.store.page(TaskQuery("ada"), 10, None).items


def test_what_a_moved_subtask_has_counted_is_taken_back_from_each_parent_once(world: World) -> None:
    for id_ in ("first", "second", "task"):
        world.make(id_)
    world.make("other", "second")
    move(world, "task", "first")
    move(world, "task", "second")
    for _ in range(2):
        world.history.purge(hard_delete_event(world.task("task"), LATER))
    assert (world.task("first").progress, world.task("second").progress) == (Progress(), Progress(1, 0))


def test_a_move_is_counted_although_a_parent_has_left_the_table(world: World) -> None:
    world.make("new")
    world.store.add(example_task(id="task", parent_id="gone"))
    move(world, "task", "new")
    assert world.task("new").progress == Progress(1, 0)


@pytest.mark.parametrize(
    ("id_", "parent_id"), [("parent", "other"), ("other", "child"), ("other", "nobody"), *[("other",) * 2]]
)
def test_a_move_that_would_nest_deeper_is_refused(world: World, id_: str, parent_id: str) -> None:
    world.make("parent")
    world.make("other")
    world.make("child", "parent")
    with pytest.raises(InvalidInputError) as refused:
        update_task(UpdateTask("ada", id_, {"parent_id": parent_id}), world.store, at(LATER))
    assert refused.value.field == ("parent_id",)


def test_a_full_parent_takes_no_other_subtask() -> None:
    store = InMemoryTaskRepository()
    for id_ in ("full", "task"):
        store.add(example_task(id=id_))
    for number in range(100):
        store.add(example_task(id=f"of-full-{number}", parent_id="full"))
    with pytest.raises(LimitExceededError):
        update_task(UpdateTask("ada", "task", {"parent_id": "full"}), store, at(LATER))
    same = UpdateTask("ada", "of-full-1", {"parent_id": "full", "title": "Same parent"})
    assert update_task(same, store, at(LATER)).title == "Same parent"


@pytest.mark.parametrize("late", ["subtask", "move"])
def test_what_came_below_a_task_while_that_became_a_subtask_is_moved_beside_it(world: World, late: str) -> None:
    for id_ in ("top", "task"):
        world.make(id_)
    child = example_task(id="child", parent_id="task")
    if late == "move":
        world.store.add(child)
    world.store.replace(world.task("task"), with_details(world.task("task"), {"parent_id": "top"}, LATER))
    if late == "subtask":
        world.store.add(child)
    for _ in range(2):
        if late == "move":
            move_subtasks_up(world.task("task"), world.store, LATER)
        else:
            settle_below_parent(child, world.store, LATER)
    assert {task.id for task in world.store.subtasks(world.task("top"))} == {"task", "child"}


def test_subtasks_of_a_task_that_was_moved_out_again_stay_below_it(world: World) -> None:
    world.make("task")
    world.make("child", "task")
    move_subtasks_up(replace(world.task("task"), parent_id="top"), world.store, LATER)
    assert world.task("child").parent_id == "task"


def test_a_subtask_that_was_moved_away_outlives_its_former_parent(world: World) -> None:
    for id_ in ("first", "second"):
        world.make(id_)
    child = world.make("child", "first")
    event = world.change("first", delete_task, DeleteTask("ada", "first"), world.store, at(LATER), MONTH)
    update_task(UpdateTask("ada", "child", {"parent_id": "second"}), world.store, at(LATER))
    stale = StaleSubtasks(world.store, [child])
    delete_subtasks(event.task, stale, LATER)
    assert not world.task("child").deleted


@dataclass
class StaleSubtasks:
    """A repository whose list of subtasks is older than a change."""

    store: TaskRepository
    listed: list[Task]

    def subtasks(self, parent: Task) -> list[Task]:
        return self.listed

    def __getattr__(self, name: str) -> Any:
        return getattr(self.store, name)


def test_a_subtask_is_restored_as_a_task_of_its_own_if_its_parent_became_a_subtask(world: World) -> None:
    for id_ in ("top", "task"):
        world.make(id_)
    world.make("child", "task")
    world.change("child", delete_task, DeleteTask("ada", "child"), world.store, at(LATER), MONTH)
    move(world, "task", "top")
    assert restore_task(RestoreTask("ada", "child"), world.store, at(LATER)).parent_id is None
