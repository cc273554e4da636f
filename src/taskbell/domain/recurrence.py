"""Recurrence of tasks in local time: 18:00 stays 18:00 when daylight saving time begins or ends.

A local time that does not exist on one day still applies to the following days; of a time that exists twice, the
first counts.
"""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from enum import Enum

from taskbell.domain.timestamps import format_timestamp


class Frequency(Enum):
    """The unit of a recurrence."""

    DAILY = "DAILY"
    WEEKLY = "WEEKLY"
    MONTHLY = "MONTHLY"


class Weekday(Enum):
    """The days of the week."""

    MONDAY = "MONDAY"
    TUESDAY = "TUESDAY"
    WEDNESDAY = "WEDNESDAY"
    THURSDAY = "THURSDAY"
    FRIDAY = "FRIDAY"
    SATURDAY = "SATURDAY"
    SUNDAY = "SUNDAY"


_WEEK = tuple(Weekday)


@dataclass(frozen=True, slots=True)
class Recurrence:
    """A rule for due dates, like RFC 5545's RRULE.

    Attributes:
        frequency: The unit.
        interval: How many units lie between two due dates.
        weekdays: For WEEKLY; empty for the weekday of the due date.
        day_of_month: For MONTHLY, 1 to 31, or the last day of a shorter month; None for the day of the due date.
        until: The latest due date; None for no end.
    """

    frequency: Frequency
    interval: int = 1
    weekdays: tuple[Weekday, ...] = ()
    day_of_month: int | None = None
    until: datetime | None = None

    @property
    def summary(self) -> str:
        """The rule as one line of text for the history."""
        on = ", ".join(day.value for day in self.weekdays) or self.day_of_month
        until = f" until {format_timestamp(self.until)}" if self.until else ""
        return f"{self.frequency.value} every {self.interval}" + (f" on {on}" if on else "") + until

    def anchored(self, local_due: datetime) -> "Recurrence":
        """Return the rule for the next task.

        A monthly rule keeps its day of the month, although a shorter month may lie in between.
        """
        if self.frequency is not Frequency.MONTHLY or self.day_of_month:
            return self
        return replace(self, day_of_month=local_due.day)

    def next_due(self, due: datetime, after: datetime) -> datetime | None:
        """Return the next due date.

        Args:
            due: The last due date, in the owner's time zone; it may be a local time that does not exist.
            after: The next due date is later than this and than `due`.

        Returns:
            The due date in the time zone of `due`, or None if the rule has ended.
        """
        start = max(due.astimezone(UTC), after)
        for day in self._days(due.date()):
            candidate = datetime.combine(day, due.time().replace(fold=0), due.tzinfo)
            instant = candidate.astimezone(UTC)
            if self.until and instant > self.until:
                return None
            if instant > start:
                return candidate
        return None

    def _days(self, start: date) -> Iterator[date]:
        """Yield the dates after `start` on which the rule applies."""
        match self.frequency:
            case Frequency.DAILY:
                yield from _every(start, timedelta(days=self.interval))
            case Frequency.WEEKLY:
                yield from self._weekly(start)
            case Frequency.MONTHLY:
                yield from self._monthly(start)

    def _weekly(self, start: date) -> Iterator[date]:
        offsets = {_WEEK.index(day) for day in self.weekdays} or {start.weekday()}
        monday = start - timedelta(days=start.weekday())
        for week in _every(monday - timedelta(weeks=self.interval), timedelta(weeks=self.interval)):
            yield from (day for day in (week + timedelta(days=offset) for offset in sorted(offsets)) if day > start)

    def _monthly(self, start: date) -> Iterator[date]:
        wanted_day = self.day_of_month or start.day
        first = start.year * 12 + start.month - 1
        for months in range(first, 9000 * 12, self.interval):
            year, month = months // 12, months % 12 + 1
            day = date(year, month, min(wanted_day, monthrange(year, month)[1]))
            if day > start:
                yield day


def _every(start: date, step: timedelta) -> Iterator[date]:
    while start.year < 9000:
        start += step
        yield start
