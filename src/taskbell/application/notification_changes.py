"""Use cases that change notifications together with their tasks."""

from dataclasses import dataclass
from datetime import datetime

from taskbell.application.ports import NotificationName, NotificationRepository, TaskRepository, Things
from taskbell.application.task_changes import Clock, change
from taskbell.domain.commands import UpdateTask
from taskbell.domain.exceptions import InvalidInputError, LimitExceededError, NotFoundError
from taskbell.domain.receipts import ClientMutation
from taskbell.domain.task import Task, with_details

MAX_REMINDERS = 10


@dataclass(frozen=True, slots=True)
class NotificationService:
    """Changes notifications together with their tasks."""

    tasks: TaskRepository
    notifications: NotificationRepository
    things: Things
    clock: Clock

    def snooze(self, name: NotificationName, until: datetime, mutation: ClientMutation | None) -> Task:
        """Remind of a task again at `until`, and dismiss the notification.

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
        self.notifications.dismiss(name, self.clock())
        return task


def _reminded_again(task: Task, until: datetime, now: datetime) -> Task:
    if until <= now:
        raise InvalidInputError("Must be in the future.", ("until",))
    if task.completed:
        raise InvalidInputError("The task is completed.", ("id",))
    upcoming = {instant for instant in task.remind_at if instant > now}
    if len(upcoming | {until}) > MAX_REMINDERS:
        raise LimitExceededError(f"A task can have at most {MAX_REMINDERS} such reminders.", ("until",))
    return with_details(task, {"remind_at": tuple(sorted(upcoming | {until}))}, now)
