"""The service that both APIs use to change tasks."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from taskbell.application import occurrences, task_changes, trash
from taskbell.application.placing import FindList
from taskbell.application.ports import ProfileRepository, SettingsSource, TaskRepository
from taskbell.application.task_changes import Clock
from taskbell.application.trash import Emptied
from taskbell.application.undo import undo_change
from taskbell.domain.commands import (
    CreateTask,
    DeleteTask,
    PurgeTask,
    RestoreTask,
    SetTaskStatus,
    SkipOccurrence,
    UndoChange,
    UpdateTask,
)
from taskbell.domain.ids import parse_task_id
from taskbell.domain.occurrences import Occurrences
from taskbell.domain.receipts import ClientMutation
from taskbell.domain.rules import MAX_ID_AGE
from taskbell.domain.task import Task


@dataclass(frozen=True, slots=True)
class TaskService:
    """Changes tasks with their dependencies.

    Methods return the stored task or raise a TaskError; see `task_changes`. `clock` returns the time in milliseconds
    precision, `new_id` an id that was never used before, `find_list` an owner's list by its id.
    """

    store: TaskRepository
    profiles: ProfileRepository
    settings: SettingsSource
    clock: Clock
    new_id: Callable[[], str]
    find_list: FindList

    def storing_in(self, store: TaskRepository) -> "TaskService":
        """Return the service with another repository."""
        return replace(self, store=store)

    def create(self, command: CreateTask) -> Task:
        """Store a new task, with the owner's profile as defaults."""
        profile = self.profiles.get(command.owner_id)
        given = command.key and parse_task_id(command.key)
        retention = self.settings.deleted_task_retention() if given else MAX_ID_AGE
        return task_changes.create_task(
            command,
            self.store,
            self.clock(),
            self.new_id(),
            profile,
            retention=retention,
            find_list=self.find_list,
        )

    def update(self, command: UpdateTask) -> Task:
        """Change a task's details."""
        return task_changes.update_task(command, self.store, self.clock, self.find_list)

    def set_status(self, command: SetTaskStatus) -> Occurrences:
        """Change a task's status."""
        return occurrences.set_task_status(command, self.store, self.clock, self.settings.deleted_task_retention)

    def skip(self, command: SkipOccurrence) -> Occurrences:
        """Skip an occurrence of a recurring task."""
        return occurrences.skip_occurrence(command, self.store, self.clock, self.settings.deleted_task_retention)

    def delete(self, command: DeleteTask) -> Task:
        """Delete a task; it can be restored for the retention period."""
        retention = self.settings.deleted_task_retention()
        return task_changes.delete_task(command, self.store, self.clock, retention)

    def restore(self, command: RestoreTask) -> Task:
        """Restore a deleted task."""
        return task_changes.restore_task(command, self.store, self.clock, self.find_list)

    def purge(self, command: PurgeTask) -> Task:
        """Delete a deleted task for good."""
        return trash.purge_task(command, self.store, self.clock)

    def undo(self, command: UndoChange) -> Occurrences:
        """Take a change back."""
        retention = self.settings.deleted_task_retention()
        return undo_change(command, self.store, self.clock, retention, self.find_list)

    def empty_trash(self, owner_id: str, mutation: ClientMutation | None) -> Emptied:
        """Delete tasks of the trash for good."""
        return trash.empty_trash(owner_id, self.store, self.profiles, self.clock, mutation)
