"""Lists of tasks: their own changes, the tasks in them, and what becomes of these."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from taskbell.adapters.dynamodb.cursors import CursorCodec
from taskbell.adapters.dynamodb.task_lists import DynamoDBTaskListRepository
from taskbell.adapters.dynamodb.task_repository import DynamoDBTaskRepository
from taskbell.application.list_undo import RecordedLists, undo_list
from taskbell.application.placing import placed
from taskbell.application.ports import TaskRepository
from taskbell.application.task_changes import create_task, restore_task, update_task
from taskbell.application.task_lists import (
    MAX_CHANGED,
    TaskListRepository,
    TaskListService,
    leave_list,
    settle_in_list,
)
from taskbell.application.undo import RecordedChanges, undo_change
from taskbell.domain.commands import (
    CreateTask,
    CreateTaskList,
    DeleteTaskList,
    RestoreTask,
    UndoChange,
    UpdateTask,
    UpdateTaskList,
)
from taskbell.domain.exceptions import (
    ConflictError,
    InvalidInputError,
    LimitExceededError,
    ListConflictError,
    NotFoundError,
)
from taskbell.domain.occurrences import OccurrenceRange, completed, with_changes
from taskbell.domain.queries import TaskOrderField, TaskQuery
from taskbell.domain.receipts import ClientMutation
from taskbell.domain.recurrence import Frequency, Recurrence
from taskbell.domain.task import Task, TaskStatus, restored, soft_deleted
from taskbell.domain.task_list import MAX_LISTS, MAX_SECTIONS, GivenSection, Section, TaskList, TasksOfDeletedList
from tests.contract.conftest import IMPLEMENTATIONS
from tests.support.examples import LATER, NOW, at, clock, example_task, fresh_id
from tests.support.fakes import InMemoryTaskLists, InMemoryTaskRepository

KEEP, DELETE = TasksOfDeletedList.KEEP, TasksOfDeletedList.DELETE
RETENTION = timedelta(days=30)
MUCH_LATER = LATER + timedelta(minutes=10)


class Died(Exception):
    """The process has died."""


class Mortal:
    """What dies with the write after the last one that is left."""

    def __init__(self, of: Any, left: Iterator[int]) -> None:
        self.of, self.left = of, left

    def __getattr__(self, name: str) -> Any:
        return getattr(self.of, name)

    def replace(self, *arguments: Any) -> bool:
        if next(self.left, None) is None:
            raise Died
        return bool(self.of.replace(*arguments))


@pytest.fixture(params=IMPLEMENTATIONS)
def service(request: pytest.FixtureRequest) -> TaskListService:
    lists: TaskListRepository = InMemoryTaskLists()
    store: TaskRepository = InMemoryTaskRepository()
    if request.param != "in memory":
        client = request.getfixturevalue(request.param)
        lists = DynamoDBTaskListRepository(client, "tasks", clock)
        store = DynamoDBTaskRepository(client, "tasks", CursorCodec(lambda: "secret"), clock)
    return TaskListService(lists, store, lambda: RETENTION, at(LATER))


def named(name: str, at_: datetime = NOW) -> ClientMutation:
    return ClientMutation(name, at_, "content")


def create(service: TaskListService, name: str = "History", **fields: Any) -> TaskList:
    return service.create(CreateTaskList("ada", name, **fields))


def add(service: TaskListService, task_list: TaskList, **fields: Any) -> Task:
    task = example_task(id=fields.pop("id", None) or fresh_id(), list_id=task_list.id, **fields)
    assert service.tasks.add(task) is None
    return task


def stored(service: TaskListService, task: Task) -> Task:
    found = service.tasks.get("ada", task.id)
    assert found
    return found


def stored_list(service: TaskListService, list_id: str) -> TaskList:
    found = service.lists.get("ada", list_id)
    assert found
    return found


def titles(service: TaskListService, **criteria: Any) -> list[str]:
    page = service.tasks.page(TaskQuery("ada", **criteria), 100, None)
    return [task.title for task in page.items]


def test_lists_stand_in_the_order_that_is_dragged_each_owners_apart(service: TaskListService) -> None:
    first, second = create(service, "History", color="#1a73e8"), create(service, "Physics")
    hers = service.create(CreateTaskList("grace", "Hers"))
    assert service.lists.all("ada") == [first, second]
    assert service.lists.all("grace") == [hers]
    moved = service.update(UpdateTaskList("ada", second.id, {"rank": "Zz"}))
    assert service.lists.all("ada") == [moved, first]
    assert (moved.version, moved.updated_at) == (2, LATER)
    assert service.lists.get("grace", first.id) is None or service.lists.get("grace", first.id) == hers


def test_a_creation_that_is_repeated_makes_one_list(service: TaskListService) -> None:
    made = create(service, mutation=named("m"))
    assert create(service, mutation=named("m", NOW + timedelta(hours=23))) == made
    assert service.lists.all("ada") == [made]
    another = create(service, mutation=named("m", NOW + timedelta(hours=25)))
    assert service.lists.all("ada") == [made, another]
    with pytest.raises(InvalidInputError):
        create(service, mutation=replace(named("m", NOW + timedelta(hours=26)), content="other"))


def test_a_creation_that_died_before_its_list_was_stored_makes_it_under_the_same_id(service: TaskListService) -> None:
    id_ = service.lists.new_id("ada", named("m"))
    service.lists.new_id("ada", None)
    assert create(service, mutation=named("m")).id == id_


def test_a_change_sets_what_it_names_and_nothing_else(service: TaskListService) -> None:
    made = create(service, color="#1a73e8", sections=(GivenSection("Week 1"),))
    changed = service.update(
        UpdateTaskList("ada", made.id, {"name": "World history", "archived": True}, mutation=named("a"))
    )
    assert changed.name == "World history"
    assert (changed.color, changed.sections) == ("#1a73e8", (Section("1", "Week 1"),))
    assert changed.archived_at == LATER
    assert service.update(UpdateTaskList("ada", made.id, {"name": "Other"}, mutation=named("a"))) == changed
    assert service.update(UpdateTaskList("ada", made.id, {"archived": True})) == changed
    assert service.update(UpdateTaskList("ada", made.id, {"archived": False})).archived_at is None
    assert service.lists.all("ada")[0].name == "World history"
    with pytest.raises(NotFoundError):
        service.update(UpdateTaskList("grace", made.id, {"name": "Mine now"}))


def test_ids_of_sections_are_never_used_again(service: TaskListService) -> None:
    made = create(service, sections=(GivenSection("One"), GivenSection("Two")))
    given = (GivenSection("Two, renamed", "2"), GivenSection("Three"))
    changed = service.update(UpdateTaskList("ada", made.id, {"sections": given}))
    assert changed.sections == (Section("2", "Two, renamed"), Section("3", "Three"))
    emptied = service.update(UpdateTaskList("ada", made.id, {"sections": ()}))
    again = service.update(UpdateTaskList("ada", made.id, {"sections": (GivenSection("Four"),)}))
    assert (emptied.sections, again.sections) == ((), (Section("4", "Four"),))


@pytest.mark.parametrize("given", [(GivenSection("One", "9"),), (GivenSection("One", "1"), GivenSection("Twice", "1"))])
def test_sections_that_the_list_does_not_have_are_refused(
    service: TaskListService, given: tuple[GivenSection, ...]
) -> None:
    made = create(service, sections=(GivenSection("One"),))
    with pytest.raises(InvalidInputError):
        service.update(UpdateTaskList("ada", made.id, {"sections": given}))


def test_lists_and_sections_have_limits(service: TaskListService, monkeypatch: pytest.MonkeyPatch) -> None:
    assert (MAX_LISTS, MAX_SECTIONS) == (200, 30)
    monkeypatch.setattr("taskbell.application.task_lists.MAX_LISTS", 1)
    with pytest.raises(LimitExceededError):
        create(service, sections=tuple(GivenSection(str(number)) for number in range(31)))
    create(service)
    with pytest.raises(LimitExceededError):
        create(service)


def test_tasks_of_a_list_are_found_by_status_and_in_every_order(service: TaskListService) -> None:
    ours, other = create(service), create(service, "Other")
    add(service, ours, id="01", title="Old", rank="a2")
    add(service, ours, id="02", title="New", rank="a1", section_id="1", status=TaskStatus.IN_PROGRESS)
    add(service, ours, id="03", title="Done", rank="a0", status=TaskStatus.COMPLETED, completed_at=NOW)
    add(service, other, id="04", title="Elsewhere")
    service.tasks.add(example_task(id="05", title="In no list"))
    service.tasks.add(example_task(id="06", title="Subtask", parent_id="01"))
    service.tasks.add(soft_deleted(example_task(id="07", title="Gone", list_id=ours.id), NOW, RETENTION))
    assert titles(service, list_id=ours.id) == ["Done", "New", "Old"]
    open_ = (TaskStatus.PENDING, TaskStatus.IN_PROGRESS)
    assert titles(service, list_id=ours.id, statuses=open_, order_by=TaskOrderField.RANK) == ["Old", "New"]
    assert titles(service, list_id=ours.id, statuses=(TaskStatus.COMPLETED,)) == ["Done"]
    assert titles(service, list_id=ours.id, statuses=()) == []
    assert titles(service, list_id=ours.id, section_id="1") == ["New"]
    assert titles(service, list_id=ours.id, with_subtasks=True) == ["Done", "New", "Old"]
    assert titles(service, in_list=False) == ["In no list"]
    assert titles(service, in_list=True, statuses=open_) == ["Elsewhere", "New", "Old"]
    assert titles(service, in_list=False, search=("in",)) == ["In no list"]
    assert titles(service, in_list=False, list_id=ours.id) == []
    assert sorted(service.tasks.ids_in_list("ada", ours.id)) == ["01", "02", "03"]
    assert titles(service, list_id="77") == []


def test_pages_of_a_list_go_on_where_they_ended(service: TaskListService) -> None:
    ours = create(service)
    for number in range(7):
        done = {"status": TaskStatus.COMPLETED, "completed_at": NOW} if number % 2 else {}
        add(service, ours, id=f"0{number}", title=str(number), **done)
    query, seen, after = TaskQuery("ada", list_id=ours.id), list[str](), None
    while True:
        page = service.tasks.page(query, 2, after)
        seen += [task.title for task in page.items]
        after = page.end_cursor
        if not page.has_next:
            break
    assert seen == ["6", "5", "4", "3", "2", "1", "0"]


def test_a_task_comes_into_a_list_and_a_section_that_are_there(service: TaskListService) -> None:
    ours, other = create(service, sections=(GivenSection("Week 1"),)), create(service, "Other")
    find = service.lists.get
    task = create_task(
        CreateTask("ada", "Essay", list_id=ours.id, section_id="1"), service.tasks, NOW, fresh_id(), find_list=find
    )
    assert (task.list_id, task.section_id) == (ours.id, "1")

    def updated(**changes: object) -> tuple[str | None, str | None]:
        after = update_task(UpdateTask("ada", task.id, changes), service.tasks, at(LATER), find)
        return after.list_id, after.section_id

    assert updated(title="Another") == (ours.id, "1")
    assert updated(list_id=other.id) == (other.id, None)
    assert updated(list_id=ours.id, section_id="1") == (ours.id, "1")
    assert updated(list_id=ours.id) == (ours.id, "1")
    assert updated(section_id=None) == (ours.id, None)
    assert updated(section_id="1") == (ours.id, "1")
    assert updated(list_id=None) == (None, None)


@pytest.mark.parametrize(
    ("place", "field"),
    [
        ({"list_id": "9"}, "list_id"),
        ({"list_id": "1", "section_id": "2"}, "section_id"),
        ({"section_id": "1"}, "section_id"),
        ({"parent_id": "parent", "list_id": "1"}, "list_id"),
    ],
)
def test_a_place_that_is_not_there_is_refused(service: TaskListService, place: dict[str, str], field: str) -> None:
    create(service, sections=(GivenSection("Week 1"),))
    service.tasks.add(example_task(id="parent"))
    service.tasks.add(example_task(id="task"))
    with pytest.raises(InvalidInputError) as refused:
        create_task(CreateTask("ada", "Essay", **place), service.tasks, NOW, fresh_id(), find_list=service.lists.get)  # type: ignore[arg-type]
    assert refused.value.field == (field,)
    with pytest.raises(InvalidInputError) as refused:
        update_task(UpdateTask("ada", "task", dict(place)), service.tasks, clock, service.lists.get)
    assert refused.value.field == (field,)


def test_a_task_that_moves_below_another_leaves_its_list(service: TaskListService) -> None:
    task = example_task(list_id="1", section_id="1")
    assert placed(task, {"parent_id": "parent"}, service.lists.get) == {
        "parent_id": "parent",
        "list_id": None,
        "section_id": None,
    }


def test_a_deleted_lists_tasks_stay_in_no_list_or_come_into_another(service: TaskListService) -> None:
    ours, other = create(service), create(service, "Other")
    task, done = add(service, ours, section_id="1"), add(service, ours, status=TaskStatus.COMPLETED, completed_at=NOW)
    deleted = service.delete(DeleteTaskList("ada", ours.id, KEEP, other.id, named("d")))
    assert deleted.task_list.deleted
    assert sorted(deleted.changed_ids) == sorted([task.id, done.id])
    assert {stored(service, each).list_id for each in (task, done)} == {other.id}
    assert stored(service, task).section_id is None
    assert service.lists.all("ada") == [other]
    assert service.delete(DeleteTaskList("ada", ours.id, KEEP, other.id, named("d"))).task_list == deleted.task_list
    with pytest.raises(NotFoundError):
        service.delete(DeleteTaskList("ada", ours.id, KEEP))
    service.delete(DeleteTaskList("ada", other.id, KEEP))
    assert stored(service, task).list_id is None


def test_a_deleted_lists_tasks_can_be_deleted_with_it(service: TaskListService) -> None:
    ours = create(service)
    task = add(service, ours)
    service.delete(DeleteTaskList("ada", ours.id, DELETE))
    assert stored(service, task).deleted
    assert stored(service, task).expires_at == LATER + RETENTION


@pytest.mark.parametrize("target", ["itself", "77", "deleted"])
def test_tasks_come_into_no_list_that_is_not_there(service: TaskListService, target: str) -> None:
    ours, gone = create(service), create(service, "Gone")
    service.delete(DeleteTaskList("ada", gone.id, KEEP))
    moved_to = {"itself": ours.id, "deleted": gone.id}.get(target, target)
    with pytest.raises(InvalidInputError):
        service.delete(DeleteTaskList("ada", ours.id, KEEP, moved_to))
    assert service.lists.all("ada") == [ours]


def test_a_long_list_is_deleted_when_its_last_task_has_left_it(service: TaskListService) -> None:
    ours = create(service)
    for _ in range(MAX_CHANGED + 1):
        add(service, ours)
    first = service.delete(DeleteTaskList("ada", ours.id, KEEP, mutation=named("d")))
    assert (len(first.changed_ids), first.has_more, first.task_list.deleted) == (MAX_CHANGED, True, False)
    second = service.delete(DeleteTaskList("ada", ours.id, KEEP, mutation=named("d")))
    assert (len(second.changed_ids), second.has_more, second.task_list.deleted) == (1, False, True)


@pytest.mark.parametrize("fate", [KEEP, DELETE])
@pytest.mark.parametrize("writes", range(4))
def test_a_deletion_that_dies_between_any_two_writes_is_completed_by_its_repetition(
    service: TaskListService, fate: TasksOfDeletedList, writes: int
) -> None:
    ours = create(service)
    tasks = [add(service, ours) for _ in range(3)]
    left = iter(range(writes))
    dying = replace(service, tasks=Mortal(service.tasks, left), lists=Mortal(service.lists, left))
    with pytest.raises(Died):
        dying.delete(DeleteTaskList("ada", ours.id, fate, mutation=named("d")))
    assert service.lists.all("ada") == [ours]
    service.delete(DeleteTaskList("ada", ours.id, fate, mutation=named("d")))
    assert service.lists.all("ada") == []
    assert all(stored(service, task).deleted or stored(service, task).list_id is None for task in tasks)


def test_a_task_that_has_left_a_list_meanwhile_stays_where_it_is(service: TaskListService) -> None:
    ours, other = create(service), create(service, "Other")
    task, gone = add(service, other), replace(ours, deleted_at=NOW)
    assert not leave_list(task.id, gone, service.tasks, LATER, RETENTION)
    assert not leave_list(fresh_id(), gone, service.tasks, LATER, RETENTION)
    assert stored(service, task) == task


@pytest.mark.parametrize("fate", [KEEP, DELETE])
def test_what_comes_into_a_list_while_it_is_deleted_follows_the_others(
    service: TaskListService, fate: TasksOfDeletedList
) -> None:
    ours, other = create(service), create(service, "Other")
    service.delete(DeleteTaskList("ada", ours.id, fate, other.id if fate is KEEP else None))
    late = add(service, ours)
    for _ in range(2):
        settle_in_list(late, service.lists, service.tasks, LATER)
    assert stored(service, late).deleted is (fate is DELETE)
    assert stored(service, late).list_id == (other.id if fate is KEEP else ours.id)


def test_what_is_restored_into_a_list_that_is_long_gone_is_in_none(service: TaskListService) -> None:
    task = example_task(id=fresh_id(), list_id="77")
    service.tasks.add(restored(soft_deleted(task, NOW, RETENTION), LATER))
    settle_in_list(task, service.lists, service.tasks, LATER)
    assert stored(service, task).list_id is None


def test_a_task_that_was_deleted_with_its_list_is_restored_in_none(service: TaskListService) -> None:
    ours = create(service)
    task = add(service, ours, section_id="1")
    service.delete(DeleteTaskList("ada", ours.id, DELETE))
    back = restore_task(RestoreTask("ada", task.id), service.tasks, at(LATER), service.lists.get)
    assert (back.deleted, back.list_id, back.section_id) == (False, None, None)
    settle_in_list(replace(back, list_id=ours.id), service.lists, service.tasks, LATER, is_restored=True)
    assert stored(service, task) == back


def test_a_task_that_an_older_version_restored_into_a_deleted_list_is_kept(service: TaskListService) -> None:
    ours = create(service)
    task = add(service, ours)
    service.delete(DeleteTaskList("ada", ours.id, DELETE))
    back = restore_task(RestoreTask("ada", task.id), service.tasks, at(LATER), lambda *_: ours)
    settle_in_list(back, service.lists, service.tasks, LATER, is_restored=True)
    assert (stored(service, task).deleted, stored(service, task).list_id) == (False, None)


def test_a_task_is_restored_in_its_list_if_that_is_there(service: TaskListService) -> None:
    ours = create(service)
    task = add(service, ours)
    service.tasks.replace(task, soft_deleted(task, NOW, RETENTION))
    back = restore_task(RestoreTask("ada", task.id), service.tasks, at(LATER), service.lists.get)
    assert back.list_id == ours.id


@pytest.mark.parametrize("fate", [KEEP, DELETE])
def test_undoing_the_deletion_of_a_list_brings_tasks_back_in_no_list_and_leaves_moved_ones(
    service: TaskListService, fate: TasksOfDeletedList
) -> None:
    ours, other = create(service), create(service, "Other")
    task = add(service, ours)
    store, recorded = RecordedChanges.of(service.tasks)
    deleting = replace(service, tasks=store)
    deleting.delete(DeleteTaskList("ada", ours.id, fate, other.id if fate is KEEP else None))
    (step,) = recorded.steps
    command = UndoChange("ada", task.id, step.before, LATER + RETENTION, step.version)
    back = undo_change(command, service.tasks, at(LATER), RETENTION, service.lists.get).task
    assert (back.deleted, back.list_id) == (False, other.id if fate is KEEP else None)
    assert stored(service, task) == back


def test_changes_of_a_list_are_taken_back_the_last_one_first(service: TaskListService) -> None:
    lists, recorded = RecordedLists.of(service.lists)
    changing = replace(service, lists=lists)
    made = create(changing, color="#1a73e8", sections=(GivenSection("Week 1"),))
    changes: dict[str, object] = {"name": "Another", "color": None, "archived": True, "sections": ()}
    changing.update(UpdateTaskList("ada", made.id, changes))
    changing.delete(DeleteTaskList("ada", made.id, KEEP))
    for step, names in zip(reversed(recorded.steps), (["Another"], ["History"], []), strict=True):
        back = undo_list(service, "ada", replace(step, version=stored_list(service, made.id).version), MUCH_LATER)
        assert [each.name for each in service.lists.all("ada")] == names
        if names == ["History"]:
            assert replace(back, version=made.version, updated_at=made.updated_at) == made


def test_taking_a_change_of_a_list_back_can_be_repeated_and_is_in_time(service: TaskListService) -> None:
    lists, recorded = RecordedLists.of(service.lists)
    made = create(service)
    replace(service, lists=lists).update(UpdateTaskList("ada", made.id, {"name": "Another"}))
    (step,) = recorded.steps
    with pytest.raises(InvalidInputError):
        undo_list(service, "ada", step, LATER)
    back = undo_list(service, "ada", step, MUCH_LATER)
    assert undo_list(service, "ada", step, MUCH_LATER) == back == stored_list(service, made.id)
    service.update(UpdateTaskList("ada", made.id, {"color": "#000000"}))
    with pytest.raises(ListConflictError):
        undo_list(service, "ada", step, MUCH_LATER)
    with pytest.raises(NotFoundError):
        undo_list(service, "grace", step, MUCH_LATER)


def test_a_new_list_with_tasks_is_not_taken_back(service: TaskListService) -> None:
    lists, recorded = RecordedLists.of(service.lists)
    made = create(replace(service, lists=lists))
    add(service, made)
    with pytest.raises(ConflictError):
        undo_list(service, "ada", recorded.steps[0], MUCH_LATER)
    assert service.lists.all("ada") == [made]


@pytest.mark.parametrize("fate", [KEEP, DELETE])
def test_the_deletion_of_a_list_is_taken_back_with_its_tasks(
    service: TaskListService, fate: TasksOfDeletedList
) -> None:
    ours = create(service)
    task = add(service, ours)
    (store, tasks), (lists, recorded) = RecordedChanges.of(service.tasks), RecordedLists.of(service.lists)
    replace(service, tasks=store, lists=lists).delete(DeleteTaskList("ada", ours.id, fate))
    undo_list(service, "ada", recorded.steps[0], MUCH_LATER)
    (step,) = tasks.steps
    command = UndoChange("ada", task.id, step.before, MUCH_LATER, step.version)
    back = undo_change(command, service.tasks, at(LATER), RETENTION, service.lists.get).task
    assert (back.deleted, back.list_id) == (False, ours.id)
    settle_in_list(back, service.lists, service.tasks, LATER, is_restored=fate is DELETE)
    assert stored(service, task) == back
    assert [each.id for each in service.lists.all("ada")] == [ours.id]


def test_a_list_that_has_changed_since_is_a_conflict(service: TaskListService) -> None:
    made = create(service)
    changed = service.update(UpdateTaskList("ada", made.id, {"name": "Another"}, made.version))
    with pytest.raises(ListConflictError) as conflict:
        service.update(UpdateTaskList("ada", made.id, {"name": "Third"}, made.version))
    assert conflict.value.task_list == changed


def test_where_one_occurrence_is_alone_does_not_pass_on(service: TaskListService) -> None:
    ours, other = create(service), create(service, "Other")
    task = example_task(due_at=LATER, list_id=ours.id, recurrence=Recurrence(Frequency.DAILY))
    moved = with_changes(task, {"list_id": other.id, "section_id": None}, OccurrenceRange.THIS, NOW)
    following = completed(moved, LATER).next
    assert following
    assert (moved.list_id, following.list_id) == (other.id, ours.id)


def test_what_follows_an_occurrence_leaves_a_deleted_list_too(service: TaskListService) -> None:
    ours, other = create(service), create(service, "Other")
    task = example_task(due_at=LATER, list_id=ours.id, recurrence=Recurrence(Frequency.DAILY))
    renamed = with_changes(task, {"title": "Today alone"}, OccurrenceRange.THIS, NOW)
    service.tasks.add(renamed)
    service.delete(DeleteTaskList("ada", ours.id, KEEP, other.id))
    assert stored(service, renamed).later_details.list_id == other.id


def test_a_task_stays_in_a_list_that_is_there(service: TaskListService) -> None:
    task = add(service, create(service))
    settle_in_list(task, service.lists, service.tasks, LATER)
    assert stored(service, task) == task
