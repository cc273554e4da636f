"""Queries for lists: tasks, events and notifications of one owner, page by page."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Generic, TypeVar
from unicodedata import normalize

from taskbell.domain.task import Priority, Task, TaskStatus


class TaskOrderField(Enum):
    """The field that a list of tasks is ordered by."""

    CREATED_AT = "CREATED_AT"
    DUE_AT = "DUE_AT"


class OrderDirection(Enum):
    """The direction of a list's order."""

    ASC = "ASC"
    DESC = "DESC"


@dataclass(frozen=True, slots=True)
class TaskQuery:
    """A list of an owner's tasks without the deleted ones.

    A criterion that is None does not filter, with one exception: without `parent_id` there are no subtasks. Ordered by
    due date, the list has only tasks with one. `due_after` is inclusive, `due_before` exclusive; `title_prefix` ignores
    case.
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
    def matches_nothing(self) -> bool:
        """Whether the criteria exclude every task: no status, or no time between the due dates."""
        return self.statuses == () or bool(self.due_after and self.due_before and self.due_after >= self.due_before)

    def matches(self, task: Task) -> bool:
        """Return whether the task is in the list."""
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
            and (self.title_prefix is None or fold_case(task.title).startswith(fold_case(self.title_prefix)))
        )


def fold_case(text: str) -> str:
    """Return the text for comparisons that ignore case and the Unicode form of accents."""
    return normalize("NFC", normalize("NFD", text).casefold())


T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """A page of a list.

    `cursors` has one cursor for each item; a cursor continues the list after its item.
    """

    items: tuple[T, ...]
    cursors: tuple[str, ...]
    has_next: bool


@dataclass(frozen=True, slots=True)
class EventQuery:
    """The events of an owner's tasks, or of one task, newest first."""

    owner_id: str
    task_id: str | None = None


@dataclass(frozen=True, slots=True)
class ChangesQuery:
    """What has changed of an owner's tasks and notifications, in the order of time."""

    owner_id: str


@dataclass(frozen=True, slots=True)
class NotificationQuery:
    """An owner's notifications, newest first."""

    owner_id: str
