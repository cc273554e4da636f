"""Use cases of lists of tasks."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Protocol

from taskbell.application.placing import is_live
from taskbell.application.ports import TaskRepository
from taskbell.application.task_changes import Clock, change
from taskbell.domain.commands import CreateTaskList, DeleteTaskList, UpdateTask, UpdateTaskList
from taskbell.domain.exceptions import (
    InvalidInputError,
    LimitExceededError,
    ListConflictError,
    NotFoundError,
    UnavailableError,
)
from taskbell.domain.ranks import rank_behind
from taskbell.domain.receipts import ClientMutation, added
from taskbell.domain.rules import is_repetition
from taskbell.domain.task import Task, soft_deleted, with_details
from taskbell.domain.task_list import MAX_LISTS, TaskList, TasksOfDeletedList, edited_list, with_sections

MAX_ATTEMPTS = 10
MAX_CHANGED = 100
TOMBSTONE_RETENTION = timedelta(days=45)  # longer than cursors of `changes` are valid


class TaskListRepository(Protocol):
    """Stores lists; every read is strongly consistent."""

    def new_id(self, owner_id: str, mutation: ClientMutation | None) -> str:
        """Return an id that no list of the owner has, or the one that a client's mutation was given in the last day."""

    def add(self, task_list: TaskList) -> TaskList | None:
        """Store a new list; return None, or the existing one of that id, even a deleted one."""

    def get(self, owner_id: str, list_id: str) -> TaskList | None:
        """Return a list, also a deleted one; None if there is none."""

    def all(self, owner_id: str) -> Sequence[TaskList]:
        """Return the owner's lists in their order, also archived ones, without deleted ones."""

    def replace(self, before: TaskList, after: TaskList) -> bool:
        """Store the next version of a list; False if it was changed meanwhile. A repetition finds it stored: True."""


@dataclass(frozen=True, slots=True)
class DeletedList:
    """What a deletion has done: the list, which is not deleted while there are more tasks to change."""

    task_list: TaskList
    changed_ids: tuple[str, ...] = ()
    has_more: bool = False


