"""How tasks repeat: the recurrence rules of RFC 5545 on the owner's calendar.

A rule begins with the due date of its task. 18:00 stays 18:00 when daylight saving time begins or ends. A local time
that does not exist on one day still applies to the following days; of a time that exists twice, the first counts.
"""

from calendar import isleap, monthrange
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from enum import Enum
from itertools import count

_HORIZON = 100  # years: a rule that does not apply within them never does
_LAST_YEAR = 9998


class Frequency(Enum):
    """FREQ of RFC 5545."""

    DAILY = "DAILY"
    WEEKLY = "WEEKLY"
    MONTHLY = "MONTHLY"
    YEARLY = "YEARLY"


class Weekday(Enum):
    """The weekdays in RFC 5545's words."""

    MO = "MO"
    TU = "TU"
    WE = "WE"
    TH = "TH"
    FR = "FR"
    SA = "SA"
    SU = "SU"


WEEK = tuple(Weekday)


@dataclass(frozen=True, slots=True)
class WeekdayNum:
    """A weekday, or the nth of a month or year; from its end if `ordinal` is negative."""

    weekday: Weekday
    ordinal: int | None = None


@dataclass(frozen=True, slots=True)
class Recurrence:
    """RFC 5545's RRULE, without times of the day: those are the due date's.

    Attributes:
        freq: The unit.
        interval: How many units lie between two that have due dates.
        count: How many due dates there are, with that of the task.
        until: The latest due date, in whole seconds.
        by_month: Only in these months, 1 to 12.
        by_month_day: Only on these days of the month, 1 to 31, or -31 to -1 from its end.
        by_day: Only on these weekdays.
        by_set_pos: Only these of the days that a unit has, counted from 1, or from its end from -1.
        wkst: The first day of the week.
        after_completion: Whether the rule begins with the day of completion instead of the due date.
    """

    freq: Frequency
    interval: int = 1
    count: int | None = None
    until: datetime | None = None
    by_month: tuple[int, ...] = ()
    by_month_day: tuple[int, ...] = ()
    by_day: tuple[WeekdayNum, ...] = ()
    by_set_pos: tuple[int, ...] = ()
    wkst: Weekday = Weekday.MO
    after_completion: bool = False

    @property
    def endless(self) -> "Recurrence":
        """The rule without its end."""
        return replace(self, count=None, until=None)

    def next_due(self, due: datetime, after: datetime) -> tuple[datetime, "Recurrence"] | None:
        """Return the next due date, with the rule from there on.

        Args:
            due: The last due date, in the owner's time zone; it may be a local time that does not exist.
            after: When the last occurrence was completed. The next due date is later than this.

        Returns:
            The due date in the time zone of `due`, or None if the rule has ended.
        """
        start = after if self.after_completion else max(due.astimezone(UTC), after)
        first = after.astimezone(due.tzinfo).date() if self.after_completion else due.date()
        for number, day in enumerate(_days(self, first), 1):
            candidate = datetime.combine(day, due.time().replace(fold=0), due.tzinfo)
            instant = candidate.astimezone(UTC)
            if (self.until and instant > self.until) or (self.count and number >= self.count):
                return None
            if instant > start:
                return candidate, replace(self, count=self.count and self.count - number)
        return None

    def dates_between(self, start: date, first: date, last: date) -> Iterator[date]:
        """Yield the dates of a rule that begins with `start`, from `first` to `last`; `until` is not looked at.

        Without a count only units near `first` are looked at, however long ago the rule began.
        """
        number = 1
        if first <= start <= last:
            yield start
        rule = _beginning(self, start)
        for unit in _units(rule, start, 0 if rule.count else _units_before(rule, start, first)):
            if unit[0] > last:
                return
            for day in _at_positions(rule, [day for day in unit if _applies(rule, day)]):
                number += day > start
                if rule.count and number > rule.count:
                    return
                if start < day and first <= day <= last:
                    yield day


def _days(rule: Recurrence, start: date) -> Iterator[date]:
    """Yield the dates after `start`."""
    rule = _beginning(rule, start)
    for unit in _units(rule, start):
        days = [day for day in unit if _applies(rule, day)]
        yield from (day for day in _at_positions(rule, days) if day > start)


def _beginning(rule: Recurrence, start: date) -> Recurrence:
    """Return the rule with what it takes from its first date."""
    if rule.by_day or rule.by_month_day:
        return rule
    match rule.freq:
        case Frequency.WEEKLY:
            return replace(rule, by_day=(WeekdayNum(WEEK[start.weekday()]),))
        case Frequency.MONTHLY:
            return replace(rule, by_month_day=(start.day,))
        case Frequency.YEARLY:
            return replace(rule, by_month_day=(start.day,), by_month=rule.by_month or (start.month,))
    return rule


def _units_before(rule: Recurrence, start: date, first: date) -> int:
    """Return the number of a unit of the rule that is not after `first`."""
    match rule.freq:
        case Frequency.DAILY:
            units = (first - start).days
        case Frequency.WEEKLY:
            units = (first - start).days // 7
        case Frequency.MONTHLY:
            units = (first.year - start.year) * 12 + first.month - start.month
        case Frequency.YEARLY:
            units = first.year - start.year
    return max(0, (units - 1) // rule.interval * rule.interval)


def _units(rule: Recurrence, start: date, begin: int = 0) -> Iterator[Sequence[date]]:
    """Yield the days of each unit, beginning with that of `start` or a later one."""
    last_year = min(start.year + _HORIZON, _LAST_YEAR)
    for number in count(begin, rule.interval):
        first, length = _unit(rule, start, number)
        if first.year > last_year:
            return
        yield [first + timedelta(days=day) for day in range(length)]


def _unit(rule: Recurrence, start: date, number: int) -> tuple[date, int]:
    """Return the first day of a later unit, and how many it has."""
    match rule.freq:
        case Frequency.DAILY:
            return start + timedelta(days=number), 1
        case Frequency.WEEKLY:
            offset = (start.weekday() - WEEK.index(rule.wkst)) % 7
            return start + timedelta(weeks=number, days=-offset), 7
        case Frequency.MONTHLY:
            year, month = divmod(start.year * 12 + start.month - 1 + number, 12)
            return date(year, month + 1, 1), monthrange(year, month + 1)[1]
    year = start.year + number
    return date(year, 1, 1), 365 + isleap(year)


def _applies(rule: Recurrence, day: date) -> bool:
    days = monthrange(day.year, day.month)[1]
    return (
        (not rule.by_month or day.month in rule.by_month)
        and (not rule.by_month_day or not {day.day, day.day - days - 1}.isdisjoint(rule.by_month_day))
        and (not rule.by_day or any(_is(rule, of, day, days) for of in rule.by_day))
    )


def _is(rule: Recurrence, of: WeekdayNum, day: date, days_of_month: int) -> bool:
    if of.weekday is not WEEK[day.weekday()]:
        return False
    place, days = day.day, days_of_month
    if rule.freq is Frequency.YEARLY and not rule.by_month:
        place, days = day.timetuple().tm_yday, 365 + isleap(day.year)
    return of.ordinal in {None, (place - 1) // 7 + 1, -((days - place) // 7 + 1)}


def _at_positions(rule: Recurrence, days: Sequence[date]) -> Sequence[date]:
    if not rule.by_set_pos:
        return days
    last = len(days)
    return [day for place, day in enumerate(days, 1) if not {place, place - last - 1}.isdisjoint(rule.by_set_pos)]
