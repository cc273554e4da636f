"""Changes of tasks: read, decide, write. Each takes what it needs and answers with the task.

A change is decided on the task as it was read, and stored only if it still is that task: one read and one conditional
write. When something else, mostly the pipeline, was faster, it is decided again on the newer task.
"""

from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from functools import partial
from hashlib import sha256
from operator import attrgetter

from taskbell.application.ports import TaskStore
from taskbell.application.serialization import canonical_json, create_task_to_dict
from taskbell.domain.commands import CreateTask, DeleteTask, RestoreTask, SetTaskStatus, UpdateTask
from taskbell.domain.exceptions import (
    ConflictError,
    InvalidInputError,
    LimitExceededError,
    NotFoundError,
    UnavailableError,
)
from taskbell.domain.profile import Profile
from taskbell.domain.task import Schedule, Task, restored, soft_deleted, with_details, with_status

ATTEMPTS = 10
MOST_SUBTASKS = 100


def create_task(
    command: CreateTask, store: TaskStore, now: datetime, new_id: str, profile: Profile | None = None
) -> Task:
    """Store a new task."""
    if command.parent_id is not None:
        _check_parent(store, command.owner_id, command.parent_id, command.id)
    profile = profile or Profile(command.owner_id)
    reminders = profile.default_reminders if command.remind_before is None and command.due_at else command.remind_before
    task = Task(
        id=command.id or new_id,
        owner_id=command.owner_id,
        title=command.title,
        description=command.description,
        priority=command.priority,
        labels=command.labels,
        due_at=command.due_at,
        time_zone=command.time_zone or profile.time_zone,
        remind_before=reminders or (),
        recurrence=command.recurrence,
        parent_id=command.parent_id,
        created_at=now,
        updated_at=now,
        schedule=Schedule(version=1, since=now),
        request_digest=_digest(command),
    )
    _check_recurrence(task, ("recurrence",))
    existing = store.add(task)
    if existing is None:
        return task
    same = existing.request_digest == task.request_digest or _content(existing) == _content(task)
    if existing.deleted or not same:
        message = "A task of this id exists, with other content, or was deleted."
        raise ConflictError(_unless_deleted(existing), ("id",), message)
    return existing


def update_task(command: UpdateTask, store: TaskStore, now: datetime) -> Task:
    """Change a task's details. Raises NotFound, or Conflict when `expected_version` is out of date.

    Raises InvalidInputError when recurrence and due date, one of them new, do not go together.
    """

    def decide(task: Task) -> Task:
        changed = with_details(task, command.changes, now)
        if (changed.due_at, changed.recurrence) != (task.due_at, task.recurrence):
            _check_recurrence(changed, command.changes)
        return changed

    return change(store, command, decide)


def set_task_status(command: SetTaskStatus, store: TaskStore, now: datetime) -> Task:
    """Move a task to another status. Raises NotFound, or Conflict when `expected_version` is out of date."""
    return change(store, command, partial(with_status, status=command.status, now=now))


def delete_task(command: DeleteTask, store: TaskStore, now: datetime, retention: timedelta) -> Task:
    """Delete a task. Raises NotFound, or Conflict when `expected_version` is out of date."""
    return change(store, command, partial(soft_deleted, now=now, retention=retention))


def restore_task(command: RestoreTask, store: TaskStore, now: datetime) -> Task:
    """Restore a deleted task."""

    def decide(task: Task) -> Task:
        check_retention(task, now)
        parent = find_task(store, task.owner_id, task.parent_id) if task.deleted and task.parent_id else None
        if task.deleted and task.parent_id and parent is None:
            raise InvalidInputError("Its parent is deleted. Restore that first.", ("id",))
        if parent:
            _check_room(store, parent, task.id, ("id",))
        return restored(task, now)

    return change(store, command, decide, deleted_too=True)


def find_task(store: TaskStore, owner_id: str, task_id: str) -> Task | None:
    """The task, unless there is none or it is deleted."""
    return _unless_deleted(store.get(owner_id, task_id))


def change(
    store: TaskStore,
    command: UpdateTask | SetTaskStatus | DeleteTask | RestoreTask,
    decide: Callable[[Task], Task],
    *,
    deleted_too: bool = False,
) -> Task:
    """Decide and store, anew when something else was faster. Raises NotFound, Conflict, or what `decide` raises.

    A decision that answers with the task itself stores nothing.
    """
    for _ in range(ATTEMPTS):
        task = store.get(command.owner_id, command.id)
        if task is None or (task.deleted and not deleted_too):
            raise NotFoundError(field=("id",))
        _check_expected(command.expected_version, task)
        changed = decide(task)
        if changed is task or store.replace(task, changed):
            return changed
    raise UnavailableError("The task is being changed by others without pause. Try again.")


def check_retention(task: Task, now: datetime) -> None:
    """Raise NotFound for a task that was deleted so long ago that it may leave the table at any moment."""
    if task.expires_at and task.expires_at <= now:
        raise NotFoundError(field=("id",))


def _check_parent(store: TaskStore, owner_id: str, parent_id: str, task_id: str | None) -> None:
    field = ("parent_id",)
    parent = find_task(store, owner_id, parent_id)
    if parent is None:
        raise InvalidInputError("There is no such task.", field)
    if parent.parent_id is not None:
        raise InvalidInputError("A subtask cannot have subtasks.", field)
    _check_room(store, parent, task_id, field)


def _check_room(store: TaskStore, parent: Task, task_id: str | None, field: tuple[str, ...]) -> None:
    """A request that is repeated finds the subtask that it has made in its own place."""
    if sum(subtask.id != task_id for subtask in store.subtasks(parent)) >= MOST_SUBTASKS:
        raise LimitExceededError(f"A task can have at most {MOST_SUBTASKS} subtasks.", field)


def _check_recurrence(task: Task, asked: Collection[str]) -> None:
    """What recurs has a due date, and ends behind it. The refusal points at what was asked for."""
    recurrence, due_at = task.recurrence, task.due_at
    if recurrence and due_at is None:
        raise InvalidInputError("What recurs needs `dueAt`.", ("recurrence" if "recurrence" in asked else "due_at",))
    if recurrence and due_at and recurrence.until and recurrence.until <= due_at:
        if "recurrence" in asked:
            raise InvalidInputError("Must be after `dueAt`.", ("recurrence", "until"))
        raise InvalidInputError("Must be before the recurrence's `until`.", ("due_at",))


def _check_expected(expected_version: int | None, task: Task) -> None:
    """A version is good as long as nobody edited the task after it; what the pipeline noted since does no harm."""
    field = ("expected_version",)
    if expected_version is not None and expected_version > task.version:
        raise ConflictError(task, field, "The task has no such version yet. Look at it again and repeat the change.")
    if expected_version is not None and expected_version < task.edited_version:
        raise ConflictError(task, field)


def _digest(command: CreateTask) -> str:
    """Names what was asked for, so that a repeated request is known again even after the task was edited."""
    return sha256(canonical_json(create_task_to_dict(command))).hexdigest()[:32]


_content = attrgetter(
    *("title", "description", "priority", "labels", "due_at", "time_zone", "remind_before", "recurrence", "parent_id")
)


def _unless_deleted(task: Task | None) -> Task | None:
    return task if task and not task.deleted else None
