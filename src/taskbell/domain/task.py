"""The task and its state changes. Tasks are immutable: every change returns a new task."""

from dataclasses import dataclass, fields, replace
from datetime import UTC, date, datetime, timedelta
from enum import Enum
from typing import Any
from zoneinfo import ZoneInfo

from taskbell.domain.due import GivenDue, due_from
from taskbell.domain.ranks import FIRST_RANK
from taskbell.domain.receipts import Receipt
from taskbell.domain.recurrence import Recurrence


class TaskStatus(Enum):
    """The student's progress."""

    PENDING = "PENDING"
    IN_PROGRESS = "IN_PROGRESS"
    COMPLETED = "COMPLETED"


class Priority(Enum):
    """How important a task is to its owner."""

    LOW = "LOW"
    NORMAL = "NORMAL"
    HIGH = "HIGH"
    URGENT = "URGENT"


class ProcessingState(Enum):
    """The state of a task's workflow run."""

    QUEUED = "QUEUED"
    RUNNING = "RUNNING"
    WAITING = "WAITING"
    SUCCEEDED = "SUCCEEDED"
    FAILED = "FAILED"


ENDED = frozenset({ProcessingState.SUCCEEDED, ProcessingState.FAILED})


@dataclass(frozen=True, slots=True)
class Processing:
    """The processing state of a task.

    `step` is the last step of the workflow run; `error` describes a failure to the owner.
    """

    state: ProcessingState = ProcessingState.QUEUED
    step: str | None = None
    error: str | None = None
    started_at: datetime | None = None
    finished_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Progress:
    """The number of a task's subtasks, without deleted ones, and how many of them are completed."""

    total: int = 0
    completed: int = 0


@dataclass(frozen=True, slots=True)
class Schedule:
    """The schedule of a task; each schedule has one workflow run.

    Attributes:
        version: The version of the task that set the schedule. Runs of other versions are superseded.
        since: When it was set, or the time of an earlier schedule's last reminder; reminders that were due by then are
            not sent.
        reminded_until: The time of the last reminder that was sent.
    """

    version: int
    since: datetime
    reminded_until: datetime | None = None

    @property
    def handled_until(self) -> datetime:
        """Reminders that were due by then are sent, or are not to be sent."""
        return self.reminded_until or self.since


@dataclass(frozen=True, slots=True)
class Details:
    """What an occurrence of a recurring task takes over from the one before it, except for the recurrence itself."""

    title: str
    description: str | None
    priority: Priority
    labels: tuple[str, ...]
    due_at: datetime | None
    due_on: date | None
    nominal_due: datetime | None
    time_zone: str
    remind_before: tuple[int, ...]
    list_id: str | None = None
    section_id: str | None = None

    @property
    def local_due_at(self) -> datetime | None:
        """The due date in the owner's time zone; the nominal local time where daylight saving time skips it."""
        if self.due_at is None:
            return None
        zone = ZoneInfo(self.time_zone)
        nominal = self.nominal_due.replace(tzinfo=zone) if self.nominal_due else None
        return nominal if nominal and nominal.astimezone(UTC) == self.due_at else self.due_at.astimezone(zone)


DETAILS = tuple(field.name for field in fields(Details))


