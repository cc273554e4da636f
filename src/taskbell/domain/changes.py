"""Changes of an owner's tasks and notifications, for clients that catch up."""

from dataclasses import dataclass
from enum import Enum

from taskbell.domain.notification import Notification
from taskbell.domain.task import Task


class ChangeKind(Enum):
    """What has changed."""

    TASK = "TASK"
    NOTIFICATION = "NOTIFICATION"


@dataclass(frozen=True, slots=True)
class Change:
    """The newest state of a task or a notification.

    Attributes:
        id: The id of the task or the notification.
        version: Its version, also of a deleted task or a dismissed notification.
        node: The task or the notification; None if it is deleted or dismissed.
    """

    kind: ChangeKind
    owner_id: str
    id: str
    version: int
    node: Task | Notification | None = None

    @property
    def deleted(self) -> bool:
        """Whether the task is deleted, which may be restored later, or the notification dismissed."""
        return self.node is None


@dataclass(frozen=True, slots=True)
class ChangePage:
    """Changes in the order in which they were stored, each thing once.

    Attributes:
        cursor: Goes on after this page.
        has_more: Whether there is more now.
        full_sync_required: Whether the given cursor is older than what is kept: the client forgets everything that it
            has, and goes on with `cursor`, from which it gets everything anew.
    """

    changes: tuple[Change, ...]
    cursor: str
    has_more: bool
    full_sync_required: bool = False


def task_change(task: Task) -> Change:
    """Return the state of a task."""
    return Change(ChangeKind.TASK, task.owner_id, task.id, task.version, None if task.deleted else task)


def notification_change(notification: Notification) -> Change:
    """Return the state of a notification."""
    node = None if notification.dismissed_at else notification
    return Change(ChangeKind.NOTIFICATION, notification.owner_id, notification.id, notification.version, node)
