"""A student's plan: what is overdue, due today, and due in the days after."""

from dataclasses import replace
from datetime import datetime, timedelta
from enum import Enum
from zoneinfo import ZoneInfo

from taskbell.domain.days import start_of_day
from taskbell.domain.queries import TaskQuery

DEFAULT_DAYS = 7


class DuePeriod(Enum):
    """When tasks are due, as their owner sees it now."""

    OVERDUE = "OVERDUE"
    TODAY = "TODAY"
    UPCOMING = "UPCOMING"


def due_within(query: TaskQuery, period: DuePeriod, now: datetime, zone: ZoneInfo, days: int | None) -> TaskQuery:
    """Return the query for what is due in a period.

    Args:
        query: The other criteria.
        period: What is overdue, due today, or due on the days after today.
        now: The current time.
        zone: The owner's time zone, whose days count.
        days: How many days after today are upcoming.
    """
    if period is DuePeriod.OVERDUE:
        return replace(query, overdue=True)
    today = now.astimezone(zone).date()
    first = today if period is DuePeriod.TODAY else today + timedelta(days=1)
    end = first + timedelta(days=1 if period is DuePeriod.TODAY else days or DEFAULT_DAYS)
    return replace(query, due_after=start_of_day(first, zone), due_before=start_of_day(end, zone))
