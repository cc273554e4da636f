"""Taking changes of tasks back: what a change has to remember for it, and the use case that does it."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any, cast

from taskbell.application.occurrences import change_with_next
from taskbell.application.placing import FindList, in_live_list
from taskbell.application.ports import TaskRepository
from taskbell.application.serialization import Document, camel_case, task_from_dict, task_to_dict
from taskbell.application.task_changes import Clock, check_move
from taskbell.domain.commands import UndoChange
from taskbell.domain.exceptions import ConflictError, InvalidInputError
from taskbell.domain.occurrences import Occurrences, may_be_taken_back
from taskbell.domain.rules import check_restorable, check_retention, check_subtask_limit
from taskbell.domain.task import Task
from taskbell.domain.undo import OF_OWNER, undone

_NAMES = {*map(camel_case, OF_OWNER), "deletedAt", "dueClock"} - {"nominalDue"}


@dataclass(frozen=True, slots=True)
class UndoStep:
    """How to take a change of one task back.

    Attributes:
        task_id: The task.
        version: The version that the change made. A task that its owner has changed since stays as it is.
        before: The fields that the change has changed, as they were; `deletedAt` for a task that was not there.
    """

    task_id: str
    version: int
    before: Document


@dataclass
class RecordedChanges:
    """A `TaskRepository` that remembers the changes that are made with it.

    `changes` are the tasks before and after them, in their order; None for a task that was not there.
    """

    store: TaskRepository
    changes: list[tuple[Task | None, Task]] = field(default_factory=list)

    @classmethod
    def of(cls, store: TaskRepository) -> "tuple[TaskRepository, RecordedChanges]":
        """Return a repository, and what remembers its changes."""
        recorded = cls(store)
        return cast("TaskRepository", recorded), recorded

    def __getattr__(self, name: str) -> Any:
        """Do what the repository does."""
        return getattr(self.store, name)

    def add(self, task: Task) -> Task | None:
        """Store a new task."""
        existing = self.store.add(task)
        if existing is None:
            self.changes.append((None, task))
        return existing

    def replace(self, before: Task, after: Task, beside: Sequence[tuple[Task | None, Task]] = ()) -> bool:
        """Store a change. The next occurrence beside it is taken back with it."""
        is_stored = self.store.replace(before, after, beside)
        if is_stored and after.version != before.version:
            self.changes.append((before, after))
        return is_stored

    @property
    def steps(self) -> list[UndoStep]:
        """How to take the changes back, the last one first."""
        return [_step(before, after) for before, after in reversed(self.changes)]


def undo_change(
    command: UndoChange, store: TaskRepository, clock: Clock, retention: timedelta, find_list: FindList
) -> Occurrences:
    """Take a change of a task back, if its owner has not changed it since.

    If the list to which it would return is gone, it stays where it is; what was deleted comes back into no list then.

    Raises:
        NotFoundError: There is no such task, or its retention has ended.
        ConflictError: The task, or the next occurrence that the change made, was changed since.
        InvalidInputError: It is too late, or the parent to which a subtask would return is deleted or a subtask itself.
        LimitExceededError: That parent has too many subtasks.
        UnavailableError: The table did not answer, or the task changed during each attempt.
    """

    def decide(task: Task) -> tuple[Occurrences, Task | None]:
        now = clock()
        if command.valid_until <= now:
            raise InvalidInputError("This can no longer be undone: ten minutes have passed.", ("tokens",))
        before = task_from_dict(task_to_dict(task) | command.before)
        check_retention(task, now)
        if task.deleted and not before.deleted and before.parent_id:
            before = replace(before, parent_id=_parent_to_return_to(before, store))
        elif before.parent_id != task.parent_id:
            check_move(before, store)
        if before.list_id and (task.deleted or before.list_id != task.list_id):
            before = in_live_list(before, find_list, task)
        next_ = store.get(task.owner_id, task.next_id) if task.next_id and not before.next_id else None
        if next_ and not may_be_taken_back(next_, [] if next_.deleted else store.subtasks(next_)):
            raise ConflictError(task, ("tokens",), "Its next occurrence was changed since.")
        return undone(task, before, next_, now, retention), next_

    return change_with_next(store, command, decide, include_deleted=True)


def _step(before: Task | None, after: Task) -> UndoStep:
    if before is None:
        return UndoStep(after.id, after.edited_version, {"deletedAt": task_to_dict(after)["updatedAt"]})
    old, new = task_to_dict(before), task_to_dict(after)
    changed = {name: old[name] for name in _NAMES if old[name] != new[name]}
    return UndoStep(after.id, after.edited_version, changed)


def _parent_to_return_to(subtask: Task, store: TaskRepository) -> str | None:
    """Return the parent with which a deleted subtask is restored; None if that is gone, or a subtask itself now."""
    parent = store.get(subtask.owner_id, subtask.parent_id or "")
    if parent is None or parent.purged or parent.parent_id:
        return None
    check_restorable(parent)
    check_subtask_limit(store.subtask_ids(parent), subtask.id, ("tokens",))
    return parent.id
