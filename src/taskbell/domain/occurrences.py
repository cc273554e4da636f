"""The occurrences of a recurring task: one of them is open, and the next one is made when that is completed or skipped.

Each function returns the tasks that are stored together.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import Enum
from zoneinfo import ZoneInfo

from taskbell.domain.due import Due, due_from
from taskbell.domain.due import skipped as skipped_time
from taskbell.domain.ids import copied_task_id, derived_task_id
from taskbell.domain.task import (
    DETAILS,
    Details,
    Schedule,
    Task,
    TaskStatus,
    soft_deleted,
    with_details,
    with_due,
    with_next_version,
    with_overdue,
    with_status,
)


class OccurrenceRange(Enum):
    """Which occurrences a change is of; the words are those of RFC 5545's RANGE."""

    THIS = "THIS"
    THISANDFUTURE = "THISANDFUTURE"


@dataclass(frozen=True, slots=True)
class Occurrences:
    """A task after its change, and its next occurrence, if it has one."""

    task: Task
    next: Task | None = None


def completed(task: Task, now: datetime) -> Occurrences:
    """Return the task completed, with its next occurrence; the same object if it was completed before."""
    done = with_status(task, TaskStatus.COMPLETED, now)
    return Occurrences(task) if done is task else followed(done, now)


def skipped(task: Task, now: datetime, retention: timedelta) -> Occurrences:
    """Return the task deleted, with its next occurrence. Restored, it is a task of its own, which does not repeat.

    After completion means after its due date then, for it is not completed.
    """
    closed = followed(soft_deleted(task, now, retention), max(now, task.later_details.due_at or now))
    return replace(closed, task=_alone(closed.task))


def reopened(task: Task, status: TaskStatus, next_: Task | None, now: datetime, retention: timedelta) -> Occurrences:
    """Return a completed recurring task with another status, and what becomes of its next occurrence.

    That is deleted, unless it is deleted already. Whoever restores it gets a task that does not repeat. One that has
    left the table may have been followed by others: then the task leaves its series, and does not repeat.
    """
    again = replace(with_status(task, status, now), next_id=None)
    if next_ is None:
        return Occurrences(_alone(again))
    return Occurrences(again, taken_back(next_, now, retention))


def taken_back(next_: Task, now: datetime, retention: timedelta) -> Task:
    """Return a next occurrence deleted, as the one before it is open again; restored, it does not repeat."""
    return _alone(with_next_version(next_, now) if next_.deleted else soft_deleted(next_, now, retention))


def may_be_taken_back(next_: Task, subtasks: Sequence[Task]) -> bool:
    """Return whether nobody has changed a next occurrence and its subtasks since they were made.

    One that was deleted before any other followed it is out of the way.
    """
    if next_.deleted:
        return next_.next_id is None
    return all(each.edited_version == 1 and not each.request_digest for each in (next_, *subtasks))


def with_changes(task: Task, changes: dict[str, object], range_: OccurrenceRange, now: datetime) -> Task:
    """Return the task with other details, for this occurrence alone or for the later ones too.

    Returns:
        The same object if nothing differs.
    """
    later = task.later_details if task.recurrence else task.details
    if range_ is OccurrenceRange.THISANDFUTURE:
        later = replace(later, **{name: value for name, value in with_due(later, changes).items() if name in DETAILS})
    after = replace(task, **with_due(task, changes))
    kept = later if after.recurrence and later != after.details else None
    return with_details(task, {**changes, "later": kept}, now)


def copied_subtask(subtask: Task, parent: Task, next_: Task, now: datetime) -> Task | None:
    """Return the open copy of a subtask for the next occurrence of its parent.

    Its id follows from those of the three, and sorts among its siblings as that of the original does.

    Returns:
        None if the subtask is a completed occurrence, which another subtask follows.
    """
    if subtask.next_id:
        return None
    details = _shifted(subtask.later_details, parent, next_)
    id_ = copied_task_id(subtask.id, parent.id, next_.id)
    return replace(_new(id_, subtask, details, now), parent_id=next_.id)


def followed(closed: Task, after: datetime) -> Occurrences:
    """Return a closed occurrence with the next one, which is due after a time, if the series goes on."""
    details, recurrence = closed.later_details, closed.recurrence
    due, now = details.local_due_at, closed.updated_at
    following = recurrence.next_due(due, after) if recurrence and due else None
    if following is None:
        return Occurrences(closed)
    next_due, rule = following
    id_ = derived_task_id(now, f"{closed.id}#{closed.version}")
    next_ = _new(id_, closed, _due(details, next_due), now)
    return Occurrences(replace(closed, next_id=id_), replace(next_, recurrence=rule))


def _new(id_: str, task: Task, details: Details, now: datetime) -> Task:
    made = Task(
        id=id_,
        owner_id=task.owner_id,
        **{name: getattr(details, name) for name in DETAILS},
        recurrence=task.recurrence,
        parent_id=task.parent_id,
        rank=task.rank,
        created_at=now,
        updated_at=now,
        schedule=Schedule(version=1, since=now),
    )
    return with_overdue(made, now)


def _due(details: Details, local: datetime) -> Details:
    """Return the details with another due date, which may be a local time that daylight saving time skips."""
    zone = ZoneInfo(details.time_zone)
    due = due_from(local.date(), zone) if details.due_on else Due(local.astimezone(UTC), skipped_time(local))
    return replace(details, due_at=due.at, due_on=due.on, nominal_due=due.nominal)


def _shifted(details: Details, parent: Task, next_: Task) -> Details:
    """Return the details of a subtask, due as many days before or after its parent as it was."""
    due, from_, to = details.local_due_at, parent.later_details.local_due_at, next_.local_due_at
    return _due(details, due + (to.date() - from_.date())) if due and from_ and to else details


def _alone(task: Task) -> Task:
    return replace(task, recurrence=None, later=None)
