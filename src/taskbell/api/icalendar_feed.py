"""Open tasks as a calendar of RFC 5545.

Each task is an event (VEVENT): calendar apps show no to-dos (VTODO) of calendars that they subscribe to. Equal tasks
make equal text.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar import Alarm, Calendar, Event, vDatetime, vRecur

from taskbell.domain.rrule import format_rrule
from taskbell.domain.task import Priority, Task

MAX_DESCRIPTION = 500  # characters: a thousand events with it fit into the answer of a function
_LAST_YEAR = 2037  # of changes of the clock that are written
_PRIORITIES = {Priority.URGENT: 1, Priority.HIGH: 3, Priority.NORMAL: 5, Priority.LOW: 9}
_CONTROLS = dict.fromkeys([code for code in range(32) if code not in {9, 10}] + [127])


def calendar_of(tasks: Sequence[Task]) -> bytes:
    """Return the calendar with these tasks, which have due dates."""
    calendar = Calendar()
    calendar.add("prodid", "-//Taskbell//Calendar feed//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("x-wr-calname", "Taskbell")
    calendar.add("refresh-interval", timedelta(hours=1), {"VALUE": "DURATION"})
    for task in tasks:
        calendar.add_component(_event(task))
    first_year = min((task.due_at.year for task in tasks if task.due_at), default=_LAST_YEAR)
    calendar.add_missing_timezones(date(min(first_year, _LAST_YEAR) - 1, 1, 1), date(_LAST_YEAR, 12, 31))
    text: bytes = calendar.to_ical()
    return text


def _event(task: Task) -> Event:
    event = Event()
    event.add("uid", f"{task.id}@taskbell")
    event.add("dtstamp", task.updated_at.replace(microsecond=0))
    event.add("created", task.created_at.replace(microsecond=0))
    event.add("last-modified", task.updated_at.replace(microsecond=0))
    event.add("sequence", task.version - 1)
    event.add("summary", _clean(task.title))
    if task.description:
        event.add("description", _clean(task.description[:MAX_DESCRIPTION]))
    if task.labels:
        event.add("categories", list(map(_clean, task.labels)))
    event.add("priority", _PRIORITIES[task.priority])
    event.add("transp", "TRANSPARENT")
    _add_time(event, task)
    for minutes in task.remind_before:
        event.add_component(_alarm(task, timedelta(minutes=-minutes)))
    for instant in task.remind_at:
        event.add_component(_alarm(task, instant))
    return event


def _add_time(event: Event, task: Task) -> None:
    """Add when a task is due: a day, a time of its zone if it repeats by that, or else an instant."""
    repeats = task.recurrence and not task.recurrence.after_completion
    if task.due_on:
        event.add("dtstart", task.due_on)
        event.add("dtend", task.due_on + timedelta(days=1))
    elif repeats and task.local_due_at:
        event.add("dtstart", task.local_due_at.replace(tzinfo=ZoneInfo(task.time_zone), microsecond=0, fold=0))
    elif task.due_at:
        event.add("dtstart", task.due_at.astimezone(UTC).replace(microsecond=0))
    if repeats and task.recurrence:
        rule = vRecur.from_ical(format_rrule(task.recurrence))
        if task.due_on and task.recurrence.until:
            rule["UNTIL"] = [task.recurrence.until.astimezone(ZoneInfo(task.time_zone)).date()]
        event.add("rrule", rule)


def _alarm(task: Task, trigger: timedelta | datetime) -> Alarm:
    """Return the alarm at a time, or before the end: a day that a task is due on is over at its end."""
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", _clean(task.title))
    if isinstance(trigger, timedelta):
        alarm.add("trigger", trigger, {"RELATED": "END"} if task.due_on else {})
    else:
        alarm.add("trigger", vDatetime(trigger.astimezone(UTC).replace(microsecond=0)), {"VALUE": "DATE-TIME"})
    return alarm


def _clean(text: str) -> str:
    """Return the text without control characters, which RFC 5545 excludes."""
    return text.replace("\r\n", "\n").translate(_CONTROLS)
