"""Use cases of recurring tasks, beside those of `task_changes`.

What closes an occurrence and makes the next one, or takes that back, is one transaction of two tasks: never are two of
a series open. The subtasks of the next occurrence are copied by the pipeline, one by one, as many as there are.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from taskbell.application.ports import TaskRepository
from taskbell.application.task_changes import Clock, change, find_task
from taskbell.domain.commands import SetTaskStatus, SkipOccurrence, UndoChange
from taskbell.domain.exceptions import ConflictError, InvalidInputError
from taskbell.domain.occurrences import Occurrences, completed, copied_subtask, may_be_taken_back, reopened, skipped
from taskbell.domain.task import Task, TaskStatus, edited, with_status

Retention = Callable[[], timedelta]
Decision = Callable[[Task], tuple[Occurrences, Task | None]]  # with the next occurrence before it


def set_task_status(command: SetTaskStatus, store: TaskRepository, clock: Clock, retention: Retention) -> Occurrences:
    """Change a task's status.

    Completing a recurring task makes its next occurrence. Reopening it takes that back.

    Returns:
        The task, with its next occurrence if it is completed and has one, also if an earlier request made that.

    Raises:
        NotFoundError: There is no such task.
        ConflictError: `expected_version` is out of date, or the next occurrence was changed since it was made.
        UnavailableError: The table did not answer, or the task changed during each attempt.
    """

    def decide(task: Task) -> tuple[Occurrences, Task | None]:
        decided, next_before = decide_status(task)
        return replace(decided, task=_ranked(decided.task, task)), next_before

    def decide_status(task: Task) -> tuple[Occurrences, Task | None]:
        if command.status is TaskStatus.COMPLETED:
            return completed(task, clock()), None
        if task.completed and task.recurrence and task.next_id:
            next_ = store.get(task.owner_id, task.next_id)
            if next_ and not may_be_taken_back(next_, [] if next_.deleted else store.subtasks(next_)):
                message = "Its next occurrence was changed since. Delete that first, or leave this one completed."
                raise ConflictError(task, ("status",), message)
            return reopened(task, command.status, next_, clock(), retention()), next_
        return Occurrences(with_status(task, command.status, clock())), None

    def _ranked(changed: Task, task: Task) -> Task:
        if command.rank in {None, changed.rank}:
            return changed
        moved = edited(task, clock()) if changed is task else changed
        return replace(moved, rank=command.rank or moved.rank)

    return change_with_next(store, command, decide)


def skip_occurrence(command: SkipOccurrence, store: TaskRepository, clock: Clock, retention: Retention) -> Occurrences:
    """Delete an occurrence of a recurring task, and make the next one if there is one.

    Raises:
        NotFoundError: There is no such task.
        ConflictError: `expected_version` is out of date.
        InvalidInputError: The task does not repeat, or is completed.
        UnavailableError: The table did not answer, or the task changed during each attempt.
    """

    def decide(task: Task) -> tuple[Occurrences, Task | None]:
        if task.recurrence is None or task.completed:
            raise InvalidInputError("Only an open task that repeats can be skipped.", ("id",))
        return skipped(task, clock(), retention()), None

    return change_with_next(store, command, decide)


def copy_subtasks(task: Task, store: TaskRepository, now: datetime) -> None:
    """Store the subtasks of a closed occurrence, open again, with its next occurrence; idempotent.

    A next occurrence that was closed meanwhile passes them on: its own event may have come before they were there.
    """
    while next_ := _to_be_completed(task, store):
        for subtask in (*store.subtasks(task), *store.deleted_with(task)):
            if copy := copied_subtask(subtask, task, next_, now):
                store.add(copy)
        task = store.get(next_.owner_id, next_.id) or next_


def change_with_next(
    store: TaskRepository,
    command: SetTaskStatus | SkipOccurrence | UndoChange,
    decide: Decision,
    *,
    include_deleted: bool = False,
) -> Occurrences:
    """Store what `decide` returns for the current version of a task, with its next occurrence; see `change`."""
    beside: list[tuple[Task | None, Task]] = []

    def decide_task(task: Task) -> Task:
        decided, next_before = decide(task)
        beside[:] = [(next_before, decided.next)] if decided.next else []
        return decided.task

    task = change(store, command, decide_task, lambda: beside, include_deleted=include_deleted)
    made = next((after for _, after in beside if not after.deleted), None)
    return Occurrences(task, made or _next_of(task, store))


def _to_be_completed(task: Task, store: TaskRepository) -> Task | None:
    """Return the next occurrence of a task, unless it was taken back or deleted before another followed it."""
    next_ = store.get(task.owner_id, task.next_id) if task.next_id else None
    return next_ if next_ and (next_.next_id or not next_.deleted) else None


def _next_of(task: Task, store: TaskRepository) -> Task | None:
    return find_task(store, task.owner_id, task.next_id) if task.next_id else None
