"""Notifications of the owner of a task."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum

from taskbell.domain.timestamps import format_timestamp


@dataclass(frozen=True, slots=True)
class Notification:
    """A reminder that was sent: at most one per task and time. A dismissed one is in no list.

    Attributes:
        at: When the reminder was due.
        sent_at: When it was sent; later than `at` if the system was down.
        title: The task's title at that time.
        due_at: The task's due date at that time, if it had one.
        expires_at: When the table deletes it, if it does.
        read_at: When it was marked as read by itself.
        dismissed_at: When it was dismissed.
        version: Grows by one with every change.
    """

    task_id: str
    owner_id: str
    at: datetime
    sent_at: datetime
    title: str
    due_at: datetime | None = None
    expires_at: datetime | None = None
    read_at: datetime | None = None
    dismissed_at: datetime | None = None
    version: int = 1

    @property
    def id(self) -> str:
        """The notification's id, unique among its owner's notifications."""
        return notification_id(self.task_id, self.at)

    def is_read(self, seen_until: datetime | None) -> bool:
        """Return whether it is read; `seen_until` is until when its owner has seen what was sent."""
        return self.read_at is not None or (seen_until is not None and self.sent_at <= seen_until)


class NotificationChange(Enum):
    """What an owner does with a notification."""

    READ = "read"
    DISMISSED = "dismissed"


def changed_at(notification: Notification, change: NotificationChange) -> datetime | None:
    """Return when a change was made; None if it was not."""
    return notification.read_at if change is NotificationChange.READ else notification.dismissed_at


def taken_back(notification: Notification, change: NotificationChange) -> Notification:
    """Return a notification as it was before a change, as its next version."""
    version = notification.version + 1
    if change is NotificationChange.READ:
        return replace(notification, read_at=None, version=version)
    return replace(notification, dismissed_at=None, version=version)


def notification_id(task_id: str, at: datetime) -> str:
    """Return the id of the notification of a task's reminder that was due at `at`."""
    return f"{task_id}:{format_timestamp(at)}"
