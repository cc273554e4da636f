"""Commands that change tasks. They are valid: the APIs check lengths, formats and time zones before.

With `mutation`, the client's name of the change, repeating a command within a day has no second effect.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from taskbell.domain.due import GivenDue
from taskbell.domain.occurrences import OccurrenceRange
from taskbell.domain.receipts import ClientMutation
from taskbell.domain.recurrence import Recurrence
from taskbell.domain.task import Priority, TaskStatus
from taskbell.domain.task_list import GivenSection, TasksOfDeletedList


@dataclass(frozen=True, slots=True)
class CreateTask:
    """Create a task.

    With a key, the client's own id, repeating the command creates no second task; the id of `mutation` is the key of a
    task without one. `parent_id` is the id of the parent.
    Where `time_zone` or `remind_before` (minutes before `due_at`) is None, the owner's profile applies.
    """

    owner_id: str
    title: str
    key: str | None = None
    description: str | None = None
    priority: Priority = Priority.NORMAL
    labels: tuple[str, ...] = ()
    status: TaskStatus = TaskStatus.PENDING
    due_at: GivenDue | None = None
    time_zone: str | None = None
    remind_before: tuple[int, ...] | None = None
    remind_at: tuple[datetime, ...] = ()
    recurrence: Recurrence | None = None
    parent_id: str | None = None
    rank: str | None = None
    list_id: str | None = None
    section_id: str | None = None
    mutation: ClientMutation | None = None


@dataclass(frozen=True, slots=True)
class UpdateTask:
    """Change a task's details.

    `changes` maps the names of the changed fields to their new values; None clears a field. With `parent_id`, the id of
    a parent, the task is moved. `range` says which occurrences of a recurring task get the changes. `add_labels` and
    `remove_labels` are changes of the labels that it has.
    """

    owner_id: str
    id: str
    changes: dict[str, object] = field(default_factory=dict)
    expected_version: int | None = None
    mutation: ClientMutation | None = None
    range: OccurrenceRange = OccurrenceRange.THISANDFUTURE
    add_labels: tuple[str, ...] = ()
    remove_labels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SetTaskStatus:
    """Change a task's status, and its place in the order if `rank` is given."""

    owner_id: str
    id: str
    status: TaskStatus
    expected_version: int | None = None
    mutation: ClientMutation | None = None
    rank: str | None = None


@dataclass(frozen=True, slots=True)
class SkipOccurrence:
    """Skip an occurrence of a recurring task: it is deleted, and the next one takes its place."""

    owner_id: str
    id: str
    expected_version: int | None = None
    mutation: ClientMutation | None = None


@dataclass(frozen=True, slots=True)
class DeleteTask:
    """Delete a task. It stays in the table, and can be restored, for the retention period."""

    owner_id: str
    id: str
    expected_version: int | None = None
    mutation: ClientMutation | None = None


@dataclass(frozen=True, slots=True)
class RestoreTask:
    """Restore a deleted task."""

    owner_id: str
    id: str
    expected_version: int | None = None
    mutation: ClientMutation | None = None


@dataclass(frozen=True, slots=True)
class PurgeTask:
    """Delete a deleted task for good, with its history and notifications."""

    owner_id: str
    id: str
    expected_version: int | None = None
    mutation: ClientMutation | None = None


@dataclass(frozen=True, slots=True)
class RenameLabel:
    """Give a label another name wherever it is; without one, remove it."""

    owner_id: str
    name: str
    new_name: str | None = None
    mutation: ClientMutation | None = None


@dataclass(frozen=True, slots=True)
class UndoChange:
    """Take a change of a task back: `before` maps names of its document to the values before the change."""

    owner_id: str
    id: str
    before: dict[str, Any]
    valid_until: datetime
    expected_version: int | None = None
    mutation: ClientMutation | None = None


@dataclass(frozen=True, slots=True)
class CreateTaskList:
    """Create a list of tasks; `rank` is its place among the owner's lists."""

    owner_id: str
    name: str
    color: str | None = None
    rank: str | None = None
    sections: tuple[GivenSection, ...] = ()
    mutation: ClientMutation | None = None


@dataclass(frozen=True, slots=True)
class UpdateTaskList:
    """Change a list: `changes` maps `name`, `color`, `rank`, `archived` (a bool) and `sections` to new values."""

    owner_id: str
    id: str
    changes: dict[str, object] = field(default_factory=dict)
    expected_version: int | None = None
    mutation: ClientMutation | None = None


@dataclass(frozen=True, slots=True)
class DeleteTaskList:
    """Delete a list; `tasks` says what becomes of its tasks. Those that are kept come into `moved_to`, or no list."""

    owner_id: str
    id: str
    tasks: TasksOfDeletedList
    moved_to: str | None = None
    mutation: ClientMutation | None = None
