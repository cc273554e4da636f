"""Taking changes of lists back: what a change has to remember for it, and the use case that does it."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast

from taskbell.application.list_documents import list_from_dict, list_to_dict
from taskbell.application.serialization import Document
from taskbell.application.task_lists import TaskListRepository, TaskListService
from taskbell.domain.exceptions import ConflictError, InvalidInputError, ListConflictError, NotFoundError
from taskbell.domain.task_list import TaskList, edited_list

# What its owner gives a list; numbers of sections are never used again.
_NAMES = ("name", "color", "rank", "sections", "archivedAt", "deletedAt", "fate", "movedTo", "expiresAt")
_TOO_LATE = "This can no longer be undone: ten minutes have passed."


@dataclass(frozen=True, slots=True)
class ListUndoStep:
    """How to take a change of one list back.

    Attributes:
        list_id: The list.
        version: The version that the change made. A list that was changed since stays as it is.
        before: The fields that the change has changed, as they were; `deletedAt` for a list that was not there.
    """

    list_id: str
    version: int
    before: Document


@dataclass
class RecordedLists:
    """A `TaskListRepository` that remembers the changes that are made with it."""

    lists: TaskListRepository
    steps: list[ListUndoStep] = field(default_factory=list)

    @classmethod
    def of(cls, lists: TaskListRepository) -> "tuple[TaskListRepository, RecordedLists]":
        """Return a repository, and what remembers its changes."""
        recorded = cls(lists)
        return cast("TaskListRepository", recorded), recorded

    def __getattr__(self, name: str) -> Any:
        """Do what the repository does."""
        return getattr(self.lists, name)

    def add(self, task_list: TaskList) -> TaskList | None:
        """Store a new list."""
        existing = self.lists.add(task_list)
        if existing is None:
            was_not_there = {"deletedAt": list_to_dict(task_list)["updatedAt"]}
            self.steps.append(ListUndoStep(task_list.id, task_list.version, was_not_there))
        return existing

    def replace(self, before: TaskList, after: TaskList) -> bool:
        """Store a change."""
        is_stored = self.lists.replace(before, after)
        old, new = list_to_dict(before), list_to_dict(after)
        changed = {name: old[name] for name in _NAMES if old[name] != new[name]}
        if is_stored and changed:
            self.steps.append(ListUndoStep(after.id, after.version, changed))
        return is_stored


def undo_list(service: TaskListService, owner_id: str, step: ListUndoStep, valid_until: datetime) -> TaskList:
    """Take a change of a list back, if it was not changed since; idempotent. A new list goes if it has no tasks.

    Raises:
        NotFoundError: The list has left the table.
        ConflictError: It was changed since, or has tasks.
        InvalidInputError: It is too late.
        UnavailableError: The table did not answer.
    """
    now, stored = service.clock(), service.lists.get(owner_id, step.list_id)
    if valid_until <= now:
        raise InvalidInputError(_TOO_LATE, ("tokens",))
    if stored is None:
        raise NotFoundError("There is no such list.", ("tokens",))
    before = list_from_dict(list_to_dict(stored) | step.before)
    if stored.version == step.version + 1 and before == stored:
        return stored
    if stored.version != step.version:
        raise ListConflictError(stored, ("tokens",))
    if before.deleted and service.tasks.ids_in_list(owner_id, stored.id):
        raise ConflictError(None, ("tokens",), "The list has tasks.")
    after = edited_list(stored, before, now)
    if after is not stored and not service.lists.replace(stored, after):
        raise ListConflictError(stored, ("tokens",))
    return after
