"""Use case: push notifications, each as it is when it is pushed."""

from dataclasses import dataclass

from taskbell.application.ports import (
    NotificationName,
    NotificationPublisher,
    NotificationPush,
    ProfileRepository,
    TaskName,
    Things,
)
from taskbell.domain.notification import Notification
from taskbell.domain.task import Task


@dataclass(frozen=True, slots=True)
class NotificationPusher:
    """Pushes what has changed, with all that the API shows of it. To push it again is harmless."""

    things: Things
    profiles: ProfileRepository
    publisher: NotificationPublisher

    def push(self, name: NotificationName) -> None:
        """Push a notification with its task, unless it has left the table."""
        task_name = TaskName(name.owner_id, name.task_id)
        found = self.things.read({name, task_name})
        notification, task = found.get(name), found.get(task_name)
        if not isinstance(notification, Notification):
            return
        shown = task if isinstance(task, Task) and not task.deleted else None
        seen_until = self.profiles.get(name.owner_id).seen_until
        self.publisher.publish(NotificationPush(name.owner_id, seen_until, notification, shown))

    def push_seen(self, owner_id: str) -> None:
        """Push until when an owner has seen all notifications."""
        self.publisher.publish(NotificationPush(owner_id, self.profiles.get(owner_id).seen_until))
