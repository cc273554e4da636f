"""The trash: deleted tasks that can be restored, and what is left of one that was deleted for good."""

from dataclasses import dataclass
from datetime import datetime

from taskbell.domain.task import Task, edited, with_processing_finished


@dataclass(frozen=True, slots=True)
class TrashQuery:
    """The deleted tasks of an owner that can be restored at a time, the last deleted first.

    Subtasks that were deleted with their parent are not in the list: they are restored and deleted for good with it.
    """

    owner_id: str
    at: datetime

    def matches(self, task: Task) -> bool:
        """Return whether the task is in the list."""
        return (
            task.owner_id == self.owner_id
            and task.deleted
            and not task.deleted_with_parent
            and not task.purged
            and (task.expires_at is None or task.expires_at > self.at)
        )


def purged(task: Task, now: datetime) -> Task:
    """Return what is left of a deleted task that is deleted for good: nothing that its owner wrote.

    Its id cannot be used again until the table deletes the rest, and the client's change can be repeated.
    """
    return edited(
        Task(
            id=task.id,
            owner_id=task.owner_id,
            title="",
            created_at=task.created_at,
            updated_at=task.updated_at,
            schedule=task.schedule,
            processing=with_processing_finished(task, now).processing,
            deleted_at=task.deleted_at,
            deleted_with_parent=task.deleted_with_parent,
            expires_at=task.expires_at,
            parent_id=task.parent_id,
            rank=task.rank,
            progress=task.progress,
            version=task.version,
            edited_version=task.edited_version,
            receipts=task.receipts,
            purged=True,
        ),
        now,
    )
