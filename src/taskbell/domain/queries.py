"""Queries for lists: tasks, events and notifications of one owner, page by page."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum
from typing import Generic, TypeVar
from unicodedata import normalize

from taskbell.domain.search import finds
from taskbell.domain.statistics import OVERDUE, count_name
from taskbell.domain.task import Priority, Task, TaskStatus


class TaskOrderField(Enum):
    """The field that a list of tasks is ordered by."""

    CREATED_AT = "CREATED_AT"
    DUE_AT = "DUE_AT"
    UPDATED_AT = "UPDATED_AT"
    PRIORITY = "PRIORITY"
    TITLE = "TITLE"
    RANK = "RANK"


class OrderDirection(Enum):
    """The direction of a list's order."""

    ASC = "ASC"
    DESC = "DESC"


@dataclass(frozen=True, slots=True)
class TaskQuery:
    """A list of an owner's tasks without the deleted ones.

    A criterion that is None or empty does not filter, with these exceptions: an empty tuple of statuses or of
    `labels_any` excludes every task; without `parent_id` and `with_subtasks` there are no subtasks. Ordered by due
    date, the list has only tasks with one. Tasks of the same priority, title or last change are ordered by creation.

    Attributes:
        labels_any: A task has one of these labels, by `fold_case`.
        labels_all: A task has all of these labels, by `fold_case`.
        due_after: Inclusive.
        due_before: Exclusive.
        search: The words that a task's title or description has, by `search_terms`.
        list_id: A task is in this list, which has no subtasks.
        section_id: A task is in this section of the list.
        in_list: Whether a task is in some list, or in none.
        with_subtasks: Whether subtasks are in the list beside other tasks; with `parent_id`, there are no others.
    """

    owner_id: str
    statuses: tuple[TaskStatus, ...] | None = None
    order_by: TaskOrderField = TaskOrderField.CREATED_AT
    direction: OrderDirection = OrderDirection.DESC
    priority: Priority | None = None
    labels_any: tuple[str, ...] | None = None
    labels_all: tuple[str, ...] = ()
    due_after: datetime | None = None
    due_before: datetime | None = None
    has_due_date: bool | None = None
    overdue: bool | None = None
    search: tuple[str, ...] = ()
    parent_id: str | None = None
    with_subtasks: bool = False
    list_id: str | None = None
    section_id: str | None = None
    in_list: bool | None = None

    @property
    def matches_nothing(self) -> bool:
        """Whether the criteria exclude every task, such as no status, or no time between the due dates."""
        dated = self.order_by is TaskOrderField.DUE_AT or self.due_after or self.due_before
        return (
            self.statuses == ()
            or self.labels_any == ()
            or bool(self.due_after and self.due_before and self.due_after >= self.due_before)
            or bool(self.has_due_date is False and (dated or self.overdue))
            or bool(self.list_id and (self.parent_id or self.in_list is False))
        )

    @property
    def counted_as(self) -> tuple[str, ...] | None:
        """The names of the counts of statistics whose sum is the list's length; None if there are none."""
        if self.list_id:
            plain = TaskQuery(self.owner_id, self.statuses, self.order_by, self.direction, list_id=self.list_id)
            counted = replace(self, with_subtasks=False) == plain and self.order_by is not TaskOrderField.DUE_AT
            statuses = dict.fromkeys(self.statuses if self.statuses is not None else TaskStatus)
            return tuple(count_name(self.list_id, status) for status in statuses) if counted else None
        plain = TaskQuery(self.owner_id, self.statuses, overdue=self.overdue, with_subtasks=True)
        if (
            self != replace(plain, order_by=self.order_by, direction=self.direction)
            or self.order_by is TaskOrderField.DUE_AT
            or self.overdue is False
        ):
            return None
        if self.overdue:
            return None if self.statuses is not None else (OVERDUE,)
        return tuple(dict.fromkeys(status.value for status in self.statuses or TaskStatus))

    def matches(self, task: Task) -> bool:
        """Return whether the task is in the list."""
        due_at = task.due_at
        return (
            task.owner_id == self.owner_id
            and not task.deleted
            and (task.parent_id == self.parent_id or (self.with_subtasks and self.parent_id is None))
            and (self.statuses is None or task.status in self.statuses)
            and (self.order_by is not TaskOrderField.DUE_AT or due_at is not None)
            and self.priority in {None, task.priority}
            and (self.due_after is None or (due_at is not None and due_at >= self.due_after))
            and (self.due_before is None or (due_at is not None and due_at < self.due_before))
            and self.has_due_date in {None, due_at is not None}
            and self.overdue in {None, task.overdue}
            and self.list_id in {None, task.list_id}
            and self.section_id in {None, task.section_id}
            and self.in_list in {None, task.list_id is not None}
            and self.matches_content(task.title, task.description, task.labels)
        )

    def matches_content(self, title: str, description: str | None, labels: Iterable[str]) -> bool:
        """Return whether a task with this content has the labels and the words."""
        if self.labels_all or self.labels_any is not None:
            folded = set(map(fold_case, labels))
            if not folded.issuperset(self.labels_all):
                return False
            if self.labels_any is not None and folded.isdisjoint(self.labels_any):
                return False
        return not self.search or finds(self.search, title, description)


def fold_case(text: str) -> str:
    """Return the text for comparisons that ignore case and the Unicode form of accents."""
    return normalize("NFC", normalize("NFD", text).casefold())


T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """A page of a list.

    `cursors` has one cursor for each item; a cursor continues the list after its item. `end` continues a page that ends
    before its size, since enough was looked through.
    """

    items: tuple[T, ...]
    cursors: tuple[str, ...]
    has_next: bool
    end: str | None = None

    @property
    def end_cursor(self) -> str | None:
        """The cursor of the next page; of an empty last page there is none."""
        return self.end or (self.cursors[-1] if self.cursors else None)


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
