"""The tasks of a calendar's events: what the calendar says follows, what their owner has edited stays."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from taskbell.application.ports import SettingsSource, TaskRepository
from taskbell.application.task_changes import change, new_task
from taskbell.domain import ids
from taskbell.domain.commands import CreateTask, DeleteTask, RestoreTask, UpdateTask
from taskbell.domain.due import due_from
from taskbell.domain.exceptions import NotFoundError
from taskbell.domain.profile import Profile
from taskbell.domain.subscribed_calendar import (
    CalendarEvent,
    Followed,
    Following,
    Presence,
    SubscribedCalendar,
    task_key,
)
from taskbell.domain.task import Task, TaskStatus, restored, soft_deleted, with_details

GONE_LABEL = "no longer in the calendar"
_MAX_LABELS = 20


@dataclass(frozen=True, slots=True)
class CalendarTasks:
    """Changes the tasks of events; each change is idempotent."""

    store: TaskRepository
    settings: SettingsSource
    clock: Callable[[], datetime]
    new_bits: Callable[[], str]

    def take_over(
        self, calendar: SubscribedCalendar, following: Following, profile: Profile, has_time: Callable[[], bool]
    ) -> Following:
        """Let tasks follow what is coming, as far as there is time.

        Returns:
            What was taken over, and what is still coming: None if nothing is.
        """
        coming = {event.id: event for event in following.coming or ()}
        taken = dict(following.taken)
        for number, event in enumerate(coming.values()):
            if not has_time():
                return Following(taken, following.coming)
            known = taken.get(event.id)
            if known is None:
                taken[event.id] = Followed(event, self._create(calendar, event, profile, number))
            else:
                taken[event.id] = self._changed(calendar.owner_id, known, event, profile.zone)
        for id_ in following.taken.keys() - coming.keys():
            if not has_time():
                return Following(taken, following.coming)
            left = self._left(calendar.owner_id, taken.pop(id_), profile.zone)
            taken |= {id_: left} if left else {}
        return Following(taken)

    def delete_untouched(self, owner_id: str, known: Followed, zone: ZoneInfo) -> bool:
        """Delete the task of an event if it is open and as the calendar had it. Returns whether it is deleted."""
        retention = self.settings.deleted_task_retention()

        def delete(task: Task) -> Task:
            untouched = task.status is TaskStatus.PENDING and not _edited(task, known.event, zone)
            return soft_deleted(task, self.clock(), retention) if untouched and not task.progress.total else task

        task = self._try(DeleteTask(owner_id, known.task_id), delete)
        return task is None or task.deleted

    def _create(self, calendar: SubscribedCalendar, event: CalendarEvent, profile: Profile, number: int) -> str:
        """Return the id of the task of an event, which is made unless it was made before."""
        now = self.clock()
        command = CreateTask(
            calendar.owner_id,
            event.title,
            key=task_key(calendar, event.id),
            description=event.description,
            due_at=event.due,
        )
        id_ = ids.new_task_id(now + timedelta(milliseconds=number), UUID(self.new_bits()).int)
        task = new_task(command, now, id_, profile)
        existing = self.store.add(task)
        if existing and existing.deleted and calendar.checked_at is None:
            self._bring_back(existing, event, profile.zone)
        return (existing or task).id

    def _bring_back(self, task: Task, event: CalendarEvent, zone: ZoneInfo) -> None:
        """Let a task that was deleted with an earlier subscription be as the calendar says."""
        due = task.due_on or task.due_at
        last = CalendarEvent(event.id, task.title, task.description, due) if due else event
        self._changed(task.owner_id, Followed(last, task.id, Presence.DELETED), event, zone)

    def _changed(self, owner_id: str, known: Followed, event: CalendarEvent, zone: ZoneInfo) -> Followed:
        """Let the task of an event that is in the calendar follow it; one that had left comes back."""
        if known.presence is Presence.DELETED:
            self._try(RestoreTask(owner_id, known.task_id), lambda task: restored(task, self.clock()), deleted=True)
        if event != known.event or known.presence is not Presence.THERE:

            def follow(task: Task) -> Task:
                changes = _changes(task, known.event, event, zone)
                if GONE_LABEL in task.labels:
                    changes["labels"] = tuple(label for label in task.labels if label != GONE_LABEL)
                return with_details(task, changes, self.clock())

            self._try(UpdateTask(owner_id, known.task_id), follow)
        return Followed(event, known.task_id)

    def _left(self, owner_id: str, known: Followed, zone: ZoneInfo) -> Followed | None:
        """Return what stays known of an event that is not in the calendar; None of one that is over."""
        if _instant(known.event, zone) <= self.clock():
            return None
        if known.presence is not Presence.THERE:
            return known
        if self.delete_untouched(owner_id, known, zone):
            return replace(known, presence=Presence.DELETED)

        def mark(task: Task) -> Task:
            if task.completed or GONE_LABEL in task.labels or len(task.labels) >= _MAX_LABELS:
                return task
            return with_details(task, {"labels": (*task.labels, GONE_LABEL)}, self.clock())

        self._try(UpdateTask(owner_id, known.task_id), mark)
        return replace(known, presence=Presence.KEPT)

    def _try(
        self,
        command: UpdateTask | DeleteTask | RestoreTask,
        decide: Callable[[Task], Task],
        *,
        deleted: bool = False,
    ) -> Task | None:
        """Change a task; None if it is not there, or deleted."""
        try:
            return change(self.store, command, decide, include_deleted=deleted)
        except NotFoundError:
            return None


def _changes(task: Task, last: CalendarEvent, event: CalendarEvent, zone: ZoneInfo) -> dict[str, object]:
    """Return what follows: the fields that the owner has not edited since they were taken over."""
    changes: dict[str, object] = {}
    if task.title == last.title:
        changes["title"] = event.title
    if task.description == last.description:
        changes["description"] = event.description
    if not _moved(task, last, zone):
        changes["due_at"] = event.due
    return changes


def _edited(task: Task, last: CalendarEvent, zone: ZoneInfo) -> bool:
    """Return whether the owner has edited what was taken over."""
    return (task.title, task.description) != (last.title, last.description) or _moved(task, last, zone)


def _moved(task: Task, last: CalendarEvent, zone: ZoneInfo) -> bool:
    """Return whether the owner has edited the due date, by the zone that the task was made in."""
    due = due_from(last.due, ZoneInfo(task.time_zone) if task.time_zone else zone)
    return (task.due_at, task.due_on) != (due.at, due.on)


def _instant(event: CalendarEvent, zone: ZoneInfo) -> datetime:
    return due_from(event.due, zone).at.astimezone(UTC)
