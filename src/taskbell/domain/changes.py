"""Changes of an owner's tasks, notifications and lists, for clients that catch up."""

from dataclasses import dataclass
from enum import Enum

from taskbell.domain.notification import Notification
from taskbell.domain.task import Task
from taskbell.domain.task_list import TaskList


class ChangeKind(Enum):
    """What has changed."""

    TASK = "TASK"
    NOTIFICATION = "NOTIFICATION"
    LIST = "LIST"


@dataclass(frozen=True, slots=True)
class Change:
    """The newest state of a task, a notification or a list.

    Attributes:
        id: Its id.
        version: Its version, also of a deleted one, or of a dismissed notification.
        node: The thing itself; None if it is deleted or dismissed.
    """

    kind: ChangeKind
    owner_id: str
    id: str
    version: int
    node: Task | Notification | TaskList | None = None

    @property
    def deleted(self) -> bool:
        """Whether it is deleted, from which a task may be restored later, or dismissed."""
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


def list_change(task_list: TaskList) -> Change:
    """Return the state of a list."""
    node = None if task_list.deleted else task_list
    return Change(ChangeKind.LIST, task_list.owner_id, task_list.id, task_list.version, node)
