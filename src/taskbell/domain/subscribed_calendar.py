"""A course's calendar that an owner subscribes to: its events become tasks, and its changes follow."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import Enum
from hashlib import sha256

from taskbell.domain.due import GivenDue

MAX_CALENDARS = 20
MAX_EVENTS = 200
PAUSE = timedelta(minutes=1)


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
    version: int = 1


def calendar_id(owner_id: str, url: str) -> str:
    """Return the id of an owner's subscription to an address."""
    return sha256(f"{owner_id}\0{url}".encode()).hexdigest()[:32]


def task_key(calendar: SubscribedCalendar, event_id: str) -> str:
    """Return the key of the task of an event."""
    digest = sha256(f"{calendar.id}\0{event_id}".encode()).hexdigest()
    return f"calendar-{digest[:32]}"


def succeeded(calendar: SubscribedCalendar, now: datetime) -> SubscribedCalendar:
    """Return the calendar after it was fetched."""
    return replace(calendar, checked_at=now, failures=0, error=None, version=calendar.version + 1)


def failed(calendar: SubscribedCalendar, now: datetime, error: str) -> SubscribedCalendar:
    """Return the calendar after it could not be fetched."""
    failures = calendar.failures + 1
    return replace(calendar, checked_at=now, failures=failures, error=error, version=calendar.version + 1)
