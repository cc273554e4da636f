"""Reads when the components of a calendar repeat: RRULE, RDATE and EXDATE of RFC 5545, within bounds.

What a calendar says is not trusted: a rule is looked at near the window only, so that none takes long.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

from taskbell.domain.rrule import parse_rrule

MAX_AGE_OF_COUNTED = timedelta(days=2 * 366)  # of a rule with COUNT, which is counted from its start


def repeats(component: Any) -> bool:
    """Return whether a component is a series."""
    return "RRULE" in component or "RDATE" in component


def slot(start: date) -> str:
    """Return what identifies an occurrence of a series: its original start, as an instant if it is one."""
    return (start.astimezone(UTC) if isinstance(start, datetime) and start.tzinfo else start).isoformat()


def starts(component: Any, anchor: date, first: date, last: date) -> Iterator[date]:
    """Yield the starts of a series that begins with `anchor`, on days from `first` to `last`.

    Raises an error for rules that are not supported, or invalid.
    """
    dropped = set(map(slot, _dates(component, "EXDATE")))
    for start in _all_starts(component, anchor, first, last):
        if dropped.isdisjoint({slot(start), _date(start).isoformat()}):
            yield start


def _all_starts(component: Any, anchor: date, first: date, last: date) -> Iterator[date]:
    if "RRULE" in component:
        yield from _of_rule(component["RRULE"], anchor, first, last)
    elif first <= _date(anchor) <= last:
        yield anchor
    yield from (given for given in _dates(component, "RDATE") if first <= _date(given) <= last)


def _of_rule(given: Any, anchor: date, first: date, last: date) -> Iterator[date]:
    ends = given.get("UNTIL", [])
    parts = given.to_ical().decode().split(";")
    rule = parse_rrule(";".join(part for part in parts if not part.upper().startswith("UNTIL=")))
    begin = _date(anchor)
    if rule.count and first - begin > MAX_AGE_OF_COUNTED:
        return
    for day in rule.dates_between(begin, first, last):
        start = datetime.combine(day, anchor.timetz()) if isinstance(anchor, datetime) else day
        if all(not _is_after(start, end) for end in ends):
            yield start


def _is_after(start: date, end: date) -> bool:
    """Return whether a start is after UNTIL, in the most exact form that both have."""
    if not isinstance(start, datetime) or not isinstance(end, datetime):
        return _date(start) > _date(end)
    if start.tzinfo and end.tzinfo:
        return start > end
    return start.replace(tzinfo=None) > end.replace(tzinfo=None)


def _dates(component: Any, name: str) -> Iterator[date]:
    """Yield the values of a property of dates, of periods their starts."""
    given = component.get(name, [])
    for several in given if isinstance(given, list) else [given]:
        for each in several.dts:
            yield each.dt[0] if isinstance(each.dt, tuple) else each.dt


def _date(given: date) -> date:
    return given.date() if isinstance(given, datetime) else given
