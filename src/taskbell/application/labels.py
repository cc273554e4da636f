"""Use cases that change a label wherever it is."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice

from taskbell.application.ports import LabelRepository, ProfileRepository, TaskRepository
from taskbell.application.profile_changes import update_profile
from taskbell.application.task_changes import Clock, change
from taskbell.domain.commands import RenameLabel, UpdateTask
from taskbell.domain.exceptions import NotFoundError
from taskbell.domain.labels import renamed
from taskbell.domain.rules import is_repetition
from taskbell.domain.task import Task, with_details

MAX_RENAMED = 100


@dataclass(frozen=True, slots=True)
class Renamed:
    """What was done: the ids of the tasks that were changed, and whether there are more to change."""

    ids: tuple[str, ...]
    has_more: bool


@dataclass(frozen=True, slots=True)
class LabelService:
    """Changes labels of all tasks of an owner."""

    labels: LabelRepository
    tasks: TaskRepository
    profiles: ProfileRepository
    clock: Clock

    def rename(self, command: RenameLabel) -> Renamed:
        """Rename or remove a label in at most MAX_RENAMED tasks, one after another; deleted ones keep it.

        A repetition of a change that a client has named changes nothing more, once no task had the label.

        Raises:
            InvalidInputError: The client gave another change this name.
            LimitExceededError: There are too many tasks with labels.
            UnavailableError: The table did not answer; some of the tasks are changed.
        """
        if command.mutation and is_repetition(command.mutation, self.profiles.get(command.owner_id).receipts):
            return Renamed((), has_more=False)
        to_change = list(islice(self._to_change(command), MAX_RENAMED + 1))
        ids = tuple(id_ for id_ in to_change[:MAX_RENAMED] if self._is_changed(command, id_))
        has_more = len(to_change) > MAX_RENAMED
        if command.mutation and not has_more:
            update_profile(self.profiles, command.owner_id, lambda profile: profile, command.mutation)
        return Renamed(ids, has_more)

    def _to_change(self, command: RenameLabel) -> Iterator[str]:
        for task_id, labels in self.labels.of_tasks(command.owner_id):
            if renamed(labels, command.name, command.new_name) != labels:
                yield task_id

    def _is_changed(self, command: RenameLabel, task_id: str) -> bool:
        """Change a task; False if it was deleted meanwhile."""

        def decide(task: Task) -> Task:
            labels = renamed(task.labels, command.name, command.new_name)
            later = task.later and replace(
                task.later, labels=renamed(task.later.labels, command.name, command.new_name)
            )
            return with_details(task, {"labels": labels, "later": later}, self.clock())

        try:
            change(self.tasks, UpdateTask(command.owner_id, task_id), decide)
        except NotFoundError:
            return False
        return True
