"""Hours of the day in which a user is not reminded."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class QuietHours:
    """From one local time to another, past midnight if `end` is the earlier one. The end is no longer quiet.

    Where daylight saving time repeats one of the times, they begin at its first and end at its last occurrence. A time
    that it skips counts by the offset before, as in RFC 5545.
    """

    start: time
    end: time

    def delayed(self, at: datetime, zone: ZoneInfo) -> datetime:
        """Return when something due at `at` may be sent: then, or when the quiet hours end."""
        while end := self._end_around(at, zone):
            at = end
        return at

    def _end_around(self, at: datetime, zone: ZoneInfo) -> datetime | None:
        today = at.astimezone(zone).date()
        for day in (today - _DAY, today):
            start, end = self._on(day, zone)
            if start <= at < end:
                return end
        return None

    def _on(self, day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
        """Return when the quiet hours that start on a day start and end."""
        last = day if self.start < self.end else day + _DAY
        return _instants(day, self.start, zone)[0], max(_instants(last, self.end, zone))


def _instants(day: date, at: time, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Return the instants of a local time by the offsets before and after a change of the clock."""
    first, second = (datetime.combine(day, at.replace(fold=fold), zone).astimezone(UTC) for fold in (0, 1))
    return first, second
