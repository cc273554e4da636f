"""An import that is interrupted anywhere and sent again has each task once."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from typing import Any, cast
from uuid import UUID

import pytest

from taskbell.api.imported_rows import parse_part
from taskbell.application.ports import TaskName
from taskbell.application.task_import import ParsedPart, TaskImports
from taskbell.application.task_lists import TaskListRepository, TaskListService
from taskbell.domain.exceptions import InvalidInputError
from taskbell.domain.ids import derived_task_id
from taskbell.domain.task import Task, TaskStatus, soft_deleted
from taskbell.domain.transfer import ImportedPart, TaskImport, TransferFormat
from tests.support.examples import NOW, example_task
from tests.support.fakes import InMemoryProfileRepository, InMemoryTaskLists, InMemoryTaskRepository

DAY = timedelta(days=1)
PARENT, CHILD = (derived_task_id(NOW, name) for name in ("parent", "child"))
FAMILY = f'{{"id": "{PARENT}", "title": "Essay"}}\n{{"id": "{CHILD}", "title": "Chapter", "parentId": "{PARENT}"}}'


class Killed(Exception):
    """The process is gone."""


@dataclass
class Imports:
    """`ImportRepository` in a dict."""

    parts: dict[tuple[str, str, int], ImportedPart] = field(default_factory=dict)

    def part(self, owner_id: str, import_id: str, number: int) -> ImportedPart | None:
        return self.parts.get((owner_id, import_id, number))

    def save(self, owner_id: str, import_id: str, part: ImportedPart, now: Any) -> None:
        self.parts[owner_id, import_id, part.number] = part

    def get(self, owner_id: str, import_id: str) -> TaskImport | None:
        raise NotImplementedError


@dataclass
class Things:
    """`Things` of the repository's tasks."""

    store: InMemoryTaskRepository

    def read(self, names: Any) -> Any:
        assert len(names) <= 100
        found = {name: self.store.get(name.owner_id, name.task_id) for name in names if isinstance(name, TaskName)}
        return {name: task for name, task in found.items() if task}


@dataclass
class Dying:
    """A port whose process is killed before its nth call."""

    port: Any
    left: list[int]

    def __getattr__(self, name: str) -> Callable[..., Any]:
        def call(*arguments: Any) -> Any:
            if not self.left[0]:
                raise Killed
            self.left[0] -= 1
            return getattr(self.port, name)(*arguments)

        return call


class Rig:
    def __init__(self) -> None:
        self.store, self.imports, self.lists = InMemoryTaskRepository(), Imports(), InMemoryTaskLists()
        self.bits = count(1)

    def service(self, calls: int = 1_000_000) -> TaskImports:
        left = [calls]
        ports = (self.store, self.imports, Things(self.store), self.lists)
        store, imports, things, lists = (Dying(port, left) for port in ports)
        service = TaskListService(cast("TaskListRepository", lists), store, lambda: DAY, lambda: NOW)
        profiles = InMemoryProfileRepository()
        return TaskImports(
            imports, store, service, things, profiles, lambda: NOW, lambda: str(UUID(int=next(self.bits)))
        )

    def take(self, content: str, import_id: str = "old", number: int = 0, owner_id: str = "ada") -> ImportedPart:
        return self.service().take(owner_id, import_id, number, parsed(content, owner_id))

    def tasks(self, owner_id: str = "ada") -> list[Task]:
        return sorted((task for task in self.store.tasks.values() if task.owner_id == owner_id), key=lambda t: t.id)


@pytest.fixture
def rig() -> Rig:
    return Rig()


def parsed(content: str, owner_id: str = "ada") -> ParsedPart:
    format_ = TransferFormat.JSON if content.startswith("{") else TransferFormat.CSV
    return parse_part(content, format_, {}, owner_id)


def counts(part: ImportedPart) -> tuple[int, int, int]:
    return part.created, part.existing, len(part.errors)


def test_rows_become_tasks_in_their_order(rig: Rig) -> None:
    assert counts(rig.take("title\nRead\nWrite\nPrint")) == (3, 0, 0)
    assert [task.title for task in rig.tasks()] == ["Read", "Write", "Print"]


@pytest.mark.parametrize("content", [FAMILY, "title,status\nRead,PENDING\n,\nWrite,COMPLETED"])
def test_a_part_that_is_killed_at_any_call_and_sent_again_creates_each_task_once(content: str) -> None:
    for calls in count():
        rig = Rig()
        try:
            rig.service(calls).take("ada", "old", 0, parsed(content))
            break
        except Killed:
            assert counts(rig.take(content))[:2] == (2, 0)
            assert len(rig.tasks()) == 2
    assert calls >= 4


