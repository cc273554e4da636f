"""Reactions to task events. Events are delivered at least once, and every reaction is idempotent."""

from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime

from taskbell.application.change_feed import ChangeFeed
from taskbell.application.occurrences import copy_subtasks
from taskbell.application.ports import EventLog, Publisher, TaskRepository, Workflows
from taskbell.application.task_changes import change, find_task
from taskbell.application.task_lists import TaskListRepository, settle_in_list
from taskbell.domain.commands import DeleteTask, PurgeTask, RestoreTask, UpdateTask
from taskbell.domain.events import TaskEvent, TaskEventType
from taskbell.domain.exceptions import NotFoundError
from taskbell.domain.ranks import respread
from taskbell.domain.rules import check_retention
from taskbell.domain.task import Task, restored, soft_deleted, with_details, with_next_version
from taskbell.domain.trash import purged


@dataclass(frozen=True, slots=True)
class EventHandler:
    """Handles task events; those of one task arrive in their order."""

    event_log: EventLog
    feed: ChangeFeed
    tasks: TaskRepository
    workflows: Workflows
    publisher: Publisher
    lists: TaskListRepository

    def is_obsolete(self, event: TaskEvent) -> bool:
        """Whether the event is of a task that has left the table and whose events were purged."""
        return not event.is_hard_delete and self.event_log.is_purged(event.task)

    def store(self, event: TaskEvent) -> str:
        """Store the event, stop and start workflow runs, and cascade. Returns the event's place in the log."""
        if event.is_hard_delete:
            place = self.event_log.purge(event)
            self.tasks.release_key(event.task)
        else:
            place = self.event_log.append(event)
        self.stop_superseded_run(event)
        if event.starts_workflow:
            self.workflows.start(event.task)
        if event.closes_occurrence:
            copy_subtasks(event.task, self.tasks, event.at)
        self._cascade(event)
        return place

    def _cascade(self, event: TaskEvent) -> None:
        """Change what follows from an event: subtasks, the place of the task itself, and the order around it."""
        if event.cascades_delete:
            delete_subtasks(event.task, self.tasks, event.at)
        if event.cascades_purge:
            purge_subtasks(event.task, self.tasks, event.at)
        if event.cascades_restore:
            restore_subtasks(event.task, self.tasks, event.at)
        if event.attaches_to_parent:
            settle_below_parent(event.task, self.tasks, event.at)
        if event.comes_into_list:
            is_restored = event.type is TaskEventType.RESTORED
            settle_in_list(event.task, self.lists, self.tasks, event.at, is_restored=is_restored)
        if event.is_dragged:
            spread_ranks(event.task, self.tasks, event.at)
        if event.is_move:
            move_subtasks_up(event.task, self.tasks, event.at)

    def store_obsolete(self, event: TaskEvent) -> tuple[TaskEvent, str] | None:
        """Do what an event of a purged task still does: stop the run that it made obsolete, and copy its subtasks.

        Returns:
            A deletion with the place of the tombstone, so that it is pushed after all; None for other events.
        """
        self.stop_superseded_run(event)
        if event.closes_occurrence:
            copy_subtasks(event.task, self.tasks, event.at)
        return (event, self.event_log.purge(event)) if event.type is TaskEventType.DELETED else None

    def stop_superseded_run(self, event: TaskEvent) -> None:
        """Stop the run that the event made obsolete."""
        if event.superseded_schedule is not None:
            self.workflows.stop(event.task, event.superseded_schedule)

    def publish(self, event: TaskEvent, place: str) -> None:
        """Push the event: the last step, so that a client that receives it finds everything done.

        It is pushed with the task as it is now, so that no client goes back to an older state by it; as it was then,
        if it has left the table. A task that has left a list is pushed to its followers too, and first.
        """
        if event.is_published:
            task = self.tasks.get(event.task.owner_id, event.task.id) or event.task
            # A notification is not pushed with its task: who goes on from here gets both.
            told = {} if event.type is TaskEventType.REMINDED else {task.id: task.version}
            cursor = self.feed.cursor_beside(task.owner_id, place, told)
            for list_id in event.lists:
                self.publisher.publish(event, task, cursor, list_id)


