"""Use cases of subscribed calendars: their events become tasks, and changes follow.

What the owner has edited stays: of each event the values that were last taken over are kept, and a field of its task
follows only while the task has that value. Tasks are changed before that is stored, so that whatever was interrupted is
done again with the same result.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Protocol
from uuid import UUID
from zoneinfo import ZoneInfo

from taskbell.application.ports import ProfileRepository, SettingsSource, TaskRepository
from taskbell.application.task_changes import change, new_task
from taskbell.domain import ids
from taskbell.domain.commands import CreateTask, DeleteTask, RestoreTask, UpdateTask
from taskbell.domain.due import due_from
from taskbell.domain.exceptions import InvalidInputError, LimitExceededError, NotFoundError
from taskbell.domain.profile import Profile
from taskbell.domain.subscribed_calendar import (
    MAX_CALENDARS,
    PAUSE,
    CalendarEvent,
    Followed,
    Presence,
    SubscribedCalendar,
    calendar_id,
    failed,
    succeeded,
    task_key,
)
from taskbell.domain.task import Task, TaskStatus, restored, soft_deleted, with_details

GONE_LABEL = "no longer in the calendar"
_MAX_LABELS = 20


class CalendarFetchError(Exception):
    """A calendar could not be fetched or read; the text is for its owner."""


@dataclass(frozen=True, slots=True)
class FetchedCalendar:
    """What a server answers."""

    content: bytes
    etag: str | None = None
    modified: str | None = None


class CalendarSource(Protocol):
    """Fetches calendars."""

    def fetch(self, url: str, etag: str | None, modified: str | None) -> FetchedCalendar | None:
        """Return what is at an address; None if it is what the caller has. Raises CalendarFetchError."""


class SubscriptionRepository(Protocol):
    """Stores subscribed calendars, and the events that are followed."""

    def of_owner(self, owner_id: str) -> Sequence[SubscribedCalendar]:
        """Return an owner's calendars."""

    def followed(self, calendar: SubscribedCalendar) -> Mapping[str, Followed]:
        """Return the events that are followed, by their ids."""

    def save(self, calendar: SubscribedCalendar, followed: Mapping[str, Followed] | None = None) -> bool:
        """Store the next version of a calendar, and what is followed unless that is None.

        Returns:
            Whether it is stored: not if another one is stored, or it was removed.
        """

    def remove(self, calendar: SubscribedCalendar) -> None:
        """Remove a calendar, and what is followed; idempotent."""


ParseEvents = Callable[[bytes, datetime], Sequence[CalendarEvent]]


