"""Subtasks, and how far a task's are, in the store and in what is remembered."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from adapters.cursors import Cursors
from adapters.dynamodb import DynamoHistory, DynamoTaskStore
from adapters.pages import Pages
from tasks.commands import CreateTask, DeleteTask, RestoreTask, SetTaskStatus
from tasks.errors import LimitExceeded, ValidationFailed
from tasks.events import TaskEvent, event_between
from tasks.ports import EventQuery, TaskQuery
from tasks.task import Progress, Task, TaskStatus
from tasks.use_cases import create_task, delete_if_orphaned, delete_subtasks, delete_task, restore_task, set_task_status
from tests.examples import LATER, NOW, example_task
from tests.fakes import InMemoryTaskStore

MONTH = timedelta(days=30)


@dataclass
class World:
    """A table whose changes are remembered as the pipeline does it, each twice."""

    store: DynamoTaskStore
    history: DynamoHistory

    def make(self, id_: str, parent_id: str | None = None) -> Task:
        task = create_task(CreateTask("ada", id_, id=id_, parent_id=parent_id), self.store, NOW, "unused")
        self._remember(event_between(None, task))
        return task

    def change(self, before_id: str, use_case: Any, *arguments: Any) -> TaskEvent:
        before = self.task(before_id)
        event = event_between(before, use_case(*arguments))
        self._remember(event)
        return event

    def task(self, id_: str) -> Task:
        task = self.store.get("ada", id_)
        assert task
        return task

    def _remember(self, event: TaskEvent) -> None:
        for _ in range(2):
            self.history.append(event)


@pytest.fixture
def world(dynamodb: Any) -> World:
    pages = Pages(dynamodb, "tasks", Cursors(lambda: "secret"))
    return World(DynamoTaskStore(dynamodb, "tasks", pages), DynamoHistory(dynamodb, "tasks", pages))


def test_a_parent_knows_how_far_its_subtasks_are(world: World) -> None:
    world.make("parent")
    for number in range(3):
        world.make(f"child-{number}", "parent")
    world.change("child-0", set_task_status, SetTaskStatus("ada", "child-0", TaskStatus.COMPLETED), world.store, LATER)
    assert world.task("parent").progress == Progress(total=3, completed=1)
    world.change("child-0", delete_task, DeleteTask("ada", "child-0"), world.store, LATER, MONTH)
    assert world.task("parent").progress == Progress(total=2, completed=0)
    world.change("child-0", restore_task, RestoreTask("ada", "child-0"), world.store, LATER)
    assert world.task("parent").progress == Progress(total=3, completed=1)


def test_progress_is_a_new_version_that_is_no_persons_edit(world: World) -> None:
    world.make("parent")
    world.make("child", "parent")
    parent = world.task("parent")
    assert (parent.version, parent.edited_version) == (2, 1)
    assert event_between(example_task(id="parent"), parent).actor is None


def test_a_subtask_whose_parent_has_left_the_table_is_remembered_all_the_same(world: World, dynamodb: Any) -> None:
    world.make("parent")
    child = world.make("child", "parent")
    dynamodb.delete_item(TableName="tasks", Key={"pk": {"S": "OWNER#ada"}, "sk": {"S": "TASK#parent"}})
    done = world.change(
        "child", set_task_status, SetTaskStatus("ada", child.id, TaskStatus.COMPLETED), world.store, LATER
    )
    assert done in world.history.page(EventQuery("ada", "child"), 10, None).items
    assert world.store.get("ada", "parent") is None


def test_subtasks_stand_below_their_parent_and_in_no_other_list(world: World) -> None:
    parent = world.make("parent")
    children = [world.make(f"child-{number}", "parent") for number in range(2)]
    top = world.store.page(TaskQuery("ada"), 10, None).items
    assert [task.id for task in top] == ["parent"]
    assert set(world.store.page(TaskQuery("ada", parent_id="parent"), 10, None).items) == set(children)
    assert set(world.store.subtasks(parent)) == set(children)
    for query in (TaskQuery("ada", (TaskStatus.PENDING,)), TaskQuery("ada", title_prefix="c")):
        assert [task.id for task in world.store.page(query, 10, None).items if task.parent_id] == []


def test_the_subtasks_of_a_deleted_task_are_deleted_and_forgotten_with_it(world: World) -> None:
    world.make("parent")
    world.make("child", "parent")
    event = world.change("parent", delete_task, DeleteTask("ada", "parent"), world.store, LATER, MONTH)
    assert event.orphans
    for _ in range(2):
        delete_subtasks(event.task, world.store, event.at)
    assert world.task("child").expires_at == world.task("parent").expires_at
    assert world.store.subtasks(event.task) == []


def test_the_subtasks_of_a_task_that_was_restored_at_once_stay(world: World) -> None:
    world.make("parent")
    world.make("child", "parent")
    event = world.change("parent", delete_task, DeleteTask("ada", "parent"), world.store, LATER, MONTH)
    restore_task(RestoreTask("ada", "parent"), world.store, LATER)
    delete_subtasks(event.task, world.store, event.at)
    assert not world.task("child").deleted


def test_a_subtask_that_was_made_while_its_parent_was_deleted_is_deleted_too(world: World) -> None:
    parent = world.make("parent")
    child = example_task(id="child", parent_id="parent")
    world.store.add(child)
    delete_task(DeleteTask("ada", "parent"), world.store, LATER, MONTH)
    assert event_between(parent, world.task("parent")).orphans
    assert event_between(None, child).joins
    delete_if_orphaned(child, world.store, LATER)
    assert world.task("child").deleted


def test_a_subtask_comes_back_only_after_its_parent(world: World) -> None:
    world.make("parent")
    world.make("child", "parent")
    event = world.change("parent", delete_task, DeleteTask("ada", "parent"), world.store, LATER, MONTH)
    delete_subtasks(event.task, world.store, event.at)
    with pytest.raises(ValidationFailed, match="parent"):
        restore_task(RestoreTask("ada", "child"), world.store, LATER)
    restore_task(RestoreTask("ada", "parent"), world.store, LATER)
    assert not restore_task(RestoreTask("ada", "child"), world.store, LATER).deleted


def test_completing_a_parent_leaves_its_subtasks_as_they_are(world: World) -> None:
    world.make("parent")
    world.make("child", "parent")
    world.change("parent", set_task_status, SetTaskStatus("ada", "parent", TaskStatus.COMPLETED), world.store, LATER)
    assert world.task("child").status is TaskStatus.PENDING


def test_a_parent_that_cannot_be_one_is_refused() -> None:
    store = InMemoryTaskStore()
    store.add(example_task(id="child", parent_id="essay"))
    store.add(example_task(id="full"))
    for number in range(100):
        store.add(example_task(id=f"of-full-{number}", parent_id="full"))
    for parent_id, refusal in (("nobody", ValidationFailed), ("child", ValidationFailed), ("full", LimitExceeded)):
        with pytest.raises(refusal) as refused:
            create_task(CreateTask("ada", "x", parent_id=parent_id), store, NOW, "new")
        assert refused.value.field == ("input", "parentId")
    assert store.get("ada", "new") is None