def delete_subtasks(parent: Task, store: TaskRepository, now: datetime) -> None:
    """Delete the subtasks of a task if it is still deleted, with the same retention as their parent."""
    parent = store.get(parent.owner_id, parent.id) or parent
    for subtask in store.subtasks(parent) if parent.deleted else ():
        _delete_with(parent, subtask, store, now)


def purge_subtasks(parent: Task, store: TaskRepository, now: datetime) -> None:
    """Delete for good the subtasks that were deleted with a task, or were to be: that event may be a dead letter."""
    for subtask in store.subtasks(parent):
        _delete_with(parent, subtask, store, now)
    for subtask in store.deleted_with(parent):
        _purge(subtask, store, now)


def restore_subtasks(parent: Task, store: TaskRepository, now: datetime) -> None:
    """Restore the subtasks that were deleted with a task, if the task is still restored."""

    def decide(subtask: Task) -> Task:
        check_retention(subtask, now)
        return restored(subtask, now) if subtask.deleted_with_parent else subtask

    for subtask in store.deleted_with(parent) if find_task(store, parent.owner_id, parent.id) else ():
        with suppress(NotFoundError):
            change(store, RestoreTask(subtask.owner_id, subtask.id), decide, include_deleted=True)


def settle_below_parent(subtask: Task, store: TaskRepository, now: datetime) -> None:
    """Delete a subtask whose parent was deleted while it came there; move it up if its parent became a subtask."""
    parent = store.get(subtask.owner_id, subtask.parent_id or "")
    if parent and parent.deleted:
        _delete_with(parent, subtask, store, now)
    elif parent and parent.parent_id:
        _move(subtask, parent.parent_id, store, now)


def move_subtasks_up(task: Task, store: TaskRepository, now: datetime) -> None:
    """Move the subtasks that a task got while it became one itself beside it, if it still is one."""
    stored = find_task(store, task.owner_id, task.id)
    if stored and stored.parent_id:
        for subtask in store.subtasks(stored):
            _move(subtask, stored.parent_id, store, now)


def spread_ranks(task: Task, store: TaskRepository, now: datetime) -> None:
    """Give a task that was dragged and those around it shorter ranks, if its rank is long or another's too.

    The order stays as it is. No owner's change is overtaken: a task that has another rank by now keeps that.
    """
    seen = {id_: rank for rank, id_ in store.ranks(task)}
    ranked = sorted((rank, id_) for id_, rank in seen.items())
    for id_, rank in respread(ranked, task.id).items():

        def decide(stored: Task, rank: str = rank) -> Task:
            is_as_seen = stored.rank == seen[stored.id]
            return replace(with_next_version(stored, now), rank=rank) if is_as_seen else stored

        with suppress(NotFoundError):
            change(store, UpdateTask(task.owner_id, id_), decide)


def _move(subtask: Task, parent_id: str | None, store: TaskRepository, now: datetime) -> None:
    """Move a subtask, unless it was moved meanwhile."""

    def decide(stored: Task) -> Task:
        moved = stored.parent_id == subtask.parent_id
        return with_details(stored, {"parent_id": parent_id}, now) if moved else stored

    with suppress(NotFoundError):
        change(store, UpdateTask(subtask.owner_id, subtask.id), decide)


def _delete_with(parent: Task, subtask: Task, store: TaskRepository, now: datetime) -> None:
    retention = (parent.expires_at or now) - now

    def decide(stored: Task) -> Task:
        is_below = stored.parent_id == parent.id
        return soft_deleted(stored, now, retention, with_parent=True) if is_below else stored

    with suppress(NotFoundError):
        change(store, DeleteTask(subtask.owner_id, subtask.id), decide)
    if parent.purged:
        _purge(subtask, store, now)


def _purge(subtask: Task, store: TaskRepository, now: datetime) -> None:
    def decide(stored: Task) -> Task:
        return purged(stored, now) if stored.deleted_with_parent else stored

    with suppress(NotFoundError):
        change(store, PurgeTask(subtask.owner_id, subtask.id), decide, include_deleted=True)
