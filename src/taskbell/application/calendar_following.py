"""Use cases of subscribed calendars: their events become tasks, and changes follow.

What is read is stored before a task is changed, and is taken over before anything else is read. So an interruption, or
two processes at once, end with what one process would have done; what its owner has edited stays.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from taskbell.application.calendar_tasks import CalendarTasks
from taskbell.application.ports import ProfileRepository
from taskbell.domain.exceptions import InvalidInputError, LimitExceededError, NotFoundError, UnavailableError
from taskbell.domain.subscribed_calendar import (
    MAX_CALENDARS,
    CalendarEvent,
    DueFetch,
    Following,
    Presence,
    SubscribedCalendar,
    calendar_id,
    failed,
    interrupted,
    read,
    succeeded,
)

NOT_READ = "It could not be read."


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

    def get(self, owner_id: str, id_: str) -> SubscribedCalendar | None:
        """Return one of an owner's calendars; None if there is none."""

    def following(self, calendar: SubscribedCalendar) -> Following:
        """Return the events that are followed."""

    def save(self, calendar: SubscribedCalendar, following: Following | None = None) -> bool:
        """Store the next version of a calendar, together with what is followed unless that is None.

        Returns:
            Whether it is stored: not if another one is stored, or it was removed.
        """

    def remove(self, calendar: SubscribedCalendar) -> None:
        """Remove a calendar, and what is followed; idempotent."""


class FetchSchedule(Protocol):
    """When calendars are fetched: an entry for each, which outlives its calendar until its turn comes."""

    def set(self, calendar: SubscribedCalendar) -> None:
        """Move a calendar's entry to its next fetch, or make one."""

    def drop(self, due: DueFetch) -> None:
        """Remove the entry of a calendar that is gone, unless it was moved."""


ParseEvents = Callable[[bytes, datetime], Sequence[CalendarEvent]]
HasTime = Callable[[], bool]


@dataclass(frozen=True, slots=True)
class CalendarFollowing:
    """Follows calendars with its dependencies. `parse` returns a calendar's events, of those that are due soonest.

    `has_time` tells whether there is time for another task; without it, the rest comes with the calendar's next turn.
    """

    calendars: SubscriptionRepository
    schedule: FetchSchedule
    source: CalendarSource
    parse: ParseEvents
    tasks: CalendarTasks
    profiles: ProfileRepository
    clock: Callable[[], datetime]

    def subscribe(self, owner_id: str, url: str, name: str, has_time: HasTime) -> SubscribedCalendar:
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
                return self._take_over(calendar, has_time) if calendar.incomplete else calendar
        if len(own) >= MAX_CALENDARS:
            raise LimitExceededError(f"You can subscribe to at most {MAX_CALENDARS} calendars.", ("url",))
        now = self.clock()
        new = SubscribedCalendar(id_, owner_id, url, name, now, version=0)
        try:
            fetched = self.source.fetch(url, None, None) or FetchedCalendar(b"")
            events = self.parse(fetched.content, now)
        except CalendarFetchError as error:
            raise InvalidInputError(str(error), ("url",)) from error
        subscribed = read(new, now, fetched.etag, fetched.modified)
        saved = self._save(new, subscribed, Following({}, events))
        return self._take_over(saved, has_time) if saved == subscribed else saved

    def refresh(self, owner_id: str, id_: str, has_time: HasTime) -> SubscribedCalendar:
        """Fetch one of an owner's calendars, and follow what has changed; a failure is stored for its owner to see.

        One that was fetched within the last minute is returned as it is. Raises NotFoundError if there is none.
        """
        calendar = self._own(owner_id, id_)
        return calendar if calendar.is_new_since(self.clock()) else self._fetch(calendar, has_time)

    def fetch_due(self, due: DueFetch, has_time: HasTime) -> SubscribedCalendar | None:
        """Fetch a calendar whose turn has come; None if it is no longer subscribed to. Repeatable at any time."""
        calendar = self.calendars.get(due.owner_id, due.calendar_id)
        if calendar is None:
            self.schedule.drop(due)
            return None
        if calendar.is_due(self.clock()):
            return self._fetch(calendar, has_time)
        self.schedule.set(calendar)  # somebody fetched it, and died before this
        return calendar

    def give_up(self, due: DueFetch) -> None:
        """Count a fetch that killed its process, each time, as a failure of the calendar: others are not to wait."""
        calendar = self.calendars.get(due.owner_id, due.calendar_id)
        if calendar and calendar.is_due(self.clock()):
            self._save(calendar, failed(calendar, self.clock(), NOT_READ))

    def unsubscribe(self, owner_id: str, id_: str, has_time: HasTime, *, delete_tasks: bool) -> SubscribedCalendar:
        """End a subscription; `delete_tasks`: with the open tasks that the owner has not touched.

        Raises:
            NotFoundError: There is none.
            UnavailableError: There was not the time to find all of its tasks, or the table did not answer.
        """
        calendar = self._own(owner_id, id_)
        if delete_tasks:
            if calendar.incomplete and self._take_over(calendar, has_time).incomplete:
                raise UnavailableError("There are many events. Try again.")
            zone = self.profiles.get(owner_id).zone
            for followed in self.calendars.following(calendar).taken.values():
                self.tasks.delete_untouched(owner_id, followed, zone)
        self.calendars.remove(calendar)
        return calendar

    def _own(self, owner_id: str, id_: str) -> SubscribedCalendar:
        if calendar := self.calendars.get(owner_id, id_):
            return calendar
        raise NotFoundError("There is no such calendar.", ("calendar_id",))

    def _fetch(self, calendar: SubscribedCalendar, has_time: HasTime) -> SubscribedCalendar:
        """Take over what was read before, or else read what is new."""
        if calendar.incomplete:
            return self._take_over(calendar, has_time)
        now = self.clock()
        try:
            fetched = self.source.fetch(calendar.url, *calendar.validators(now))
            events = self.parse(fetched.content, now) if fetched else ()
        except CalendarFetchError as error:
            return self._save(calendar, failed(calendar, self.clock(), str(error)))
        if fetched is None:
            return self._save(calendar, succeeded(calendar, self.clock()))
        after = read(calendar, now, fetched.etag, fetched.modified)
        following = self.calendars.following(calendar)
        if not following.differs_from(events):
            return self._save(calendar, replace(succeeded(after, self.clock()), version=after.version))
        saved = self._save(calendar, after, Following(following.taken, events))
        return self._take_over(saved, has_time) if saved == after else saved

    def _take_over(self, calendar: SubscribedCalendar, has_time: HasTime) -> SubscribedCalendar:
        profile = self.profiles.get(calendar.owner_id)
        following = self.tasks.take_over(calendar, self.calendars.following(calendar), profile, has_time)
        end = succeeded if following.coming is None else interrupted
        present = sum(each.presence is Presence.THERE for each in following.taken.values())
        return self._save(calendar, replace(end(calendar, self.clock()), events=present), following)

    def _save(
        self, before: SubscribedCalendar, after: SubscribedCalendar, following: Following | None = None
    ) -> SubscribedCalendar:
        """Store a calendar and its turn, and return it; what is stored if somebody else stored something.

        A turn is never later than its calendar says, whatever dies: one that becomes earlier is stored first.
        """
        first = before.next_fetch_at is None or (after.next_fetch_at or after.created_at) < before.next_fetch_at
        if first:
            self.schedule.set(after)
        if not self.calendars.save(after, following):
            return self.calendars.get(after.owner_id, after.id) or after
        if not first:
            self.schedule.set(after)
        return after
