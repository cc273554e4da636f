"""What follows a change of a task. Events arrive at least once, and each step can be repeated without harm."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from taskbell.application.ports import EventLog, Publisher, TaskStore, Workflows
from taskbell.application.task_changes import change, check_retention, find_task
from taskbell.domain.commands import DeleteTask, RestoreTask
from taskbell.domain.events import TaskEvent
from taskbell.domain.exceptions import NotFoundError
from taskbell.domain.task import Task, next_occurrence, restored, soft_deleted


@dataclass(frozen=True, slots=True)
class EventHandler:
    """Handles the events of tasks, those of each task in their order."""

    history: EventLog
    store: TaskStore
    workflows: Workflows
    publisher: Publisher

    def handle(self, event: TaskEvent) -> None:
        """Remember (or forget), stop, start, follow up, push. The push is last: what a screen shows has been done."""
        if event.is_hard_delete:
            self.history.forget(event)
        else:
            self.history.append(event)
        if event.superseded_schedule is not None:
            self.workflows.stop(event.task, event.superseded_schedule)
        if event.starts_workflow:
            self.workflows.start(event.task)
        if event.is_completion:
            follow_up(event.task, self.store, event.at)
        if event.cascades_delete:
            delete_subtasks(event.task, self.store, event.at)
        if event.cascades_restore:
            restore_subtasks(event.task, self.store, event.at)
        if event.attaches_to_parent:
            delete_if_orphaned(event.task, self.store, event.at)
        if event.is_published:
            self.publisher.publish(event)


def follow_up(task: Task, store: TaskStore, now: datetime) -> None:
    """Store the successor of a completed task that recurs; again, nothing happens."""
    following = next_occurrence(task, now)
    if following:
        store.add(following)


def delete_subtasks(parent: Task, store: TaskStore, now: datetime) -> None:
    """Delete the subtasks of a task that is (still) deleted; they are kept as long as it is."""
    parent = store.get(parent.owner_id, parent.id) or parent
    for subtask in store.subtasks(parent) if parent.deleted else ():
        _delete_with(parent, subtask, store, now)


def restore_subtasks(parent: Task, store: TaskStore, now: datetime) -> None:
    """Restore the subtasks that were deleted with a task, if it is (still) restored; not those deleted before it."""

    def decide(subtask: Task) -> Task:
        check_retention(subtask, now)
        return restored(subtask, now) if subtask.deleted_with_parent else subtask

    for subtask in store.deleted_with(parent) if find_task(store, parent.owner_id, parent.id) else ():
        with suppress(NotFoundError):
            change(store, RestoreTask(subtask.owner_id, subtask.id), decide, deleted_too=True)


def delete_if_orphaned(subtask: Task, store: TaskStore, now: datetime) -> None:
    """Delete a subtask whose parent was deleted while it was made or restored."""
    parent = store.get(subtask.owner_id, subtask.parent_id or "")
    if parent and parent.deleted:
        _delete_with(parent, subtask, store, now)


def _delete_with(parent: Task, subtask: Task, store: TaskStore, now: datetime) -> None:
    retention = (parent.expires_at or now) - now
    decide = partial(soft_deleted, now=now, retention=retention, with_parent=True)
    with suppress(NotFoundError):
        change(store, DeleteTask(subtask.owner_id, subtask.id), decide)
