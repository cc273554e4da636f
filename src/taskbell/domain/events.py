"""Task events: at most one for each version of a task, derived from the task before and after the change."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import Enum

from taskbell.domain.ranks import initial_rank
from taskbell.domain.rrule import describe
from taskbell.domain.statistics import (
    Counts,
    ParentProgress,
    counts_for,
    difference,
    progress_difference,
    progress_for,
)
from taskbell.domain.task import ENDED, ProcessingState, Task, TaskStatus, with_next_version
from taskbell.domain.timestamps import format_timestamp


class TaskEventType(Enum):
    """The type of a change."""

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
    """A visible field before and after a change.

    Values are text, lists are JSON; None stands for no value. Of a long text there are the first 199 characters and an
    ellipsis.
    """

    field: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """A change of a task as history keeps it: what has changed, without the task.

    Attributes:
        version: The task's version after the change.
        at: When the change was made.
        status: The status after the change.
        by_owner: Whether the owner made the change, and not the pipeline.
    """

    owner_id: str
    task_id: str
    version: int
    type: TaskEventType
    at: datetime
    status: TaskStatus
    by_owner: bool
    changes: tuple[FieldChange, ...] = ()

    @property
    def id(self) -> str:
        """The entry's id, unique among its owner's entries: a task has at most one per version."""
        return f"{self.task_id}:{self.version}"

    @property
    def actor(self) -> str | None:
        """The id of the owner, if the owner made the change; None for the pipeline."""
        return self.owner_id if self.by_owner else None

    @property
    def previous_status(self) -> TaskStatus | None:
        """The status before the change, if the change is one of status."""
        before = next((change.before for change in self.changes if change.field == "status"), None)
        return TaskStatus(before) if before else None


@dataclass(frozen=True, slots=True)
class TaskEvent:
    """A change of a task, with the task after it and all that follows from the change.

    Attributes:
        at: When the change was made.
        task: The task after the change.
        previous_status: The status before the change, if the change is one of status.
        superseded_schedule: Version of the schedule whose workflow run is obsolete now and has to be stopped.
        counts: What the change adds to the owner's statistics.
        progress: What the change adds to the progress of parents: to two, if it moved a subtask.
        is_hard_delete: Whether the task has left the table, or was deleted for good, so that its stored events have to
            be deleted, too.
    """

    type: TaskEventType
    at: datetime
    task: Task
    previous_status: TaskStatus | None = None
    changes: tuple[FieldChange, ...] = ()
    superseded_schedule: int | None = None
    counts: Counts = field(default_factory=dict)
    progress: ParentProgress = field(default_factory=dict)
    is_hard_delete: bool = False

    @property
    def id(self) -> str:
        """The event's id, unique among its owner's events: a task has at most one event per version."""
        return f"{self.task.id}:{self.task.version}"

    @property
    def entry(self) -> HistoryEntry:
        """The event as history keeps it. Deleting or restoring a subtask with its parent counts as the owner's."""
        task, by_owner = self.task, self.task.edited_version == self.task.version
        return HistoryEntry(
            task.owner_id, task.id, task.version, self.type, self.at, task.status, by_owner, self.changes
        )

    @property
    def cascades_delete(self) -> bool:
        """Whether subtasks have to be deleted with this task."""
        return self.type is TaskEventType.DELETED and self.task.parent_id is None

    @property
    def cascades_purge(self) -> bool:
        """Whether subtasks that were deleted with this task have to be deleted for good."""
        return self.task.purged and self.task.parent_id is None

    @property
    def cascades_restore(self) -> bool:
        """Whether subtasks that were deleted with this task have to be restored."""
        return self.type is TaskEventType.RESTORED and self.task.parent_id is None

    @property
    def attaches_to_parent(self) -> bool:
        """Whether a subtask was added to a parent, which may have been deleted or moved meanwhile."""
        added = self.type in {TaskEventType.CREATED, TaskEventType.RESTORED}
        return self.task.parent_id is not None and (added or self.is_move)

    @property
    def comes_into_list(self) -> bool:
        """Whether a task came into a list, which may have been deleted meanwhile."""
        added = self.type in {TaskEventType.CREATED, TaskEventType.RESTORED}
        return self.task.list_id is not None and (added or self._before("list_id") != self.task.list_id)

    @property
    def lists(self) -> tuple[str | None, ...]:
        """The lists whose subscribers have to know: first the one that the task left, if it left one."""
        found = dict.fromkeys(filter(None, (self._before("list_id"), self.task.list_id)))
        return tuple(found) or (None,)

    def _before(self, name: str) -> str | None:
        """Return what a field was before the change, as text; what it is if the change is not one of it."""
        now = getattr(self.task, name)
        return next((change.before for change in self.changes if change.field == name), now)

    @property
    def is_move(self) -> bool:
        """Whether the task was moved below another one, or out."""
        return any(change.field == "parent_id" for change in self.changes)

    @property
    def is_dragged(self) -> bool:
        """Whether the owner has given the task a place in the order: another one, or one when it was created."""
        if self.type is TaskEventType.CREATED:
            task = self.task
            return bool(task.request_digest) and task.rank != initial_rank(task.created_at, task.id)
        return self.entry.by_owner and any(change.field == "rank" for change in self.changes)

    @property
    def is_published(self) -> bool:
        """Whether the event goes to subscribers and history; changes of a deleted task do not."""
        return not self.task.deleted or self.type is TaskEventType.DELETED

    @property
    def is_completion(self) -> bool:
        """Whether the change completed the task."""
        return self.previous_status is not None and self.task.completed

    @property
    def closes_occurrence(self) -> bool:
        """Whether the change completed or skipped an occurrence of a recurring task that goes on."""
        skipped = self.type is TaskEventType.DELETED and not self.task.completed
        return self.task.next_id is not None and (self.is_completion or skipped)

    @property
    def starts_workflow(self) -> bool:
        """Whether the change set a new schedule, so that a workflow run has to be started."""
        return self.task.schedule.version == self.task.version