@dataclass(frozen=True, slots=True)
class CalendarFollowing:
    """Follows calendars with its dependencies. `parse` returns a calendar's events, of those that are due soonest."""

    calendars: SubscriptionRepository
    source: CalendarSource
    parse: ParseEvents
    store: TaskRepository
    profiles: ProfileRepository
    settings: SettingsSource
    clock: Callable[[], datetime]
    new_bits: Callable[[], str]

    def subscribe(self, owner_id: str, url: str, name: str) -> SubscribedCalendar:
        """Subscribe to a calendar and take over its events, unless the owner has subscribed to it.

        Raises:
            InvalidInputError: It cannot be fetched or read.
            LimitExceededError: The owner has too many.
            UnavailableError: The table did not answer.
        """
        own = self.calendars.of_owner(owner_id)
        id_ = calendar_id(owner_id, url)
        for calendar in own:
            if calendar.id == id_:
                return calendar
        if len(own) >= MAX_CALENDARS:
            raise LimitExceededError(f"You can subscribe to at most {MAX_CALENDARS} calendars.", ("url",))
        now = self.clock()
        new = SubscribedCalendar(id_, owner_id, url, name, now)
        try:
            fetched = self.source.fetch(url, None, None)
            events = self.parse(fetched.content, now) if fetched else ()
        except CalendarFetchError as error:
            raise InvalidInputError(str(error), ("url",)) from error
        if self.calendars.save(new):
            return self._take_over(new, fetched, events)
        return new

    def refresh(self, owner_id: str, id_: str) -> SubscribedCalendar:
        """Fetch one of an owner's calendars, and follow what has changed; a failure is stored for its owner to see.

        One that was fetched within the last minute is returned as it is. Raises NotFoundError if there is none.
        """
        calendar, now = self._own(owner_id, id_), self.clock()
        if calendar.checked_at and now - calendar.checked_at < PAUSE:
            return calendar
        try:
            fetched = self.source.fetch(calendar.url, calendar.etag, calendar.modified)
            events = self.parse(fetched.content, now) if fetched else ()
        except CalendarFetchError as error:
            changed = failed(calendar, now, str(error))
            self.calendars.save(changed)
            return changed
        return self._take_over(calendar, fetched, events)

    def unsubscribe(self, owner_id: str, id_: str, *, delete_tasks: bool) -> SubscribedCalendar:
        """End a subscription; `delete_tasks`: with the open tasks that the owner has not touched.

        Raises NotFoundError if there is none.
        """
        calendar = self._own(owner_id, id_)
        if delete_tasks:
            zone = self.profiles.get(owner_id).zone
            for followed in self.calendars.followed(calendar).values():
                self._delete_untouched(owner_id, followed, zone)
        self.calendars.remove(calendar)
        return calendar

    def _own(self, owner_id: str, id_: str) -> SubscribedCalendar:
        for calendar in self.calendars.of_owner(owner_id):
            if calendar.id == id_:
                return calendar
        raise NotFoundError("There is no such calendar.", ("calendar_id",))

    def _take_over(
        self, calendar: SubscribedCalendar, fetched: FetchedCalendar | None, events: Sequence[CalendarEvent]
    ) -> SubscribedCalendar:
        done = succeeded(calendar, self.clock())
        if fetched is None:
            self.calendars.save(done)
            return done
        profile = self.profiles.get(calendar.owner_id)
        before = self.calendars.followed(calendar)
        after = self._followed(calendar, before, {event.id: event for event in events}, profile)
        present = sum(each.presence is Presence.THERE for each in after.values())
        done = replace(done, etag=fetched.etag, modified=fetched.modified, events=present)
        self.calendars.save(done, None if after == before and calendar.checked_at else after)
        return done

    def _followed(
        self,
        calendar: SubscribedCalendar,
        before: Mapping[str, Followed],
        events: Mapping[str, CalendarEvent],
        profile: Profile,
    ) -> dict[str, Followed]:
        after: dict[str, Followed] = {}
        for number, event in enumerate(events.values()):
            known = before.get(event.id)
            if known is None:
                after[event.id] = Followed(event, self._create(calendar, event, profile, number))
            else:
                after[event.id] = self._changed(calendar.owner_id, known, event, profile.zone)
        for id_ in before.keys() - events.keys():
            left = self._left(calendar.owner_id, before[id_], profile.zone)
            after |= {id_: left} if left else {}
        return after

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
        return (self.store.add(task) or task).id

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
        if self._delete_untouched(owner_id, known, zone):
            return replace(known, presence=Presence.DELETED)

        def mark(task: Task) -> Task:
            if task.completed or GONE_LABEL in task.labels or len(task.labels) >= _MAX_LABELS:
                return task
            return with_details(task, {"labels": (*task.labels, GONE_LABEL)}, self.clock())

        self._try(UpdateTask(owner_id, known.task_id), mark)
        return replace(known, presence=Presence.KEPT)

    def _delete_untouched(self, owner_id: str, known: Followed, zone: ZoneInfo) -> bool:
        """Delete the task of an event if it is open and as the calendar had it. Returns whether it is deleted."""
        retention = self.settings.deleted_task_retention()

        def delete(task: Task) -> Task:
            untouched = task.status is TaskStatus.PENDING and not _edited(task, known.event, zone)
            return soft_deleted(task, self.clock(), retention) if untouched and not task.progress.total else task

        task = self._try(DeleteTask(owner_id, known.task_id), delete)
        return task is None or task.deleted

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
