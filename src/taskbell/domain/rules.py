"""Rules that a change of a task must keep. Each function raises the error that the caller sees, or returns."""

from collections.abc import Collection, Sequence
from datetime import UTC, datetime, timedelta

from taskbell.domain.exceptions import ConflictError, InvalidInputError, LimitExceededError, NotFoundError
from taskbell.domain.ids import time_of
from taskbell.domain.receipts import ClientMutation, Receipt, find_receipt
from taskbell.domain.task import Task

MAX_SUBTASKS = 100
MAX_ID_AGE = timedelta(days=30)
_MAX_ID_LEAD = timedelta(minutes=5)


def is_repetition(mutation: ClientMutation, receipts: Sequence[Receipt]) -> bool:
    """Return whether a change that a client has named was made in the last day.

    Raises:
        InvalidInputError: It was, with other content: making neither of the two again would lose one.
    """
    made = find_receipt(mutation.receipt, receipts)
    if made and made.content != mutation.receipt.content:
        message = "Another change had this id within a day. Give each change an id of its own."
        raise InvalidInputError(message, ("client_mutation_id",))
    return made is not None


def check_given_id(task_id: str, now: datetime, retention: timedelta) -> None:
    """Raise InvalidInputError if an id that a client chose is too old or of the future.

    The id of a task that has left the table was used longer than `retention` ago, so that none is used again.
    """
    if not now - min(retention, MAX_ID_AGE) < time_of(task_id) <= now + _MAX_ID_LEAD:
        raise InvalidInputError("A UUID of version 7 must be of the last 30 days.", ("key",))


def check_new_parent(parent: Task | None) -> Task:
    """Return the parent of a new subtask. Raises InvalidInputError if it does not exist or is a subtask itself."""
    if parent is None:
        raise InvalidInputError("There is no such task.", ("parent_id",))
    if parent.parent_id is not None:
        raise InvalidInputError("A subtask cannot have subtasks.", ("parent_id",))
    return parent


def check_restorable(parent: Task) -> None:
    """Raise InvalidInputError for a deleted subtask whose parent is deleted."""
    if parent.deleted:
        raise InvalidInputError("Its parent is deleted. Restore that first.", ("id",))


def check_subtask_limit(subtask_ids: Collection[str], own_id: str | None, field: tuple[str, ...]) -> None:
    """Raise LimitExceededError if a parent can have no other subtask.

    Args:
        subtask_ids: Its subtasks that are not deleted.
        own_id: The subtask to add; if it is one of them, it is not counted.
        field: The field of the command that the error names.
    """
    if sum(subtask_id != own_id for subtask_id in subtask_ids) >= MAX_SUBTASKS:
        raise LimitExceededError(f"A task can have at most {MAX_SUBTASKS} subtasks.", field)


def check_recurrence(task: Task, fields: Collection[str]) -> None:
    """Raise InvalidInputError if recurrence and due date are inconsistent.

    Args:
        task: The task after the change.
        fields: The fields that the command sets; the error names one of them.
    """
    recurrence, due_at = task.recurrence, task.later_details.due_at
    if recurrence and (due_at is None or task.due_at is None):
        raise InvalidInputError(
            "A recurring task needs `dueAt`.", ("recurrence" if "recurrence" in fields else "due_at",)
        )
    if recurrence and due_at and recurrence.until and recurrence.until <= due_at:
        if "recurrence" in fields:
            raise InvalidInputError("Must be after `dueAt`.", ("recurrence", "until"))
        raise InvalidInputError("Must be before the recurrence's `until`.", ("due_at",))
    due = task.later_details.local_due_at
    if recurrence and due and recurrence.endless.next_due(due, due.astimezone(UTC)) is None:
        raise InvalidInputError("There is no such day.", ("recurrence" if "recurrence" in fields else "due_at",))


def check_retention(task: Task, now: datetime) -> None:
    """Raise NotFoundError for a deleted task whose retention has ended."""
    if task.expires_at and task.expires_at <= now:
        raise NotFoundError(field=("id",))


def check_expected_version(task: Task, expected_version: int | None) -> None:
    """Raise ConflictError if the owner changed the task after that version; the pipeline's changes do not count."""
    field = ("expected_version",)
    if expected_version is not None and expected_version > task.version:
        raise ConflictError(task, field, "The task has no such version yet. Read it again and repeat the change.")
    if expected_version is not None and expected_version < task.edited_version:
        raise ConflictError(task, field)