@dataclass(frozen=True, slots=True)
class Task:
    """A student's task.

    Attributes:
        id: A UUID of version 7, which is never used again.
        key: The client's own id, unique among its owner's tasks.
        due_at: When it is due; without a time, at the end of the day `due_on`.
        due_on: The day in its time zone on which it is due, if no time was given.
        nominal_due: The local due time without zone, where daylight saving time skips it: 02:30 for 03:30.
        time_zone: The owner's time zone as an IANA name.
        remind_before: Minutes before `due_at`.
        remind_at: Other times at which its owner is reminded, also without a due date or after it.
        version: Grows by one with every stored change.
        edited_version: The version of the last change by the owner, which `expectedVersion` is compared with. Cascades
            from the parent to subtasks count as the owner's changes.
        processing: The state of its workflow run.
        request_digest: Hash of the request that created it, for idempotency.
        parent_id: The id of the parent, a task of the same owner that is no subtask.
        rank: Its place in the order that its owner has dragged, among all tasks of the owner.
        list_id: The list that it is in, if it is in one; subtasks are in the list of their parent.
        section_id: Its section in that list. One that the list has no longer is none.
        deleted_with_parent: Whether it was deleted with its parent, and will be restored with it.
        purged: Whether it was deleted for good; `trash` has what is left of it.
        next_id: The id of its next occurrence, once it is completed or skipped.
        later: What the occurrences after it have, where this one was changed alone.
        receipts: The changes of the last day that clients have named, oldest first.
        expires_at: When the table deletes it for good.
    """

    id: str
    owner_id: str
    title: str
    created_at: datetime
    updated_at: datetime
    schedule: Schedule
    description: str | None = None
    status: TaskStatus = TaskStatus.PENDING
    priority: Priority = Priority.NORMAL
    labels: tuple[str, ...] = ()
    due_at: datetime | None = None
    due_on: date | None = None
    nominal_due: datetime | None = None
    time_zone: str = "UTC"
    remind_before: tuple[int, ...] = ()
    remind_at: tuple[datetime, ...] = ()
    recurrence: Recurrence | None = None
    overdue: bool = False
    completed_at: datetime | None = None
    deleted_at: datetime | None = None
    expires_at: datetime | None = None
    version: int = 1
    edited_version: int = 1
    processing: Processing = Processing()
    request_digest: str = ""
    parent_id: str | None = None
    rank: str = FIRST_RANK
    list_id: str | None = None
    section_id: str | None = None
    deleted_with_parent: bool = False
    purged: bool = False
    progress: Progress = Progress()
    key: str | None = None
    next_id: str | None = None
    later: Details | None = None
    receipts: tuple[Receipt, ...] = ()

    @property
    def section(self) -> str | None:
        """Its list and its section in it, as one text: 3:1; None if it is in no section."""
        return f"{self.list_id}:{self.section_id}" if self.list_id and self.section_id else None

    @property
    def completed(self) -> bool:
        """Whether it is completed."""
        return self.status is TaskStatus.COMPLETED

    @property
    def deleted(self) -> bool:
        """Whether it is deleted; it can be restored until `expires_at`."""
        return self.deleted_at is not None

    @property
    def completed_late(self) -> bool:
        """Whether it was completed after its due date."""
        return bool(self.completed_at and self.due_at and self.completed_at > self.due_at)

    @property
    def local_due_at(self) -> datetime | None:
        """The due date in the owner's time zone; the nominal local time where daylight saving time skips it."""
        return self.details.local_due_at

    @property
    def details(self) -> Details:
        """What the occurrences after it have, unless it was changed alone."""
        return Details(**{name: getattr(self, name) for name in DETAILS})

    @property
    def later_details(self) -> Details:
        """What the occurrences after it have."""
        return self.later or self.details

    @property
    def reminder_times(self) -> tuple[datetime, ...]:
        """When reminders are due, earliest first; those before the due date only if there is one."""
        before = {self.due_at - timedelta(minutes=minutes) for minutes in self.remind_before} if self.due_at else ()
        return tuple(sorted({*before, *self.remind_at}))

    @property
    def next_reminder(self) -> datetime | None:
        """When the first reminder is due that is not sent, and is to be sent."""
        return next((instant for instant in self.reminder_times if self.schedule.handled_until < instant), None)


def with_next_version(task: Task, now: datetime) -> Task:
    """Return the task with its next version.

    `updated_at` never decreases, even if the clocks of two machines differ.
    """
    return replace(task, version=task.version + 1, updated_at=max(now, task.updated_at))


def edited(task: Task, now: datetime) -> Task:
    """Return the task with its next version, as changed by its owner."""
    return replace(with_next_version(task, now), edited_version=task.version + 1)


def rescheduled(task: Task, now: datetime) -> Task:
    """Return the task with a new schedule, named after its version, and a new workflow run.

    No reminder of an earlier schedule is sent again, whatever the clock of this machine says.
    """
    since = max(now, task.schedule.handled_until)
    return replace(task, schedule=Schedule(task.version, since), processing=Processing())


