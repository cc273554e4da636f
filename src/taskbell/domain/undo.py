"""Taking a change back: a task gets what its owner had given it before, as its next version."""

from dataclasses import fields, replace
from datetime import datetime, timedelta

from taskbell.domain.occurrences import Occurrences, followed, taken_back
from taskbell.domain.task import (
    ProcessingState,
    Task,
    edited,
    rescheduled,
    soft_deleted,
    timers,
    with_overdue,
    with_processing_finished,
)

# What belongs to the task itself, to the pipeline or to the table, and is not taken back.
_NOT_OF_OWNER = {
    *("id", "owner_id", "key", "request_digest", "receipts", "created_at", "updated_at", "version", "edited_version"),
    *("schedule", "processing", "overdue", "progress"),
    *("deleted_at", "expires_at", "deleted_with_parent", "purged"),
}
OF_OWNER = tuple(field.name for field in fields(Task) if field.name not in _NOT_OF_OWNER)


def undone(task: Task, before: Task, next_: Task | None, now: datetime, retention: timedelta) -> Occurrences:
    """Return the task as it was before a change, and what becomes of the next occurrence that the change made.

    Args:
        task: The task as it is.
        before: The task as it was; deleted, if it was or was not there.
        next_: The next occurrence that the change made, which is deleted again.
        now: When the change is taken back.
        retention: How long what is deleted can be restored.
    """
    if before.deleted:
        return Occurrences(task if task.deleted else soft_deleted(task, now, retention))
    again = before.completed and before.next_id is not None and task.next_id is None
    given = {name: getattr(before, name) for name in OF_OWNER}
    live = replace(task, **given, deleted_at=None, expires_at=None, deleted_with_parent=False)
    changed = edited(replace(live, next_id=None) if again else live, now)
    if changed.completed:
        done = replace(changed, overdue=False)
        waits = done.processing.state is ProcessingState.WAITING
        done = with_processing_finished(done, now) if waits else done
        return followed(done, now) if again else Occurrences(done)
    if task.deleted or task.completed or changed.due_at != task.due_at:
        changed = with_overdue(changed, now)
    reopened = task.completed and (changed.due_at or changed.remind_at)
    moved = task.deleted or reopened or timers(changed) != timers(task)
    changed = rescheduled(changed, now) if moved else changed
    return Occurrences(changed, taken_back(next_, now, retention) if next_ else None)
