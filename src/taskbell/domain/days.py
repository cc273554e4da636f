"""Days of a time zone: where they begin and end, also when daylight saving time does."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

_RESOLUTION = timedelta(milliseconds=1)  # of stored times


def start_of_day(day: date, zone: ZoneInfo) -> datetime:
    """Return the first instant of a day: where the clock skips midnight, the instant at which it does."""
    return datetime.combine(day, time(), zone).astimezone(UTC)


def end_of_day(day: date, zone: ZoneInfo) -> datetime:
    """Return the last millisecond of a day, whether it has 23, 24 or 25 hours."""
    return start_of_day(day + timedelta(days=1), zone) - _RESOLUTION