def with_overdue(task: Task, now: datetime) -> Task:
    """Return the task marked as overdue if it is open and its due date is past, and otherwise as not overdue."""
    return replace(task, overdue=not task.completed and task.due_at is not None and task.due_at <= now)


def with_processing_finished(task: Task, now: datetime) -> Task:
    """Return the task with its processing finished."""
    if task.processing.state in ENDED:
        return task
    done = replace(task.processing, state=ProcessingState.SUCCEEDED, step="finish", finished_at=now)
    return replace(task, processing=done)


def with_details(task: Task, changes: dict[str, object], now: datetime) -> Task:
    """Return the task with other details.

    A new due date or new reminders set a new schedule, unless there is nothing to wait for: the task is completed, or
    it is and stays overdue, and no reminder is left. A due date that is past makes it overdue at once.

    Args:
        task: The task before the change.
        changes: New values by field name; `due_at` as it was given.
        now: When the change is made.

    Returns:
        The same object if nothing differs.
    """
    changed = replace(task, **with_due(task, changes))
    if changed == task:
        return task
    changed = edited(changed, now)
    moved = timers(changed) != timers(task)
    if changed.due_at != task.due_at:
        changed = with_overdue(changed, now)
    is_over = task.overdue and changed.overdue and rescheduled(changed, now).next_reminder is None
    return rescheduled(changed, now) if moved and not (task.completed or is_over) else changed


def with_status(task: Task, status: TaskStatus, now: datetime) -> Task:
    """Return the task with another status; the same object if it has that status.

    Completing a waiting task finishes its processing; a run that is queued or running ends with its next step.
    Reopening a task with a due date or reminders sets a new schedule; it is overdue at once if that date is past.
    `occurrences` has what follows if it repeats.
    """
    if task.status is status:
        return task
    changed = edited(replace(task, status=status), now)
    if status is TaskStatus.COMPLETED:
        done = replace(changed, completed_at=now, overdue=False)
        return with_processing_finished(done, now) if done.processing.state is ProcessingState.WAITING else done
    changed = replace(changed, completed_at=None)
    scheduled = task.completed and (task.due_at or task.remind_at)
    return rescheduled(with_overdue(changed, now), now) if scheduled else changed


def soft_deleted(task: Task, now: datetime, retention: timedelta, *, with_parent: bool = False) -> Task:
    """Return the task marked as deleted; the table deletes it for good after `retention`.

    `with_parent` marks a subtask that is deleted with its parent.
    """
    changed = edited(task, now)
    expires_at = (now + retention).replace(microsecond=0)
    return with_processing_finished(
        replace(changed, deleted_at=now, expires_at=expires_at, deleted_with_parent=with_parent), now
    )


def restored(task: Task, now: datetime, *, without_parent: bool = False) -> Task:
    """Return the task restored, with a new schedule unless it is completed; `without_parent`, as no subtask.

    Returns:
        The same object if the task is not deleted.
    """
    if not task.deleted:
        return task
    kept_id = task.next_id if task.completed else None
    parent_id = None if without_parent else task.parent_id
    live = replace(task, deleted_at=None, expires_at=None, deleted_with_parent=False, next_id=kept_id)
    changed = edited(replace(live, parent_id=parent_id), now)
    return changed if task.completed else rescheduled(with_overdue(changed, now), now)


def with_due(details: Task | Details, changes: dict[str, Any]) -> dict[str, Any]:
    """Return changes with the due date as the details have it: a day ends when it does in their time zone.

    Args:
        details: What is changed.
        changes: New values by field name; `due_at` as it was given.
    """
    given: GivenDue | None = changes.get("due_at", details.due_on)
    if given is None:
        return {**changes, "due_on": None} if "due_at" in changes else changes
    due = due_from(given, ZoneInfo(changes.get("time_zone", details.time_zone)))
    return {**changes, "due_at": due.at, "due_on": due.on, "nominal_due": due.nominal or details.nominal_due}


def rank_key(task: Task) -> tuple[str, str]:
    """Return what tasks are sorted by in the order that their owner has dragged."""
    return task.rank, task.id


def timers(task: Task) -> tuple[object, ...]:
    """Return what the schedule of a task follows from."""
    return task.due_at, task.remind_before, task.remind_at