LISTED = """{"__typename": "TaskList", "name": "History", "color": "#1a73e8", "sections": ["Week 1"]}
{"title": "Read", "list": "history", "section": "Week 2"}
{"title": "Write", "list": "Physics", "section": "Lab"}"""


def test_lists_are_found_by_their_names_and_made_where_there_is_none(rig: Rig) -> None:
    for number in range(2):
        rig.take(LISTED, number=number)
    names = {each.id: each.name for each in rig.lists.all("ada")}
    assert sorted(names.values()) == ["History", "Physics"]
    history, physics = sorted(rig.lists.all("ada"), key=lambda each: each.name)
    assert (history.color, [section.name for section in history.sections]) == ("#1a73e8", ["Week 1", "Week 2"])
    found = {task.title: (names[task.list_id or ""], task.section_id) for task in rig.tasks()}
    assert found == {"Read": ("History", "2"), "Write": ("Physics", physics.sections[0].id)}


def test_an_import_with_lists_that_is_killed_at_any_call_and_sent_again_makes_each_once() -> None:
    for calls in count():
        rig = Rig()
        try:
            rig.service(calls).take("ada", "old", 0, parsed(LISTED))
            break
        except Killed:
            assert counts(rig.take(LISTED))[:2] == (2, 0)
            assert sorted(each.name for each in rig.lists.all("ada")) == ["History", "Physics"]
            assert [len(each.sections) for each in rig.lists.all("ada")] == [2, 1]
    assert calls >= 8


def test_a_part_that_is_done_is_answered_and_its_number_is_of_one_content(rig: Rig) -> None:
    first = rig.take("title\nRead")
    (task,) = rig.tasks()
    rig.store.replace(task, soft_deleted(task, NOW, DAY))
    assert rig.take("title\nRead") == first
    with pytest.raises(InvalidInputError) as refused:
        rig.take("title\nOther")
    assert refused.value.field == ("part",)


def test_the_same_file_of_another_import_creates_no_task_that_is_there(rig: Rig) -> None:
    rig.take(FAMILY)
    assert counts(rig.take(FAMILY, "again")) == (0, 2, 0)
    assert counts(rig.take("title\nRead", "one")) == counts(rig.take("title\nRead", "two")) == (1, 0, 0)


def test_an_export_finds_its_own_tasks_also_deleted_ones(rig: Rig) -> None:
    essay = example_task(id=PARENT)
    rig.store.add(essay)
    assert counts(rig.take(FAMILY)) == (1, 1, 0)
    assert [task.parent_id for task in rig.tasks() if task.id != PARENT] == [PARENT]
    other = Rig()
    other.store.add(soft_deleted(essay, NOW, DAY))
    part = other.take(FAMILY)
    assert (counts(part), part.errors[0].code) == ((0, 1, 1), "NOT_FOUND")


def test_at_another_owner_subtasks_find_the_parents_that_were_imported(rig: Rig) -> None:
    rig.store.add(example_task(id=PARENT))
    assert counts(rig.take(FAMILY, owner_id="grace")) == (2, 0, 0)
    parent, child = sorted(rig.tasks("grace"), key=lambda task: task.parent_id is not None)
    assert (child.parent_id, parent.title) == (parent.id, "Essay")
    assert parent.id != PARENT


def test_a_subtask_before_its_parent_is_told_to_come_again(rig: Rig) -> None:
    parent, child = FAMILY.split("\n")
    (error,) = rig.take(child, number=0).errors
    assert (error.code, error.field) == ("NOT_FOUND", "parent_id")
    rig.take(parent, number=1)
    assert counts(rig.take(child, number=0)) == (1, 0, 0)


def test_a_parent_takes_no_more_subtasks_than_it_may_have_and_those_again(rig: Rig) -> None:
    rig.take("id,title\np,Essay")
    rows = "title,parentId\n" + "x,p\n" * 100
    assert counts(rig.take(rows, number=1)) == (100, 0, 0)
    rig.imports.parts.clear()
    assert counts(rig.take(rows, number=1)) == (100, 0, 0)
    (error,) = rig.take("title,parentId\ny,p", number=2).errors
    assert error.code == "LIMIT_EXCEEDED"


def test_completed_tasks_stay_completed_and_a_rule_needs_a_date(rig: Rig) -> None:
    done = '{"title": "a", "status": "COMPLETED", "completedAt": "2020-01-01T00:00:00Z", "rrule": "FREQ=DAILY"}'
    part = rig.take(f'{done}\n{{"title": "b", "rrule": "FREQ=DAILY"}}')
    (task,) = rig.tasks()
    assert (task.status, task.recurrence) == (TaskStatus.COMPLETED, None)
    assert task.completed_at
    assert task.completed_at.year == 2020
    assert [(error.row, error.field) for error in part.errors] == [(2, "recurrence")]
