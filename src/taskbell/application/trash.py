"""Use cases that delete tasks for good."""

from dataclasses import dataclass

from taskbell.application.ports import ProfileRepository, TaskRepository
from taskbell.application.profile_changes import update_profile
from taskbell.application.task_changes import Clock, change
from taskbell.domain.commands import PurgeTask
from taskbell.domain.exceptions import InvalidInputError, NotFoundError
from taskbell.domain.receipts import ClientMutation
from taskbell.domain.rules import is_repetition
from taskbell.domain.task import Task
from taskbell.domain.trash import TrashQuery, purged

MAX_EMPTIED = 100


@dataclass(frozen=True, slots=True)
class Emptied:
    """What emptying the trash has done: the ids of the tasks that were deleted for good, and whether there are more."""

    ids: tuple[str, ...]
    has_more: bool


def purge_task(command: PurgeTask, store: TaskRepository, clock: Clock) -> Task:
    """Delete a deleted task for good. The pipeline deletes its history, its notifications and its subtasks.

    Returns:
        What is left of it.

    Raises:
        NotFoundError: There is no such task.
        ConflictError: `expected_version` is out of date.
        InvalidInputError: The task is not deleted.
        UnavailableError: The table did not answer, or the task changed during each attempt.
    """

    def decide(task: Task) -> Task:
        if not task.deleted:
            raise InvalidInputError("Delete it first: only a deleted task can be deleted for good.", ("id",))
        return purged(task, clock())

    return change(store, command, decide, include_deleted=True)


def empty_trash(
    owner_id: str, store: TaskRepository, profiles: ProfileRepository, clock: Clock, mutation: ClientMutation | None
) -> Emptied:
    """Delete at most MAX_EMPTIED tasks of an owner's trash for good, one after another.

    A repetition of a change that a client has named deletes nothing more, once the trash was empty.

    Raises:
        InvalidInputError: The client gave another change this name.
        UnavailableError: The table did not answer; some of the tasks are deleted.
    """
    if mutation and is_repetition(mutation, profiles.get(owner_id).receipts):
        return Emptied((), has_more=False)
    found = store.trash(TrashQuery(owner_id, clock()), MAX_EMPTIED + 1)
    ids = tuple(task.id for task in found[:MAX_EMPTIED] if _is_purged(task, store, clock))
    has_more = len(found) > MAX_EMPTIED
    if mutation and not has_more:
        update_profile(profiles, owner_id, lambda profile: profile, mutation)
    return Emptied(ids, has_more)


def _is_purged(task: Task, store: TaskRepository, clock: Clock) -> bool:
    """Delete a task for good; False if it was restored or deleted for good meanwhile."""
    try:
        purge_task(PurgeTask(task.owner_id, task.id), store, clock)
    except (InvalidInputError, NotFoundError):
        return False
    return True
