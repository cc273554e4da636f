"""The dates of a rule within a window are those that dateutil finds, which shares no code with ours."""

from datetime import date, datetime, timedelta
from itertools import takewhile

from dateutil.rrule import rrulestr
from hypothesis import given
from hypothesis import strategies as st

from taskbell.domain.rrule import parse_rrule

DAYS = st.lists(st.sampled_from(["MO", "TU", "WE", "TH", "FR", "SA", "SU"]), min_size=1, max_size=3, unique=True)
MONTHS = st.lists(st.integers(1, 12), min_size=1, max_size=3, unique=True)
MONTH_DAYS = st.lists(st.sampled_from([1, 13, 28, 30, 31, -1]), min_size=1, max_size=3, unique=True)
STARTS = st.dates(date(1990, 1, 1), date(2028, 1, 1))
FIRST = date(2027, 1, 4)


@st.composite
def rules(draw: st.DrawFn) -> str:
    """Rules as calendars have them."""
    freq = draw(st.sampled_from(["DAILY", "WEEKLY", "MONTHLY", "YEARLY"]))
    parts = [f"FREQ={freq}", f"INTERVAL={draw(st.integers(1, 5))}"]
    if draw(st.booleans()):
        parts.append(f"BYDAY={','.join(draw(DAYS))}")
    elif freq in {"MONTHLY", "YEARLY"} and draw(st.booleans()):
        parts.append(f"BYMONTHDAY={','.join(map(str, draw(MONTH_DAYS)))}")
    if draw(st.booleans()):
        parts.append(f"BYMONTH={','.join(map(str, draw(MONTHS)))}")
    return ";".join([*parts, f"COUNT={draw(st.integers(1, 500))}"] if draw(st.booleans()) else parts)


@given(rules(), STARTS, st.integers(1, 60))
def test_the_dates_of_a_window_are_those_that_another_library_finds(text: str, start: date, days: int) -> None:
    last = FIRST + timedelta(days=days)
    its = rrulestr(text, dtstart=datetime(start.year, start.month, start.day))  # noqa: DTZ001 - it compares dates
    expected = {found.date() for found in takewhile(lambda found: found.date() <= last, its)}
    if start not in expected:  # RFC 5545 does not say what is meant; here the start is the first one and is counted
        if "COUNT" in text:
            return
        expected.add(start)
    assert list(parse_rrule(text).dates_between(start, FIRST, last)) == sorted(
        found for found in expected if FIRST <= found <= last
    )
