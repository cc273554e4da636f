"""How a task comes again: by the wall clock of its owner, so that 18:00 stays 18:00 when summer time begins or ends.

A time that the clock skips on one day is meant all the same on the days after it; of one that comes twice, the first is
meant.
"""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from enum import Enum

from taskbell.domain.timestamps import instant_text


class Frequency(Enum):
    """In what a recurrence counts."""

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
    """Every so many days, weeks (on those days) or months (on that day; the last, where a month is shorter).

    No weekdays and no day of the month mean those of the due date. Nothing comes again after `until`.
    """

    frequency: Frequency
    interval: int = 1
    weekdays: tuple[Weekday, ...] = ()
    day_of_month: int | None = None
    until: datetime | None = None

    @property
    def told(self) -> str:
        """The recurrence in a few words, for the history."""
        on = ", ".join(day.value for day in self.weekdays) or self.day_of_month
        until = f" until {instant_text(self.until)}" if self.until else ""
        return f"{self.frequency.value} every {self.interval}" + (f" on {on}" if on else "") + until

    def anchored(self, local_due: datetime) -> "Recurrence":
        """The same for the next task: the day of the month is kept, although a shorter month comes between."""
        if self.frequency is not Frequency.MONTHLY or self.day_of_month:
            return self
        return replace(self, day_of_month=local_due.day)

    def next_due(self, due: datetime, after: datetime) -> datetime | None:
        """The first due date behind both `due` and `after`; None when it has come to its end.

        `due` and the answer stand on the owner's clock, in the owner's zone, even at times that the clock skips.
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
        """The days on which it comes, behind `start`."""
        match self.frequency:
            case Frequency.DAILY:
                yield from _every(start, timedelta(days=self.interval))
            case Frequency.WEEKLY:
                yield from self._weekly(start)
            case Frequency.MONTHLY:
                yield from self._monthly(start)

    def _weekly(self, start: date) -> Iterator[date]:
        wanted = {_WEEK.index(day) for day in self.weekdays} or {start.weekday()}
        monday = start - timedelta(days=start.weekday())
        for week in _every(monday - timedelta(weeks=self.interval), timedelta(weeks=self.interval)):
            yield from (day for day in (week + timedelta(days=place) for place in sorted(wanted)) if day > start)

    def _monthly(self, start: date) -> Iterator[date]:
        wanted = self.day_of_month or start.day
        first = start.year * 12 + start.month - 1
        for months in range(first, 9000 * 12, self.interval):
            year, month = months // 12, months % 12 + 1
            day = date(year, month, min(wanted, monthrange(year, month)[1]))
            if day > start:
                yield day


def _every(start: date, step: timedelta) -> Iterator[date]:
    while start.year < 9000:
        start += step
        yield start
