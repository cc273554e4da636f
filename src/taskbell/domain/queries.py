"""What can be asked for: lists of one owner's tasks, events and notifications, page by page."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Generic, TypeVar
from unicodedata import normalize

from taskbell.domain.task import Priority, Task, TaskStatus


class TaskOrderField(Enum):
    """What a list of tasks is ordered by."""

    CREATED_AT = "CREATED_AT"
    DUE_AT = "DUE_AT"


class OrderDirection(Enum):
    """Which end of the order comes first."""

    ASC = "ASC"
    DESC = "DESC"


@dataclass(frozen=True, slots=True)
class TaskQuery:
    """A list of one owner's tasks. It holds no deleted task, and by due date only those that have one.

    None leaves a criterion out, but without a `parent_id` it holds no subtasks. `due_after` is counted in, `due_before`
    is not; `title_prefix` is compared `folded`.
    """

    owner_id: str
    statuses: tuple[TaskStatus, ...] | None = None
    order_by: TaskOrderField = TaskOrderField.CREATED_AT
    direction: OrderDirection = OrderDirection.DESC
    priority: Priority | None = None
    label: str | None = None
    due_after: datetime | None = None
    due_before: datetime | None = None
    overdue: bool | None = None
    title_prefix: str | None = None
    parent_id: str | None = None

    @property
    def impossible(self) -> bool:
        """Whether no task can be in the list: no status is let in, or no instant lies between the due dates."""
        return self.statuses == () or bool(self.due_after and self.due_before and self.due_after >= self.due_before)

    def holds(self, task: Task) -> bool:
        """Whether the task is in the list."""
        due_at = task.due_at
        return (
            task.owner_id == self.owner_id
            and not task.deleted
            and task.parent_id == self.parent_id
            and (self.statuses is None or task.status in self.statuses)
            and (self.order_by is not TaskOrderField.DUE_AT or due_at is not None)
            and self.priority in {None, task.priority}
            and (self.label is None or self.label in task.labels)
            and (self.due_after is None or (due_at is not None and due_at >= self.due_after))
            and (self.due_before is None or (due_at is not None and due_at < self.due_before))
            and self.overdue in {None, task.overdue}
            and (self.title_prefix is None or folded(task.title).startswith(folded(self.title_prefix)))
        )


def folded(text: str) -> str:
    """The text without regard to case, and to whether an accent stands in its letter or behind it."""
    return normalize("NFC", normalize("NFD", text).casefold())


T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """A stretch of a list: what it holds, with the cursor that stands behind each item."""

    items: tuple[T, ...]
    cursors: tuple[str, ...]
    has_next: bool


@dataclass(frozen=True, slots=True)
class EventQuery:
    """What happened to one owner's tasks, or to one of them, newest first."""

    owner_id: str
    task_id: str | None = None


@dataclass(frozen=True, slots=True)
class NotificationQuery:
    """One owner's notifications, newest first."""

    owner_id: str
