"""Reads the events of a calendar that an owner subscribes to: VEVENT by its start, VTODO by its due date.

An occurrence of an event that repeats has the id of UID and RECURRENCE-ID, so that it stays what it is when its
calendar says something of it alone.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate
from typing import Any, TypeVar

from icalendar import Calendar
from pydantic import TypeAdapter, ValidationError

from taskbell.api.field_types import Description, DueDate, Title
from taskbell.api.icalendar_series import repeats, slot, starts
from taskbell.application.calendar_following import CalendarFetchError
from taskbell.domain.due import GivenDue
from taskbell.domain.subscribed_calendar import MAX_EVENTS, CalendarEvent

OCCURRENCES_WITHIN = timedelta(days=60)
MAX_SERIES = 300  # of a calendar
T = TypeVar("T")
_PAST = timedelta(days=1)
_MAX_TITLE, _MAX_DESCRIPTION, _MAX_ID = 200, 10_000, 500
_MAX_BYTES = 200_000  # of all events: they are kept in one item, and those that are coming with them
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_TITLE: TypeAdapter[str] = TypeAdapter(Title)
_DESCRIPTION: TypeAdapter[str] = TypeAdapter(Description)
_DUE: TypeAdapter[GivenDue] = TypeAdapter(DueDate)


def events_of(content: bytes, now: datetime) -> list[CalendarEvent]:
    """Return the events that are not over: at most those that are due soonest, before any of those that repeat.

    Of events that repeat, those of the next weeks are events of their own. Cancelled and completed ones are left out,
    and any that cannot be read, or whose rule is not supported.

    Raises:
        CalendarFetchError: It is no calendar.
    """
    try:
        calendar = Calendar.from_ical(content)
    except (ValueError, IndexError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise CalendarFetchError("It is no calendar (iCalendar, RFC 5545).") from error
    if calendar.name != "VCALENDAR":
        raise CalendarFetchError("It is no calendar (iCalendar, RFC 5545).")
    single, repeated = (_soonest(events, now) for events in _events(calendar, now))
    taken = [*single, *repeated][:MAX_EVENTS]
    sizes = accumulate(len(f"{event.id}{event.title}{event.description}".encode()) for event in taken)
    return [event for event, size in zip(taken, sizes, strict=True) if size <= _MAX_BYTES]


def _soonest(events: Iterable[CalendarEvent], now: datetime) -> list[CalendarEvent]:
    """Return the events that are not over by their due dates, each once."""
    found = {event.id: event for event in events if _instant(event.due) > now - _PAST}
    return sorted(found.values(), key=lambda event: (_instant(event.due), event.id))


def _events(calendar: Any, now: datetime) -> tuple[list[CalendarEvent], list[CalendarEvent]]:
    """Return what single components say, and of series what no component says of its own."""
    components = [each for each in calendar.walk() if each.name in {"VEVENT", "VTODO"}]
    series = [each for each in components if repeats(each) and "RECURRENCE-ID" not in each][:MAX_SERIES]
    single = [each for each in components if not repeats(each) or "RECURRENCE-ID" in each]
    said = {id_ for component in single for id_ in _readable(_occurrence_id, component)}
    events = [event for component in single for event in _readable(_event, component)]
    repeated = (event for component in series for event in _readable(_occurrences, component, now))
    return events, [event for event in repeated if event.id not in said]


def _readable(read: Callable[..., Iterator[T]], *given: Any) -> list[T]:
    """Return what is read of a component; nothing of one that cannot be read."""
    try:
        return list(read(*given))
    except (ValidationError, ValueError, TypeError, AttributeError, KeyError, OverflowError):
        return []


def _event(component: Any) -> Iterator[CalendarEvent]:
    """Yield what a component says, if it can be a task."""
    due = component["DUE"].dt if component.name == "VTODO" else component["DTSTART"].dt
    for id_ in _occurrence_id(component) if "RECURRENCE-ID" in component else [_uid(component)]:
        yield from _described(component, id_, due)


def _occurrence_id(component: Any) -> Iterator[str]:
    """Yield the id of the occurrence of a series that a component is about."""
    if "RECURRENCE-ID" in component:
        yield f"{_uid(component)}\n{slot(component['RECURRENCE-ID'].dt)}"


def _occurrences(component: Any, now: datetime) -> Iterator[CalendarEvent]:
    """Yield the occurrences of a series in the next weeks."""
    due = component["DUE"].dt if component.name == "VTODO" else component["DTSTART"].dt
    anchor = component["DTSTART"].dt if "DTSTART" in component else due
    lag, today = due - anchor, now.date()
    first, last = today - 2 * _PAST - lag, today + OCCURRENCES_WITHIN - lag
    of_series = None
    for start in starts(component, anchor, first, last):
        if of_series is None:
            of_series = next(_described(component, "series", due), None)
            if of_series is None:
                return
        id_ = f"{_uid(component)}\n{slot(start)}"
        if len(id_) <= _MAX_ID:
            yield replace(of_series, id=id_, due=_due(start + lag))


def _uid(component: Any) -> str:
    uid = str(component["UID"]).strip()
    if not uid:
        raise ValueError("A component has a UID.")
    return uid


def _described(component: Any, id_: str, due: date) -> Iterator[CalendarEvent]:
    if str(component.get("STATUS", "")).upper() in {"CANCELLED", "COMPLETED"} or len(id_) > _MAX_ID:
        return
    title = _TITLE.validate_python(_cleaned(component.get("SUMMARY", ""), "").replace("\n", " ")[:_MAX_TITLE].strip())
    described = _cleaned(component.get("DESCRIPTION", ""), "")[:_MAX_DESCRIPTION].strip()
    description = _DESCRIPTION.validate_python(described) if described else None
    yield CalendarEvent(id_, title, description, _due(due))


def _due(given: date) -> GivenDue:
    """Return a due date as a task takes it: an instant, a local time, or a day."""
    if not isinstance(given, datetime):
        return _DUE.validate_python(given.isoformat())
    whole = given.replace(microsecond=0)
    return _DUE.validate_python((whole.astimezone(UTC) if whole.tzinfo else whole).isoformat())


def _cleaned(text: object, default: str) -> str:
    return _CONTROLS.sub("", str(text or default).replace("\r\n", "\n"))


def _instant(due: GivenDue) -> datetime:
    """Return about when something is due, to compare; a day and a local time as if they were of UTC."""
    at = due if isinstance(due, datetime) else datetime(due.year, due.month, due.day, tzinfo=UTC)
    return at if at.tzinfo else at.replace(tzinfo=UTC)