def event_between(before: Task | None, after: Task) -> TaskEvent:
    """Derive the event from two successive versions of a task.

    Args:
        before: The task before the change; None for a new task.
        after: The task after the change.
    """
    return TaskEvent(
        type=_type_of(before, after),
        at=after.updated_at,
        task=after,
        previous_status=before.status if before and before.status is not after.status else None,
        changes=_changes(before, after) if before else (),
        superseded_schedule=before.schedule.version if before and _supersedes_run(before, after) else None,
        counts=difference(counts_for(before), counts_for(after)),
        progress=progress_difference(progress_for(before), progress_for(after)),
    )


def hard_delete_event(task: Task, now: datetime) -> TaskEvent:
    """Return the event of a task that left the table at `now`.

    Its type is DELETED unless the task was deleted before.
    """
    deleted = with_next_version(task, now)
    return replace(
        event_between(task, deleted if task.deleted else replace(deleted, deleted_at=now)), is_hard_delete=True
    )


def purge_event(before: Task, after: Task) -> TaskEvent:
    """Return the event of a task that its owner has deleted for good. Of its content it has the key alone."""
    task = replace(after, key=before.key)
    return TaskEvent(TaskEventType.PROCESSING_CHANGED, after.updated_at, task, is_hard_delete=True)


def event_from_change(before: Task | None, after: Task | None, now: datetime) -> TaskEvent | None:
    """Derive the event from a change of the table.

    Args:
        before: The stored task before the change; None for a new task.
        after: The stored task after the change; None if the task has left the table.
        now: When a task that has left the table counts as deleted.

    Returns:
        The event, or None if there is nothing to handle.
    """
    if after is None:
        return hard_delete_event(before, now) if before else None
    if after.purged:
        return purge_event(before, after) if before and not before.purged else None
    if before and before.version == after.version:  # only a receipt was added
        return None
    event = event_between(before, after)
    return event if event.is_published else None


def _type_of(before: Task | None, after: Task) -> TaskEventType:
    if before is None:
        return TaskEventType.CREATED
    types = (
        (after.deleted and not before.deleted, TaskEventType.DELETED),
        (before.deleted and not after.deleted, TaskEventType.RESTORED),
        (after.status is not before.status, TaskEventType.STATUS_CHANGED),
        (any(change.field in _DETAILS for change in _changes(before, after)), TaskEventType.UPDATED),
        (after.overdue and not before.overdue, TaskEventType.OVERDUE),
        (after.schedule.reminded_until != before.schedule.reminded_until, TaskEventType.REMINDED),
    )
    return next((type_ for applies, type_ in types if applies), TaskEventType.PROCESSING_CHANGED)


def _supersedes_run(before: Task, after: Task) -> bool:
    """Whether a workflow run that may still be active is obsolete after the change."""
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
            return format_timestamp(value)
        case tuple():
            return json.dumps(value, ensure_ascii=False)
        case _:
            return _shortened(str(value))


def _shortened(text: str) -> str:
    return text if len(text) <= _MAX_LENGTH else f"{text[: _MAX_LENGTH - 1]}…"


_MAX_LENGTH = 200  # characters

_DETAILS = frozenset(
    {
        "title",
        "description",
        "priority",
        "labels",
        "due_at",
        "due_on",
        "time_zone",
        "remind_before",
        "remind_at",
        "recurrence",
        "parent_id",
        "rank",
        "list_id",
        "section_id",
        "progress",
    }
)

# The fields whose changes are part of an event.
_VISIBLE: dict[str, Callable[[Task], object]] = {
    "title": lambda task: task.title,
    "description": lambda task: task.description,
    "status": lambda task: task.status,
    "priority": lambda task: task.priority,
    "labels": lambda task: task.labels,
    "due_at": lambda task: task.due_at,
    "due_on": lambda task: task.due_on and task.due_on.isoformat(),
    "time_zone": lambda task: task.time_zone,
    "remind_before": lambda task: task.remind_before,
    "remind_at": lambda task: tuple(map(format_timestamp, task.remind_at)),
    "recurrence": lambda task: task.recurrence and describe(task.recurrence),
    "parent_id": lambda task: task.parent_id,
    "rank": lambda task: task.rank,
    "list_id": lambda task: task.list_id,
    "section_id": lambda task: task.section,
    "progress": lambda task: f"{task.progress.completed} of {task.progress.total}" if task.progress.total else None,
    "overdue": lambda task: task.overdue,
    "completed_at": lambda task: task.completed_at,
    "completed_late": lambda task: task.completed_late,
    "processing": lambda task: task.processing.state,
    "deleted_at": lambda task: task.deleted_at,
}
