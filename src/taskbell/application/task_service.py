"""The changes that people make to their tasks, with all that they need: both APIs call these."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from taskbell.application import task_changes
from taskbell.application.ports import Profiles, SettingsSource, TaskStore
from taskbell.domain.commands import CreateTask, DeleteTask, RestoreTask, SetTaskStatus, UpdateTask
from taskbell.domain.task import Task


@dataclass(frozen=True, slots=True)
class TaskService:
    """Every method answers with the task as it is stored, or raises a TaskError, as `task_changes` says for each.

    `clock` tells the instant, to the millisecond; `new_id` makes ids for tasks that are created without one.
    """

    store: TaskStore
    profiles: Profiles
    settings: SettingsSource
    clock: Callable[[], datetime]
    new_id: Callable[[], str]

    def create(self, command: CreateTask) -> Task:
        """Store a new task, as the owner's profile says where the command leaves it open."""
        profile = self.profiles.get(command.owner_id)
        return task_changes.create_task(command, self.store, self.clock(), self.new_id(), profile)

    def update(self, command: UpdateTask) -> Task:
        """Change a task's details."""
        return task_changes.update_task(command, self.store, self.clock())

    def set_status(self, command: SetTaskStatus) -> Task:
        """Move a task to another status."""
        return task_changes.set_task_status(command, self.store, self.clock())

    def delete(self, command: DeleteTask) -> Task:
        """Delete a task; it can be restored for the time of retention that is set."""
        retention = self.settings.deleted_task_retention()
        return task_changes.delete_task(command, self.store, self.clock(), retention)

    def restore(self, command: RestoreTask) -> Task:
        """Take a deletion back."""
        return task_changes.restore_task(command, self.store, self.clock())
