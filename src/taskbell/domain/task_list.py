"""Lists of tasks, which students use for their courses: named, coloured, dragged into an order, and archived."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum

from taskbell.domain.exceptions import InvalidInputError, LimitExceededError
from taskbell.domain.ranks import FIRST_RANK
from taskbell.domain.receipts import Receipt

MAX_LISTS = 200
MAX_SECTIONS = 30


class TasksOfDeletedList(Enum):
    """What becomes of the tasks of a list that is deleted."""

    KEEP = "KEEP"
    DELETE = "DELETE"


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a list. Its id is unique in its list, and never used again there."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class TaskList:
    """A list of an owner's tasks. Subtasks are in the list of their task.

    Attributes:
        id: A number, unique among its owner's lists and never used again: counts are named by it.
        color: Six hexadecimal digits after a number sign: #1a73e8.
        rank: Its place in the order that its owner has dragged, among the owner's lists.
        sections: In their order.
        next_section: The id of the next new section.
        archived_at: When it was archived; its tasks stay as they are.
        deleted_at: When it was deleted. What is left tells what becomes of tasks that came into it at that time.
        fate: What becomes of its tasks, if it is deleted.
        moved_to: The list that its tasks have come into, if they were kept; None for no list.
        version: Grows by one with every stored change.
        receipts: The changes of the last day that clients have named, oldest first.
        expires_at: When the table deletes what is left of a deleted list.
    """

    id: str
    owner_id: str
    name: str
    created_at: datetime
    updated_at: datetime
    color: str | None = None
    rank: str = FIRST_RANK
    sections: tuple[Section, ...] = ()
    next_section: int = 1
    archived_at: datetime | None = None
    deleted_at: datetime | None = None
    fate: TasksOfDeletedList = TasksOfDeletedList.KEEP
    moved_to: str | None = None
    version: int = 1
    receipts: tuple[Receipt, ...] = ()
    expires_at: datetime | None = None

    @property
    def deleted(self) -> bool:
        """Whether it is deleted."""
        return self.deleted_at is not None

    def has_section(self, section_id: str) -> bool:
        """Return whether one of its sections has that id."""
        return any(section.id == section_id for section in self.sections)


@dataclass(frozen=True, slots=True)
class GivenSection:
    """A section as its owner wants it: a new one has no id yet."""

    name: str
    id: str | None = None


def list_key(task_list: TaskList) -> tuple[str, int]:
    """Return what lists are sorted by in the order that their owner has dragged."""
    return task_list.rank, int(task_list.id)


def with_sections(task_list: TaskList, given: Sequence[GivenSection]) -> TaskList:
    """Return the list with other sections, in this order. What is left out is removed.

    Raises:
        InvalidInputError: A given id is none of the list's sections, or given twice.
        LimitExceededError: They are too many.
    """
    if len(given) > MAX_SECTIONS:
        raise LimitExceededError(f"A list can have at most {MAX_SECTIONS} sections.", ("sections",))
    ids = [section.id for section in given if section.id is not None]
    if len(ids) != len(set(ids)) or not all(map(task_list.has_section, ids)):
        raise InvalidInputError("There is no such section in the list.", ("sections",))
    number, sections = task_list.next_section, []
    for section in given:
        sections.append(Section(section.id or str(number), section.name))
        number += section.id is None
    return replace(task_list, sections=tuple(sections), next_section=number)


def edited_list(before: TaskList, after: TaskList, now: datetime) -> TaskList:
    """Return a changed list as its next version; the same object if nothing differs."""
    if after == before:
        return before
    return replace(after, version=before.version + 1, updated_at=max(now, before.updated_at))
