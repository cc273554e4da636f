"""Changes of tasks in a few words."""

from datetime import timedelta

from taskbell.application import occurrences
from taskbell.application.ports import TaskRepository
from taskbell.application.task_changes import Clock
from taskbell.domain.commands import SetTaskStatus
from taskbell.domain.task import Task

MONTH = timedelta(days=30)


def set_task_status(command: SetTaskStatus, store: TaskRepository, clock: Clock) -> Task:
    """Change the status of a task that may repeat; deleted tasks are kept for a month."""
    return occurrences.set_task_status(command, store, clock, lambda: MONTH).task
