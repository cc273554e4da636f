"""A task and the changes that it can go through, as values: every change answers with a new task."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import Enum
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from taskbell.domain.recurrence import Recurrence
from taskbell.domain.timestamps import instant_text


class TaskStatus(Enum):
    """How far the student has come."""

    PENDING = "PENDING"
    IN_PROGRESS = "IN_PROGRESS"
    COMPLETED = "COMPLETED"


class Priority(Enum):
    """How much a task matters to its owner."""

    LOW = "LOW"
    NORMAL = "NORMAL"
    HIGH = "HIGH"
    URGENT = "URGENT"


class ProcessingState(Enum):
    """How far the pipeline has come."""

    QUEUED = "QUEUED"
    RUNNING = "RUNNING"
    WAITING = "WAITING"
    SUCCEEDED = "SUCCEEDED"
    FAILED = "FAILED"


ENDED = frozenset({ProcessingState.SUCCEEDED, ProcessingState.FAILED})


@dataclass(frozen=True, slots=True)
class Processing:
    """What the pipeline does with a task at the moment.

    `step` names the workflow's last step; `error` is the cause of a failure, in words.
    """

    state: ProcessingState = ProcessingState.QUEUED
    step: str | None = None
    error: str | None = None
    started_at: datetime | None = None
    finished_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Progress:
    """How many subtasks a task has that are not deleted, and how many of them are completed."""

    total: int = 0
    completed: int = 0


@dataclass(frozen=True, slots=True)
class Schedule:
    """Which run of the workflow is in charge of a task, and how far it has come.

    `version` is the task's version that set the schedule and names the run; a run of another version is superseded.
    `since` is when it was set: reminders that would have been due before that are not sent.
    `reminded_until` is the instant of the last reminder that was sent.
    """

    version: int
    since: datetime
    reminded_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Task:
    """A student's task.

    `remind_before` counts minutes before `due_at`; `time_zone` is where its owner is, as an IANA name. `version` grows
    by one with every stored change, whoever makes it; `edited_version` is the version of the last change that a person
    made, which is what `expectedVersion` guards. `request_digest` names what was asked for when the task was made. A
    subtask has a `parent_id`, the id of a task of the same owner that is no subtask itself; `deleted_with_parent` tells
    that it was deleted because its parent was, and comes back with it.

    `due_clock`, without a zone, is the time that `due_at` stands for where the owner's clock skips it: 02:30 for 03:30.
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
    due_clock: datetime | None = None
    time_zone: str = "UTC"
    remind_before: tuple[int, ...] = ()
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
    deleted_with_parent: bool = False
    progress: Progress = Progress()

    @property
    def completed(self) -> bool:
        return self.status is TaskStatus.COMPLETED

    @property
    def deleted(self) -> bool:
        return self.deleted_at is not None

    @property
    def completed_late(self) -> bool:
        """Whether it was completed after its due date."""
        return bool(self.completed_at and self.due_at and self.completed_at > self.due_at)

    @property
    def due_by_clock(self) -> datetime | None:
        """The due date on its owner's clock; a time that the clock skips, if that is what was meant."""
        if self.due_at is None:
            return None
        zone = ZoneInfo(self.time_zone)
        meant = self.due_clock.replace(tzinfo=zone) if self.due_clock else None
        return meant if meant and meant.astimezone(UTC) == self.due_at else self.due_at.astimezone(zone)

    @property
    def reminder_instants(self) -> tuple[datetime, ...]:
        """When reminders are due, earliest first; none without a due date."""
        due_at = self.due_at
        if due_at is None:
            return ()
        return tuple(sorted({due_at - timedelta(minutes=minutes) for minutes in self.remind_before}))


def bumped(task: Task, now: datetime) -> Task:
    """The task with its next version; it is never older than the one before, whichever clock was asked."""
    return replace(task, version=task.version + 1, updated_at=max(now, task.updated_at))


