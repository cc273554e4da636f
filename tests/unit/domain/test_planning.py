"""Days have their own lengths, and what is due belongs to one of them."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taskbell.domain.days import end_of_day, start_of_day
from taskbell.domain.planning import DuePeriod, due_within
from taskbell.domain.queries import TaskQuery

INSTANTS = st.integers(631_152_000, 2_114_380_800).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))
MILLISECOND = timedelta(milliseconds=1)


@pytest.mark.parametrize(
    ("zone", "day", "start", "hours"),
    [
        ("Europe/Vienna", "2027-01-15", "2027-01-14T23:00", 24),
        ("Europe/Vienna", "2027-03-28", "2027-03-27T23:00", 23),
        ("Europe/Vienna", "2027-10-31", "2027-10-30T22:00", 25),
        ("America/New_York", "2027-11-07", "2027-11-07T04:00", 25),
        ("Asia/Beirut", "2027-03-28", "2027-03-27T22:00", 23),  # the clock skips midnight
        ("America/Sao_Paulo", "2018-02-17", "2018-02-17T02:00", 25),  # 23:00 to midnight comes twice
        ("America/Havana", "2026-11-01", "2026-11-01T04:00", 25),  # midnight comes twice
        ("Australia/Lord_Howe", "2027-10-03", "2027-10-02T13:30", 23.5),
        ("Pacific/Apia", "2011-12-30", "2011-12-30T10:00", 0),  # this day was left out
        ("Pacific/Kiritimati", "2027-01-15", "2027-01-14T10:00", 24),
    ],
)
def test_a_day_begins_and_ends_as_its_zone_has_it(zone: str, day: str, start: str, hours: float) -> None:
    first, last = (edge(date.fromisoformat(day), ZoneInfo(zone)) for edge in (start_of_day, end_of_day))
    assert first == datetime.fromisoformat(start).replace(tzinfo=UTC)
    assert last + MILLISECOND - first == timedelta(hours=hours)


@given(
    INSTANTS,
    st.sampled_from(sorted(available_timezones() - {"localtime", "Factory"})),
)
def test_every_instant_is_of_the_day_that_its_clock_shows(at: datetime, zone: str) -> None:
    clock = ZoneInfo(zone)
    day = at.astimezone(clock).date()
    assert start_of_day(day, clock) <= at <= end_of_day(day, clock)


@given(
    INSTANTS,
    st.sampled_from(["UTC", "Europe/Vienna", "America/New_York", "Pacific/Apia", "Asia/Beirut"]),
    st.integers(1, 366),
)
def test_upcoming_goes_on_where_today_ends(now: datetime, zone: str, days: int) -> None:
    query, clock = TaskQuery("ada"), ZoneInfo(zone)
    today, upcoming = (due_within(query, period, now, clock, days) for period in (DuePeriod.TODAY, DuePeriod.UPCOMING))
    assert today.due_after
    assert today.due_before
    assert upcoming.due_before
    assert today.due_after <= now < today.due_before
    assert today.due_before == upcoming.due_after
    last = (upcoming.due_before - MILLISECOND).astimezone(clock).date()
    assert last - now.astimezone(clock).date() <= timedelta(days=days)


def test_what_is_overdue_is_what_is_marked_so() -> None:
    now = datetime(2027, 1, 15, tzinfo=UTC)
    assert due_within(TaskQuery("ada"), DuePeriod.OVERDUE, now, ZoneInfo("UTC"), None) == TaskQuery("ada", overdue=True)
