"""Reads the events of a calendar that an owner subscribes to: VEVENT by its start, VTODO by its due date."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate
from typing import Any

from icalendar import Calendar
from pydantic import TypeAdapter, ValidationError

from taskbell.api.field_types import Description, DueDate, Title
from taskbell.application.calendar_following import CalendarFetchError
from taskbell.domain.due import GivenDue
from taskbell.domain.subscribed_calendar import MAX_EVENTS, CalendarEvent

_PAST = timedelta(days=1)
_MAX_TITLE, _MAX_DESCRIPTION, _MAX_ID = 200, 10_000, 500
_MAX_BYTES = 200_000  # of all events: they are kept in one item, and those that are coming with them
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_TITLE: TypeAdapter[str] = TypeAdapter(Title)
_DESCRIPTION: TypeAdapter[str] = TypeAdapter(Description)
_DUE: TypeAdapter[GivenDue] = TypeAdapter(DueDate)


def events_of(content: bytes, now: datetime) -> list[CalendarEvent]:
    """Return the events that are not over: at most those that are due soonest.

    Events that repeat are left out, for those are lessons and no due dates; so are cancelled and completed ones, and
    any that cannot be read.

    Raises:
        CalendarFetchError: It is no calendar.
    """
    try:
        calendar = Calendar.from_ical(content)
    except (ValueError, IndexError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise CalendarFetchError("It is no calendar (iCalendar, RFC 5545).") from error
    if calendar.name != "VCALENDAR":
        raise CalendarFetchError("It is no calendar (iCalendar, RFC 5545).")
    found = {event.id: event for event in _events(calendar) if _instant(event.due) > now - _PAST}
    soonest = sorted(found.values(), key=lambda event: (_instant(event.due), event.id))[:MAX_EVENTS]
    sizes = accumulate(len(f"{event.id}{event.title}{event.description}".encode()) for event in soonest)
    return [event for event, size in zip(soonest, sizes, strict=True) if size <= _MAX_BYTES]


def _events(calendar: Any) -> Iterator[CalendarEvent]:
    for component in calendar.walk():
        if component.name in {"VEVENT", "VTODO"} and "RRULE" not in component:
            try:
                event = _event(component)
            except (ValidationError, ValueError, TypeError, AttributeError, KeyError):
                continue
            if event:
                yield event


def _event(component: Any) -> CalendarEvent | None:
    """Return what a component says. Raises an error for what cannot be a task."""
    if str(component.get("STATUS", "")).upper() in {"CANCELLED", "COMPLETED"}:
        return None
    uid = str(component["UID"]).strip()
    recurrence = component.get("RECURRENCE-ID")
    id_ = f"{uid}\n{recurrence.dt.isoformat()}" if recurrence else uid
    if not uid or len(id_) > _MAX_ID:
        return None
    due = component["DUE"].dt if component.name == "VTODO" else component["DTSTART"].dt
    title = _TITLE.validate_python(_cleaned(component.get("SUMMARY", ""), "").replace("\n", " ")[:_MAX_TITLE].strip())
    described = _cleaned(component.get("DESCRIPTION", ""), "")[:_MAX_DESCRIPTION].strip()
    description = _DESCRIPTION.validate_python(described) if described else None
    return CalendarEvent(id_, title, description, _due(due))


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
