"""What a due date can be given as: an instant, a local time, or a day."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from taskbell.domain.days import end_of_day

# An instant (with its time zone), a local time in the task's time zone (without one), or a day there.
GivenDue = datetime | date


@dataclass(frozen=True, slots=True)
class Due:
    """A due date as a task has it.

    Attributes:
        at: When the task is due: of a day, its last millisecond.
        nominal: The local due time without zone, where daylight saving time skips it.
        on: The day, if no time was given.
    """

    at: datetime
    nominal: datetime | None = None
    on: date | None = None


def due_from(given: GivenDue, zone: ZoneInfo) -> Due:
    """Return the due date of a task in a time zone. Of a local time that exists twice, the first counts."""
    if not isinstance(given, datetime):
        return Due(end_of_day(given, zone), on=given)
    if given.tzinfo is not None:
        return Due(given)
    local = given.replace(tzinfo=zone, fold=0)
    return Due(local.astimezone(UTC), skipped(local))


def skipped(local: datetime) -> datetime | None:
    """Return the local time without zone if daylight saving time skips it, else None."""
    actual = local.astimezone(UTC).astimezone(local.tzinfo).replace(tzinfo=None)
    nominal = local.replace(tzinfo=None)
    return None if actual == nominal else nominal
