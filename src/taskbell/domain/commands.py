"""What a person may ask for. Commands arrive valid: the APIs check lengths, forms and zones."""

from dataclasses import dataclass, field
from datetime import datetime

from taskbell.domain.recurrence import Recurrence
from taskbell.domain.task import Priority, TaskStatus


@dataclass(frozen=True, slots=True)
class CreateTask:
    """Make a task. With an id of the client's choice, repeating the command makes no second task.

    What the owner's profile says holds for what is None.
    """

    owner_id: str
    title: str
    id: str | None = None
    description: str | None = None
    priority: Priority = Priority.NORMAL
    labels: tuple[str, ...] = ()
    due_at: datetime | None = None
    time_zone: str | None = None
    remind_before: tuple[int, ...] | None = None
    recurrence: Recurrence | None = None
    parent_id: str | None = None


@dataclass(frozen=True, slots=True)
class UpdateTask:
    """Change details of a task. `changes` holds only what was named: a field by name, None where it is cleared."""

    owner_id: str
    id: str
    changes: dict[str, object] = field(default_factory=dict)
    expected_version: int | None = None


@dataclass(frozen=True, slots=True)
class SetTaskStatus:
    """Move a task to another status."""

    owner_id: str
    id: str
    status: TaskStatus
    expected_version: int | None = None


@dataclass(frozen=True, slots=True)
class DeleteTask:
    """Delete a task; it stays in the table for the time of retention."""

    owner_id: str
    id: str
    expected_version: int | None = None


@dataclass(frozen=True, slots=True)
class RestoreTask:
    """Take a deletion back."""

    owner_id: str
    id: str
    expected_version: int | None = None
