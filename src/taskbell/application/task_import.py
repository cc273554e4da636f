"""Use case: tasks are imported, part by part.

A row's task has a key that is derived from the row, so that a part that is sent again, or was interrupted between any
two writes, creates no second task. What became of a part is stored after its last row; a part that is done is answered
from there.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Protocol
from uuid import UUID

from taskbell.application.imported_lists import ImportedList, ImportedLists
from taskbell.application.ports import ProfileRepository, TaskName, TaskRepository, Things
from taskbell.application.task_changes import find_task, new_task
from taskbell.application.task_lists import TaskListService
from taskbell.domain import ids
from taskbell.domain.commands import CreateTask
from taskbell.domain.exceptions import InvalidInputError, NotFoundError, TaskError, UnavailableError
from taskbell.domain.profile import Profile
from taskbell.domain.rules import MAX_SUBTASKS, check_new_parent, check_recurrence, check_subtask_limit
from taskbell.domain.task import Task
from taskbell.domain.transfer import ImportedPart, RowError, TaskImport

_MAX_NAMES = 100


@dataclass(frozen=True, slots=True)
class ImportRow:
    """A row of a part that is a task.

    Attributes:
        number: Its number in the part, from 1.
        command: What it says; its parent is named by what its row says of it.
        source_id: What the task is called where it comes from.
        completed_at: When it was completed.
        list_name: The name of its list, unless it is a subtask.
        section_name: The name of its section in that list.
    """

    number: int
    command: CreateTask
    source_id: str | None = None
    completed_at: datetime | None = None
    list_name: str | None = None
    section_name: str | None = None


@dataclass(frozen=True, slots=True)
class ParsedPart:
    """The rows of a part: those that are tasks, those that are left out, those that are not valid, and lists.

    Lists are counted among what is left out, for they are no tasks.
    """

    digest: str
    rows: tuple[ImportRow, ...]
    skipped: int
    errors: tuple[RowError, ...]
    lists: tuple[ImportedList, ...] = ()


class ImportRepository(Protocol):
    """Stores the progress of imports, for a month after each part."""

    def part(self, owner_id: str, import_id: str, number: int) -> ImportedPart | None:
        """Return what became of a part; None if it is not done."""

    def save(self, owner_id: str, import_id: str, part: ImportedPart, now: datetime) -> None:
        """Store what became of a part."""

    def get(self, owner_id: str, import_id: str) -> TaskImport | None:
        """Return an import by the parts that are done; None if none is."""


@dataclass(frozen=True, slots=True)
class TaskImports:
    """Imports tasks with its dependencies."""

    imports: ImportRepository
    store: TaskRepository
    lists: TaskListService
    things: Things
    profiles: ProfileRepository
    clock: Callable[[], datetime]
    new_bits: Callable[[], str]

    def take(self, owner_id: str, import_id: str, number: int, part: ParsedPart) -> ImportedPart:
        """Import a part, unless it is done; rows that cannot be imported are errors of the answer.

        Raises:
            InvalidInputError: The part is done, with other content.
            UnavailableError: The table did not answer; the part can be sent again.
        """
        done = self.imports.part(owner_id, import_id, number)
        if done and done.digest != part.digest:
            raise InvalidInputError("This part is done, with other content. Give it another number.", ("part",))
        if done and not any(error.code == NotFoundError.code for error in done.errors):
            return done
        profile = self.profiles.get(owner_id)
        there, parents = self._there(owner_id, part.rows), _Parents(self.store)
        lists = ImportedLists(self.lists, owner_id, import_id)
        for given in part.lists:
            lists.take(given)
        created = existing = 0
        errors = list(part.errors)
        for row in part.rows:
            digest = _hash(import_id, str(number), str(row.number))
            try:
                found = there.get(row.source_id or "") or self._add(row, digest, profile, parents, lists)
            except UnavailableError:
                raise
            except TaskError as error:
                errors.append(_row_error(row, error))
                continue
            if found.request_digest == digest:
                created += 1
            else:
                existing += 1
        errors.sort(key=lambda error: error.row)
        result = ImportedPart(number, part.digest, created, existing, part.skipped, tuple(errors))
        self.imports.save(owner_id, import_id, result, self.clock())
        return result

    def _there(self, owner_id: str, rows: Sequence[ImportRow]) -> dict[str, Task]:
        """Return the owner's own tasks that rows are of, by what they are called there."""
        names = [
            TaskName(owner_id, row.source_id) for row in rows if row.source_id and ids.parse_task_id(row.source_id)
        ]
        found: dict[str, Task] = {}
        for start in range(0, len(names), _MAX_NAMES):
            read = self.things.read(names[start : start + _MAX_NAMES])
            found |= {thing.id: thing for thing in read.values() if isinstance(thing, Task) and not thing.purged}
        return found

    def _add(self, row: ImportRow, digest: str, profile: Profile, parents: "_Parents", lists: ImportedLists) -> Task:
        """Store the task of a row, or return the one that is there for it."""
        now, key = self.clock(), _key(row, digest)
        command = replace(row.command, key=key, parent_id=parents.id_of(row, key))
        if row.list_name and command.parent_id is None:
            list_id, section_id = lists.place(row.list_name, row.section_name)
            command = replace(command, list_id=list_id, section_id=section_id)
        if row.completed_at:
            command = replace(command, recurrence=None)  # its next occurrence is a row of its own
        id_ = ids.new_task_id(now + timedelta(milliseconds=row.number), UUID(self.new_bits()).int)
        task = replace(new_task(command, now, id_, profile), request_digest=digest)
        if row.completed_at and task.completed:
            task = replace(task, completed_at=min(row.completed_at, now))
        check_recurrence(task, ("recurrence",))
        stored = self.store.add(task) or task
        parents.add(stored)
        return stored