@dataclass(frozen=True, slots=True)
class TaskListService:
    """Changes lists, and what becomes of their tasks. `retention` is how long a deleted task can be restored."""

    lists: TaskListRepository
    tasks: TaskRepository
    retention: Callable[[], timedelta]
    clock: Clock

    def create(self, command: CreateTaskList) -> TaskList:
        """Store a new list, behind all others if it has no rank.

        Raises:
            InvalidInputError: The client gave another change this name.
            LimitExceededError: There are too many lists or sections.
            UnavailableError: The table did not answer.
        """
        now, mutation = self.clock(), command.mutation
        id_ = self.lists.new_id(command.owner_id, mutation)
        if mutation and (existing := self._made_before(command.owner_id, id_, mutation)):
            return existing
        others = self.lists.all(command.owner_id)
        if len(others) >= MAX_LISTS:
            raise LimitExceededError(f"There can be at most {MAX_LISTS} lists.")
        task_list = TaskList(
            id=id_,
            owner_id=command.owner_id,
            name=command.name,
            color=command.color,
            rank=command.rank or rank_behind(other.rank for other in others),
            created_at=now,
            updated_at=now,
            receipts=(mutation.receipt,) if mutation else (),
        )
        task_list = with_sections(task_list, command.sections)
        return self.lists.add(task_list) or task_list

    def update(self, command: UpdateTaskList) -> TaskList:
        """Change a list.

        Raises:
            NotFoundError: There is no such list.
            ListConflictError: `expected_version` is out of date.
            InvalidInputError: A section is not the list's, or the client gave another change this name.
            LimitExceededError: There are too many sections.
            UnavailableError: The table did not answer, or the list changed during each attempt.
        """
        return self._change(
            command.owner_id, command.id, command.mutation, lambda stored: self._changed(stored, command)
        )

    def delete(self, command: DeleteTaskList) -> DeletedList:
        """Change at most MAX_CHANGED tasks of a list, one after another, and delete the list when it has none.

        A repetition goes on where this one ended, or died. What comes into the list while it is deleted follows by the
        event of its task (`settle_in_list`).

        Raises:
            NotFoundError: There is no such list.
            InvalidInputError: There is no such other list, or the client gave another change this name.
            UnavailableError: The table did not answer, or a task changed during each attempt.
        """
        stored = self._existing(command.owner_id, command.id, command.mutation)
        if stored.deleted:
            return DeletedList(stored)
        if command.moved_to is not None:
            target = self.lists.get(command.owner_id, command.moved_to)
            if target is None or not is_live(target) or target.id == stored.id:
                raise InvalidInputError("There is no such list.", ("move_to_list_id",))
        now = self.clock()
        marked = replace(stored, deleted_at=now, fate=command.tasks, moved_to=command.moved_to)
        ids = self.tasks.ids_in_list(command.owner_id, command.id)
        changed = tuple(id_ for id_ in ids[:MAX_CHANGED] if leave_list(id_, marked, self.tasks, now, self.retention()))
        if len(ids) > MAX_CHANGED:
            return DeletedList(stored, changed, has_more=True)
        gone = replace(marked, expires_at=(now + TOMBSTONE_RETENTION).replace(microsecond=0))
        fields = {name: getattr(gone, name) for name in ("deleted_at", "fate", "moved_to", "expires_at")}
        deleted = self._change(command.owner_id, command.id, command.mutation, lambda stored: replace(stored, **fields))
        return DeletedList(deleted, changed)

    def _changed(self, stored: TaskList, command: UpdateTaskList) -> TaskList:
        if command.expected_version not in {None, stored.version}:
            raise ListConflictError(stored)
        changes: dict[str, Any] = dict(command.changes)
        sections, archived = changes.pop("sections", None), changes.pop("archived", None)
        if archived is not None:
            changes["archived_at"] = (stored.archived_at or self.clock()) if archived else None
        after = replace(stored, **changes)
        return after if sections is None else with_sections(after, sections)

    def _change(
        self,
        owner_id: str,
        list_id: str,
        mutation: ClientMutation | None,
        decide: Callable[[TaskList], TaskList],
    ) -> TaskList:
        for _ in range(MAX_ATTEMPTS):
            stored = self._existing(owner_id, list_id, mutation)
            if stored.deleted or (mutation and is_repetition(mutation, stored.receipts)):
                return stored
            after = decide(stored)
            if mutation:
                after = replace(after, receipts=added(mutation.receipt, stored.receipts))
            after = edited_list(stored, after, self.clock())
            if after is stored or self.lists.replace(stored, after):
                return after
        raise UnavailableError("There are too many concurrent changes of the list. Try again.")

    def _existing(self, owner_id: str, list_id: str, mutation: ClientMutation | None) -> TaskList:
        """Return a list; a deleted one only to whoever repeats its last change."""
        stored = self.lists.get(owner_id, list_id)
        if stored is None or (stored.deleted and not (mutation and is_repetition(mutation, stored.receipts))):
            raise NotFoundError("There is no such list.", ("id",))
        return stored

    def _made_before(self, owner_id: str, list_id: str, mutation: ClientMutation) -> TaskList | None:
        stored = self.lists.get(owner_id, list_id)
        return stored if stored and is_repetition(mutation, stored.receipts) else None


def leave_list(task_id: str, deleted: TaskList, store: TaskRepository, now: datetime, retention: timedelta) -> bool:
    """Move a task out of a list, or delete it, as the deletion of the list says; False if it has left it meanwhile."""
    is_there = False

    def decide(task: Task) -> Task:
        nonlocal is_there
        is_there = task.list_id == deleted.id
        if not is_there:
            return task
        if deleted.fate is TasksOfDeletedList.DELETE:
            return soft_deleted(task, now, retention)
        place: dict[str, Any] = {"list_id": deleted.moved_to, "section_id": None}
        is_later_there = task.later is not None and task.later.list_id == deleted.id
        later = replace(task.later, **place) if task.later and is_later_there else task.later
        return with_details(task, {**place, "later": later}, now)

    with suppress(NotFoundError):
        change(store, UpdateTask(deleted.owner_id, task_id), decide)
        return is_there
    return False


def settle_in_list(
    task: Task, lists: TaskListRepository, store: TaskRepository, now: datetime, *, is_restored: bool = False
) -> None:
    """Let a task leave a list that was deleted while it came there, as the deletion says; what is restored is kept."""
    if task.list_id is None:
        return
    found = lists.get(task.owner_id, task.list_id) or _forgotten(task.owner_id, task.list_id, now)
    if found.deleted:
        target = lists.get(task.owner_id, found.moved_to) if found.moved_to else None
        moved_to = found.moved_to if is_live(target) else None
        fate = TasksOfDeletedList.KEEP if is_restored else found.fate
        leave_list(task.id, replace(found, fate=fate, moved_to=moved_to), store, now, TOMBSTONE_RETENTION)


def _forgotten(owner_id: str, list_id: str, now: datetime) -> TaskList:
    """Return a deleted list that has left the table: tasks that are restored now are kept."""
    return TaskList(list_id, owner_id, "", now, now, deleted_at=now)
