"""What is remembered of a change: one event for each version of a task, derived from the task before and after."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import Enum

from taskbell.domain.statistics import Counts, counts_of, difference, progress_of
from taskbell.domain.task import ENDED, ProcessingState, Progress, Task, TaskStatus, bumped
from taskbell.domain.timestamps import instant_text


class TaskEventType(Enum):
    """What happened to a task."""

    CREATED = "CREATED"
    UPDATED = "UPDATED"
    STATUS_CHANGED = "STATUS_CHANGED"
    PROCESSING_CHANGED = "PROCESSING_CHANGED"
    REMINDED = "REMINDED"
    OVERDUE = "OVERDUE"
    DELETED = "DELETED"
    RESTORED = "RESTORED"


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field that a person sees, before and after, as text, a list as JSON; None where there was or is no value."""

    field: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class TaskEvent:
    """A change of a task, with the task as it was after the change.

    `superseded` is the schedule whose run this change has made pointless: the run is to be stopped.
    `counts` is what the change adds to the owner's statistics, `progress` what it adds to the parent's.
    `removed` tells that the task has left the table: what was remembered of it goes too.
    """

    type: TaskEventType
    at: datetime
    task: Task
    previous_status: TaskStatus | None = None
    changes: tuple[FieldChange, ...] = ()
    superseded: int | None = None
    counts: Counts = field(default_factory=dict)
    progress: Progress = field(default_factory=Progress)
    removed: bool = False

    @property
    def id(self) -> str:
        """Names the event among its owner's: a task has one event for each version."""
        return f"{self.task.id}:{self.task.version}"

    @property
    def actor(self) -> str | None:
        """Who made the change: the owner, or None for the pipeline."""
        return self.task.owner_id if self.task.edited_version == self.task.version else None

    @property
    def orphans(self) -> bool:
        """Whether the change may have left subtasks without their parent: they are to be deleted with it."""
        return self.type is TaskEventType.DELETED and self.task.parent_id is None

    @property
    def reunites(self) -> bool:
        """Whether the change brought back a task whose subtasks may have been deleted with it."""
        return self.type is TaskEventType.RESTORED and self.task.parent_id is None

    @property
    def joins(self) -> bool:
        """Whether a subtask came to its parent by this change, which may have been deleted meanwhile."""
        return self.type in {TaskEventType.CREATED, TaskEventType.RESTORED} and self.task.parent_id is not None

    @property
    def told(self) -> bool:
        """Whether anybody is told: what happens to a task that is deleted already is no news."""
        return not self.task.deleted or self.type is TaskEventType.DELETED

    @property
    def completes(self) -> bool:
        """Whether the task was completed by this change."""
        return self.previous_status is not None and self.task.completed

    @property
    def schedules(self) -> bool:
        """Whether the change set a schedule: a run of the workflow is to be started."""
        return self.task.schedule.version == self.task.version


def event_between(before: Task | None, after: Task) -> TaskEvent:
    """The event that leads from one version of a task to the next; `before` is None for a new task."""
    return TaskEvent(
        type=_type_of(before, after),
        at=after.updated_at,
        task=after,
        previous_status=before.status if before and before.status is not after.status else None,
        changes=_changes(before, after) if before else (),
        superseded=before.schedule.version if before and _ends_run(before, after) else None,
        counts=difference(counts_of(before), counts_of(after)),
        progress=Progress(
            progress_of(after).total - progress_of(before).total,
            progress_of(after).completed - progress_of(before).completed,
        ),
    )


def event_of_removal(task: Task, now: datetime) -> TaskEvent:
    """The event of a task's disappearance from the table; a deletion, if it was not deleted before."""
    gone = bumped(task, now)
    return replace(event_between(task, gone if task.deleted else replace(gone, deleted_at=now)), removed=True)


def event_of_change(before: Task | None, after: Task | None, now: datetime) -> TaskEvent | None:
    """The event of a change as storage tells of it: `after` is None for a task that has left the table.

    None for what is no news to anybody.
    """
    if after is None:
        return event_of_removal(before, now) if before else None
    event = event_between(before, after)
    return event if event.told else None


def _type_of(before: Task | None, after: Task) -> TaskEventType:
    if before is None:
        return TaskEventType.CREATED
    what_happened = (
        (after.deleted and not before.deleted, TaskEventType.DELETED),
        (before.deleted and not after.deleted, TaskEventType.RESTORED),
        (after.status is not before.status, TaskEventType.STATUS_CHANGED),
        (any(change.field in _DETAILS for change in _changes(before, after)), TaskEventType.UPDATED),
        (after.overdue and not before.overdue, TaskEventType.OVERDUE),
        (after.schedule.reminded_until != before.schedule.reminded_until, TaskEventType.REMINDED),
    )
    return next((kind for happened, kind in what_happened if happened), TaskEventType.PROCESSING_CHANGED)


def _ends_run(before: Task, after: Task) -> bool:
    """Whether a run may still be under way that nobody needs any more."""
    moved = after.schedule.version != before.schedule.version
    done = after.deleted or (after.completed and before.processing.state is ProcessingState.WAITING)
    return before.processing.state not in ENDED and (moved or done)


def _changes(before: Task, after: Task) -> tuple[FieldChange, ...]:
    pairs = ((name, read(before), read(after)) for name, read in _VISIBLE.items())
    return tuple(FieldChange(name, _text(old), _text(new)) for name, old, new in pairs if old != new)


def _text(value: object) -> str | None:
    match value:
        case None | ():
            return None
        case Enum():
            return str(value.value)
        case bool():
            return "true" if value else "false"
        case datetime():
            return instant_text(value)
        case tuple():
            return json.dumps(value, ensure_ascii=False)
        case _:
            return str(value)


_DETAILS = frozenset(
    {"title", "description", "priority", "labels", "due_at", "time_zone", "remind_before", "recurrence", "progress"}
)

# What a person sees of a task.
_VISIBLE: dict[str, Callable[[Task], object]] = {
    "title": lambda task: task.title,
    "description": lambda task: task.description,
    "status": lambda task: task.status,
    "priority": lambda task: task.priority,
    "labels": lambda task: task.labels,
    "due_at": lambda task: task.due_at,
    "time_zone": lambda task: task.time_zone,
    "remind_before": lambda task: task.remind_before,
    "recurrence": lambda task: task.recurrence and task.recurrence.told,
    "progress": lambda task: f"{task.progress.completed} of {task.progress.total}" if task.progress.total else None,
    "overdue": lambda task: task.overdue,
    "completed_at": lambda task: task.completed_at,
    "completed_late": lambda task: task.completed_late,
    "processing": lambda task: task.processing.state,
    "deleted_at": lambda task: task.deleted_at,
}
