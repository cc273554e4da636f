"""When quiet hours end."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from taskbell.domain.quiet_hours import QuietHours

VIENNA = ZoneInfo("Europe/Vienna")  # clocks go forward on 2027-03-28 at 02:00, back on 2027-10-31 at 03:00
NIGHT = QuietHours(time(22), time(7))


def utc(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}:00+00:00")


@pytest.mark.parametrize(
    ("hours", "at", "sent"),
    [
        (NIGHT, "2027-01-15T20:59", "2027-01-15T20:59"),
        (NIGHT, "2027-01-15T21:00", "2027-01-16T06:00"),
        (NIGHT, "2027-01-16T03:00", "2027-01-16T06:00"),
        (NIGHT, "2027-01-16T06:00", "2027-01-16T06:00"),
        (NIGHT, "2027-03-27T22:00", "2027-03-28T05:00"),  # a night of eight hours
        (NIGHT, "2027-10-30T21:00", "2027-10-31T06:00"),  # one of ten
        (QuietHours(time(13), time(14, 30)), "2027-01-15T12:10", "2027-01-15T13:30"),
        (QuietHours(time(22), time(2, 30)), "2027-03-28T00:59", "2027-03-28T01:30"),  # 02:30 is skipped
        (QuietHours(time(22), time(2, 30)), "2027-10-31T00:45", "2027-10-31T01:30"),  # 02:30 comes twice
        (QuietHours(time(2, 30), time(7)), "2027-10-31T01:15", "2027-10-31T06:00"),
        (QuietHours(time(0), time(23, 59)), "2027-01-15T12:00", "2027-01-15T22:59"),
    ],
)
def test_what_is_due_in_quiet_hours_is_sent_when_they_end(hours: QuietHours, at: str, sent: str) -> None:
    assert hours.delayed(utc(at), VIENNA) == utc(sent)


@given(
    st.times(),
    st.times(),
    st.timedeltas(timedelta(0), timedelta(days=365)).map(lambda since: utc("2027-01-01T00:00") + since),
    st.timedeltas(timedelta(0), timedelta(hours=30)),
    st.sampled_from(["UTC", "Europe/Vienna", "Australia/Lord_Howe", "America/Havana", "Pacific/Apia"]),
)
def test_a_delay_ends_within_a_day_and_keeps_the_order(
    start: time, end: time, at: datetime, later: timedelta, zone_name: str
) -> None:
    assume(start != end)
    hours, zone = QuietHours(start, end), ZoneInfo(zone_name)
    sent = hours.delayed(at, zone)
    assert at <= sent <= at + timedelta(hours=26)
    assert hours.delayed(sent, zone) == sent
    assert sent <= hours.delayed(at + later, zone)