@dataclass(frozen=True, slots=True)
class _Parents:
    """The parents of a part's rows, by what rows call them, with the ids of their subtasks; each is read once."""

    store: TaskRepository
    found: dict[str, Task] = field(default_factory=dict)
    subtasks: dict[str, set[str]] = field(default_factory=dict)

    def id_of(self, row: ImportRow, key: str) -> str | None:
        """Return the id of the parent of a row's task, whose key is given.

        Raises:
            NotFoundError: The parent is not there (yet).
            InvalidInputError: It is a subtask itself.
            LimitExceededError: It has too many subtasks.
        """
        owner_id, named = row.command.owner_id, row.command.parent_id
        if named is None:
            return None
        if named not in self.found:
            self.found[named] = self._read(owner_id, named)
        parent = check_new_parent(self.found[named])
        others = self.subtasks.setdefault(parent.id, set(self.store.subtask_ids(parent)))
        if len(others) >= MAX_SUBTASKS:
            check_subtask_limit(others, self.store.id_for_key(owner_id, key), ("parent_id",))
        return parent.id

    def add(self, task: Task) -> None:
        """Remember that a subtask is there."""
        if task.parent_id and not task.deleted:
            self.subtasks[task.parent_id].add(task.id)

    def _read(self, owner_id: str, named: str) -> Task:
        by_key = self.store.id_for_key
        own = find_task(self.store, owner_id, named) if ids.parse_task_id(named) else None
        parent_id = None if own else by_key(owner_id, _source_key(named)) or by_key(owner_id, named)
        parent = own or (find_task(self.store, owner_id, parent_id) if parent_id else None)
        if parent is None:
            message = "Its parent is not there. Send this part again after that of the parent."
            raise NotFoundError(message, ("parent_id",))
        return parent


def _key(row: ImportRow, digest: str) -> str:
    """Return the key of a row's task: by what it is called where it comes from, or by its place in the import."""
    if row.source_id:
        return _source_key(row.source_id)
    own = row.command.key
    return own if own and not ids.parse_task_id(own) else f"import-{digest}"


def _source_key(source_id: str) -> str:
    return f"import-{_hash(source_id)}"


def _hash(*parts: str) -> str:
    return sha256("\0".join(parts).encode(errors="surrogatepass")).hexdigest()[:32]


def _row_error(row: ImportRow, error: TaskError) -> RowError:
    return RowError(row.number, error.code, error.message, ".".join(error.field) if error.field else None)
