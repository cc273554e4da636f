"""A course's calendar that an owner subscribes to: its events become tasks, and its changes follow."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import Enum
from hashlib import sha256
from urllib.parse import urlsplit

from taskbell.domain.due import GivenDue

MAX_CALENDARS = 20
MAX_EVENTS = 200
PAUSE = timedelta(minutes=1)  # between two fetches of a calendar; longer than a function runs
INTERVAL = timedelta(hours=4)
FIRST_RETRY, LAST_RETRY = timedelta(hours=1), timedelta(days=1)
READ_AGAIN = timedelta(days=1)  # later events come near also when a calendar does not change


class Presence(Enum):
    """Where a followed event is, and what became of its task when it left the calendar."""

    THERE = "THERE"
    DELETED = "DELETED"
    KEPT = "KEPT"


class TasksOfCalendar(Enum):
    """What becomes of a calendar's tasks when its subscription ends."""

    KEEP = "KEEP"
    DELETE = "DELETE"


@dataclass(frozen=True, slots=True)
class CalendarEvent:
    """What a calendar says of an event: `id` is its UID, with RECURRENCE-ID if it has one."""

    id: str
    title: str
    description: str | None
    due: GivenDue


@dataclass(frozen=True, slots=True)
class Followed:
    """An event as it was last taken over, and its task."""

    event: CalendarEvent
    task_id: str
    presence: Presence = Presence.THERE


@dataclass(frozen=True, slots=True)
class Following:
    """What was taken over of a calendar, by the ids of events, and what is being taken over; None if nothing is.

    The second is stored before a task is changed. So whoever goes on after an interruption does the same, and what a
    task has from the calendar is never taken for its owner's.
    """

    taken: Mapping[str, Followed] = field(default_factory=dict)
    coming: Sequence[CalendarEvent] | None = None

    def differs_from(self, events: Sequence[CalendarEvent]) -> bool:
        """Return whether a calendar with these events has changed."""
        there = {id_: each.event for id_, each in self.taken.items() if each.presence is Presence.THERE}
        return there != {event.id: event for event in events}


@dataclass(frozen=True, slots=True)
class SubscribedCalendar:
    """A calendar that is subscribed to.

    Attributes:
        id: Follows from owner and address, so that subscribing again is no second subscription.
        name: What its owner calls it.
        checked_at: When it was last fetched, with or without success.
        etag: What its server called the version that was taken over.
        modified: When that was changed, in the words of its server.
        failures: How often fetching has failed since it last succeeded.
        error: Why it failed, for its owner.
        events: How many of its events are followed.
        next_fetch_at: When it is fetched by itself.
        read_at: When its content was last read as a whole.
        incomplete: Whether some of the events that were read are yet to be taken over.
        version: Grows by one with every stored change.
    """

    id: str
    owner_id: str
    url: str
    name: str
    created_at: datetime
    checked_at: datetime | None = None
    etag: str | None = None
    modified: str | None = None
    failures: int = 0
    error: str | None = None
    events: int = 0
    next_fetch_at: datetime | None = None
    read_at: datetime | None = None
    incomplete: bool = False
    version: int = 1

    @property
    def host(self) -> str:
        """The name of its server."""
        return urlsplit(self.url).hostname or ""

    def is_new_since(self, now: datetime) -> bool:
        """Return whether it was fetched within the last minute, and as a whole."""
        return not self.incomplete and self.checked_at is not None and now - self.checked_at < PAUSE

    def is_due(self, now: datetime) -> bool:
        """Return whether its turn has come."""
        return self.next_fetch_at is None or self.next_fetch_at <= now

    def validators(self, now: datetime) -> tuple[str | None, str | None]:
        """Return what to ask its server with, to be answered only what has changed; nothing once a day."""
        recent = self.read_at is not None and now - self.read_at < READ_AGAIN
        return (self.etag, self.modified) if recent else (None, None)


@dataclass(frozen=True, slots=True)
class DueFetch:
    """A calendar whose turn has come; `at` is when it came."""

    calendar_id: str
    owner_id: str
    host: str
    at: datetime


def calendar_id(owner_id: str, url: str) -> str:
    """Return the id of an owner's subscription to an address."""
    return sha256(f"{owner_id}\0{url}".encode()).hexdigest()[:32]


def task_key(calendar: SubscribedCalendar, event_id: str) -> str:
    """Return the key of the task of an event."""
    digest = sha256(f"{calendar.id}\0{event_id}".encode()).hexdigest()
    return f"calendar-{digest[:32]}"


def read(calendar: SubscribedCalendar, now: datetime, etag: str | None, modified: str | None) -> SubscribedCalendar:
    """Return the calendar after its content was read, whose events are yet to be taken over."""
    return replace(
        calendar,
        etag=etag,
        modified=modified,
        read_at=now,
        incomplete=True,
        next_fetch_at=now + PAUSE,  # another process goes on then if this one dies
        version=calendar.version + 1,
    )


def succeeded(calendar: SubscribedCalendar, now: datetime) -> SubscribedCalendar:
    """Return the calendar after it was fetched, and all that is in it was taken over."""
    return replace(
        calendar,
        checked_at=now,
        failures=0,
        error=None,
        incomplete=False,
        next_fetch_at=now + INTERVAL,
        version=calendar.version + 1,
    )


def interrupted(calendar: SubscribedCalendar, now: datetime) -> SubscribedCalendar:
    """Return the calendar of whose events a part was taken over; the rest comes with its next turn."""
    return replace(calendar, next_fetch_at=now, version=calendar.version + 1)


def failed(calendar: SubscribedCalendar, now: datetime, error: str) -> SubscribedCalendar:
    """Return the calendar after it could not be fetched: the time until it is tried again doubles, up to a day."""
    failures = calendar.failures + 1
    return replace(
        calendar,
        checked_at=now,
        failures=failures,
        error=error,
        next_fetch_at=now + retry_after(failures),
        version=calendar.version + 1,
    )


def retry_after(failures: int) -> timedelta:
    """Return how long to wait after so many failures in a row."""
    return min(FIRST_RETRY * (1 << min(failures - 1, 10)), LAST_RETRY)
