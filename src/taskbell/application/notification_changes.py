"""Use cases that change notifications together with their tasks."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from taskbell.application.ports import NotificationName, NotificationRepository, TaskRepository, Things
from taskbell.application.task_changes import Clock, change
from taskbell.domain.commands import UpdateTask
from taskbell.domain.exceptions import ConflictError, InvalidInputError, LimitExceededError, NotFoundError
from taskbell.domain.notification import Notification, NotificationChange, changed_at, taken_back
from taskbell.domain.receipts import ClientMutation
from taskbell.domain.task import Task, with_details
from taskbell.domain.timestamps import format_timestamp, parse_timestamp

MAX_REMINDERS = 10
_TOO_LATE = "This can no longer be undone: ten minutes have passed."
_CHANGED = "It was changed since."


@dataclass(frozen=True, slots=True)
class NotificationUndoStep:
    """How to take a change of one notification back.

    Attributes:
        task_id: The task of the notification.
        version: The version that the change made. A notification that its owner has changed since stays as it is.
        at: When the reminder was due, as text.
        change: What the change was.
    """

    task_id: str
    version: int
    at: str
    change: str


@dataclass(frozen=True, slots=True)
class Snoozed:
    """The task of a snoozed notification, and the notification: dismissed now, or before; None if it has gone."""

    task: Task
    notification: Notification | None


def undo_steps(
    notifications: Iterable[Notification], change: NotificationChange, now: datetime
) -> list[NotificationUndoStep]:
    """Return how to take back what was changed at `now`; nothing of those that had been changed before."""
    return [
        NotificationUndoStep(each.task_id, each.version, format_timestamp(each.at), change.value)
        for each in notifications
        if changed_at(each, change) == now
    ]


@dataclass(frozen=True, slots=True)
class NotificationService:
    """Changes notifications together with their tasks."""

    tasks: TaskRepository
    notifications: NotificationRepository
    things: Things
    clock: Clock

    def snooze(
        self, name: NotificationName, until: datetime, mutation: ClientMutation | None, now: datetime
    ) -> Snoozed:
        """Remind of a task again at `until`, and dismiss the notification at `now`.

        The task is changed first: if the function dies in between, the notification is still there, and repeating the
        change dismisses it.

        Raises:
            NotFoundError: There is no such notification, or its task is deleted.
            InvalidInputError: `until` is not in the future, or the task is completed.
            LimitExceededError: The task has too many reminders.
            UnavailableError: The table did not answer, or the task changed during each attempt.
        """
        if not self.things.read({name}):
            raise NotFoundError(field=("id",))
        command = UpdateTask(name.owner_id, name.task_id, mutation=mutation)
        task = change(self.tasks, command, lambda stored: _reminded_again(stored, until, self.clock()))
        return Snoozed(task, self.notifications.dismiss(name, now))

    def undo(self, owner_id: str, step: NotificationUndoStep, valid_until: datetime) -> Notification:
        """Take a change of a notification back, if its owner has not changed it since; idempotent.

        Raises:
            NotFoundError: The notification has left the table.
            ConflictError: It was changed since.
            InvalidInputError: It is too late.
            UnavailableError: The table did not answer.
        """
        if valid_until <= self.clock():
            raise InvalidInputError(_TOO_LATE, ("tokens",))
        name, made = NotificationName(owner_id, step.task_id, parse_timestamp(step.at)), NotificationChange(step.change)
        stored = self.things.read({name}).get(name)
        if not isinstance(stored, Notification):
            raise NotFoundError(field=("tokens",))
        if stored.version == step.version + 1 and changed_at(stored, made) is None:
            return stored
        before = taken_back(stored, made)
        if stored.version != step.version or not self.notifications.restore(before, self.clock()):
            raise ConflictError(None, ("tokens",), _CHANGED)
        return before


def _reminded_again(task: Task, until: datetime, now: datetime) -> Task:
    if until <= now:
        raise InvalidInputError("Must be in the future.", ("until",))
    if task.completed:
        raise InvalidInputError("The task is completed.", ("id",))
    upcoming = {instant for instant in task.remind_at if instant > now}
    if len(upcoming | {until}) > MAX_REMINDERS:
        raise LimitExceededError(f"A task can have at most {MAX_REMINDERS} such reminders.", ("until",))
    return with_details(task, {"remind_at": tuple(sorted(upcoming | {until}))}, now)