def edited(task: Task, now: datetime) -> Task:
    """The task with its next version, as changed by a person."""
    return replace(bumped(task, now), edited_version=task.version + 1)


def rescheduled(task: Task, now: datetime) -> Task:
    """The task handed to a new run of the workflow; `task` already has the version that names the run."""
    return replace(task, schedule=Schedule(task.version, now), processing=Processing(), overdue=False)


def settled(task: Task, now: datetime) -> Task:
    """The task with nothing left to be done by its run."""
    if task.processing.state in ENDED:
        return task
    done = replace(task.processing, state=ProcessingState.SUCCEEDED, step="finish", finished_at=now)
    return replace(task, processing=done)


def with_details(task: Task, changes: dict[str, object], now: datetime) -> Task:
    """The task with other details (fields by name); the same object when nothing differs.

    Another due date or other reminders set a new schedule, unless the task is completed.
    """
    wanted = replace(task, **changes)  # type: ignore[arg-type]
    if wanted == task:
        return task
    wanted = edited(wanted, now)
    moved = (wanted.due_at, wanted.remind_before) != (task.due_at, task.remind_before)
    return rescheduled(wanted, now) if moved and not task.completed else wanted


def with_status(task: Task, status: TaskStatus, now: datetime) -> Task:
    """The task at another status; the same object when it has that status already.

    Completing it ends the waiting; a run that is queued or running comes to the same end within its next step.
    Reopening a task with a due date sets a new schedule.
    """
    if task.status is status:
        return task
    changed = edited(replace(task, status=status), now)
    if status is TaskStatus.COMPLETED:
        done = replace(changed, completed_at=now, overdue=False)
        return settled(done, now) if done.processing.state is ProcessingState.WAITING else done
    changed = replace(changed, completed_at=None)
    return rescheduled(changed, now) if task.completed and task.due_at else changed


def without(task: Task, now: datetime, retention: timedelta, *, with_parent: bool = False) -> Task:
    """The task marked as deleted; the table forgets it when `retention` has passed."""
    changed = edited(task, now)
    expires_at = (now + retention).replace(microsecond=0)
    return settled(replace(changed, deleted_at=now, expires_at=expires_at, deleted_with_parent=with_parent), now)


def restored(task: Task, now: datetime) -> Task:
    """The task back from deletion, handed to a new run unless it is completed; the same object if it isn't deleted."""
    if not task.deleted:
        return task
    back = edited(replace(task, deleted_at=None, expires_at=None, deleted_with_parent=False), now)
    return back if task.completed else rescheduled(back, now)


def successor(task: Task, now: datetime) -> Task | None:
    """The task that follows a completed one that recurs; None if none does.

    Its id follows from the task's own: however often the task is completed, it has one successor.
    """
    due = task.due_by_clock
    if not task.completed or task.recurrence is None or due is None:
        return None
    following = task.recurrence.next_due(due, task.completed_at or now)
    if following is None:
        return None
    return Task(
        id=str(uuid5(_SUCCESSORS, f"{task.owner_id}/{task.id}/{instant_text(task.created_at)}")),
        owner_id=task.owner_id,
        title=task.title,
        description=task.description,
        priority=task.priority,
        labels=task.labels,
        due_at=following.astimezone(UTC),
        due_clock=_skipped(following),
        time_zone=task.time_zone,
        remind_before=task.remind_before,
        recurrence=task.recurrence.anchored(due),
        parent_id=task.parent_id,
        created_at=now,
        updated_at=now,
        schedule=Schedule(version=1, since=now),
    )


def _skipped(local: datetime) -> datetime | None:
    """What the clock would have to show, if it never shows it."""
    shown = local.astimezone(UTC).astimezone(local.tzinfo).replace(tzinfo=None)
    meant = local.replace(tzinfo=None)
    return None if shown == meant else meant


_SUCCESSORS = UUID("6f1c2f52-7a0e-4b53-9a54-0f6c8f7c1d11")
