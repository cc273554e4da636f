"""Rules as text, and what they mean, beside another implementation of RFC 5545."""

from contextlib import suppress
from dataclasses import fields
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from time import process_time
from zoneinfo import ZoneInfo

import pytest
from dateutil.rrule import rrulestr
from hypothesis import given
from hypothesis import strategies as st

from taskbell.domain.recurrence import Frequency, Recurrence, Weekday, WeekdayNum
from taskbell.domain.rrule import RecurrenceError, checked, format_rrule, parse_rrule

DAILY, WEEKLY, MONTHLY, YEARLY = Frequency
VIENNA = ZoneInfo("Europe/Vienna")


def lists_of(numbers: st.SearchStrategy[int]) -> st.SearchStrategy[tuple[int, ...]]:
    return st.just(()) | st.lists(numbers, max_size=4, unique=True).map(tuple)


@st.composite
def rules(draw: st.DrawFn) -> Recurrence:
    freq = draw(st.sampled_from(Frequency))
    by_month = draw(lists_of(st.integers(1, 12)))
    most = (5 if by_month or freq is MONTHLY else 53) if freq in {MONTHLY, YEARLY} else 0
    # All or none with numbers: of both together, dateutil takes what both have, where RFC 5545 takes either.
    numbered = most > 0 and draw(st.booleans())
    ordinals = st.integers(1, most) | st.integers(-most, -1) if numbered else st.none()
    days = st.builds(WeekdayNum, st.sampled_from(Weekday), ordinals)
    month_days = st.integers(1, 31) | st.integers(-31, -1)
    by_month_day = () if freq is WEEKLY else draw(lists_of(month_days))
    by_day = draw(st.just(()) | st.lists(days, max_size=4, unique=True).map(tuple))
    positions = lists_of(st.integers(1, 6) | st.integers(-6, -1))
    # In its first week, dateutil counts positions from its first date, and not from the week's first day.
    by_set_pos = draw(positions) if freq is not WEEKLY and (by_month or by_month_day or by_day) else ()
    return checked(
        Recurrence(
            freq,
            draw(st.integers(1, 8)),
            by_month=by_month,
            by_month_day=by_month_day,
            by_day=by_day,
            by_set_pos=by_set_pos,
            wkst=draw(st.sampled_from(Weekday)),
        )
    )


@given(rules(), st.dates(date(1997, 1, 1), date(2030, 1, 1)))
def test_a_rule_means_the_same_as_elsewhere(rule: Recurrence, first: date) -> None:
    start = datetime(first.year, first.month, first.day, 9, tzinfo=UTC)
    end = start.replace(year=first.year + 28)  # which has a leap day if the first year has one
    text = f"{format_rrule(rule)};UNTIL={end:%Y%m%dT%H%M%SZ}"
    elsewhere = rrulestr(text, dtstart=start)
    expected = list(islice((each for each in elsewhere if each > start), 12))
    found: list[datetime] = []
    due = start
    current: Recurrence | None = parse_rrule(text)
    while current and len(found) < 12 and (following := current.next_due(due, due)):
        due, current = following
        found.append(due)
        if rule.interval > 1 and not expected:
            break
    assert found[: len(expected)] == expected


@given(rules(), st.none() | st.integers(1, 99))
def test_text_and_rule_are_one_to_one(rule: Recurrence, count: int | None) -> None:
    given_rule = checked(Recurrence(**{**_fields(rule), "count": count}))  # type: ignore[arg-type]
    assert parse_rrule(format_rrule(given_rule)) == given_rule


def _fields(rule: Recurrence) -> dict[str, object]:
    return {field.name: getattr(rule, field.name) for field in fields(rule)}


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("", "RRULE"),
        ("INTERVAL=2", "FREQ"),
        ("FREQ=SECONDLY", "FREQ"),
        ("FREQ=", "FREQ"),
        ("FREQ=DAILY;BYSECOND=1", "BYSECOND"),
        ("FREQ=DAILY;BYMINUTE=1", "BYMINUTE"),
        ("FREQ=YEARLY;BYEASTER=1", "BYEASTER"),
        ("FREQ=DAILY;EXDATE=20270101", "EXDATE"),
        ("RRULE:FREQ=DAILY\nEXDATE:20270101T180000Z", "EXDATE"),
        ("DTSTART;TZID=Europe/Vienna:20270101T180000\nRRULE:FREQ=DAILY", "DTSTART"),
        ("EXRULE:FREQ=DAILY", "EXRULE"),
        ("RDATE:20270101T180000Z", "RDATE"),
        ("FREQ=MONTHLY;RSCALE=GREGORIAN;SKIP=BACKWARD", "RSCALE"),
        ("FREQ=DAILY;FREQ=DAILY", "FREQ"),
        ("FREQ=DAILY;INTERVAL=0", "INTERVAL"),
        ("FREQ=DAILY;INTERVAL=-1", "INTERVAL"),
        ("FREQ=DAILY;INTERVAL=1001", "INTERVAL"),
        ("FREQ=DAILY;INTERVAL=x", "INTERVAL"),
        ("FREQ=DAILY;COUNT=0", "COUNT"),
        ("FREQ=DAILY;COUNT=99999", "COUNT"),
        ("FREQ=DAILY;COUNT=2;UNTIL=20270101T180000Z", "UNTIL"),
        ("FREQ=DAILY;UNTIL=20270101", "UNTIL"),
        ("FREQ=DAILY;UNTIL=20270101T180000", "UNTIL"),
        ("FREQ=DAILY;UNTIL=20271301T180000Z", "UNTIL"),
        ("FREQ=YEARLY;BYMONTH=13", "BYMONTH"),
        ("FREQ=YEARLY;BYMONTH=-1", "BYMONTH"),
        ("FREQ=MONTHLY;BYMONTHDAY=0", "BYMONTHDAY"),
        ("FREQ=MONTHLY;BYMONTHDAY=32", "BYMONTHDAY"),
        ("FREQ=WEEKLY;BYMONTHDAY=1", "BYMONTHDAY"),
        ("FREQ=WEEKLY;BYDAY=XX", "BYDAY"),
        ("FREQ=MONTHLY;BYDAY=0MO", "BYDAY"),
        ("FREQ=MONTHLY;BYDAY=6MO", "BYDAY"),
        ("FREQ=YEARLY;BYDAY=54MO", "BYDAY"),
        ("FREQ=WEEKLY;BYDAY=1MO", "BYDAY"),
        ("FREQ=DAILY;BYDAY=-1MO", "BYDAY"),
        ("FREQ=MONTHLY;BYSETPOS=1", "BYSETPOS"),
        ("FREQ=MONTHLY;BYDAY=MO;BYSETPOS=0", "BYSETPOS"),
        ("FREQ=MONTHLY;BYDAY=MO;BYSETPOS=367", "BYSETPOS"),
        ("FREQ=WEEKLY;WKST=XX", "WKST"),
        ("FREQ=DAILY;X-OWN=1", "X-OWN"),
    ],
)
def test_what_is_no_rule_is_refused_by_its_part(text: str, part: str) -> None:
    with pytest.raises(RecurrenceError) as refused:
        parse_rrule(text)
    assert refused.value.part == part


@given(st.text(st.sampled_from("FREQ=DAILY;BMONTHSUCPW0123456789,-:\n+ é"), max_size=60))
def test_any_text_is_a_rule_or_refused(text: str) -> None:
    with suppress(RecurrenceError):
        rule = parse_rrule(text)
        assert parse_rrule(format_rrule(rule)) == rule


@pytest.mark.parametrize("rule", ["FREQ=MONTHLY", "FREQ=YEARLY", "FREQ=DAILY;BYMONTH=1", "FREQ=DAILY;BYDAY=MO"])
def test_a_due_date_after_completion_is_some_days_or_weeks_later(rule: str) -> None:
    with pytest.raises(RecurrenceError):
        parse_rrule(rule, after_completion=True)


@pytest.mark.parametrize(
    ("rule", "completed", "following"),
    [
        ("FREQ=DAILY;INTERVAL=3", "2027-01-20 21:15", "2027-01-23 18:00"),
        ("FREQ=DAILY;INTERVAL=3", "2027-01-10 08:00", "2027-01-13 18:00"),
        ("FREQ=WEEKLY;INTERVAL=2", "2027-01-20 23:59", "2027-02-03 18:00"),
        ("FREQ=DAILY;COUNT=2", "2027-03-27 09:00", "2027-03-28 18:00"),  # the night in which summer time begins
    ],
)
def test_days_after_completion_are_counted_on_the_owners_calendar(rule: str, completed: str, following: str) -> None:
    due = datetime.fromisoformat("2027-01-15 18:00").replace(tzinfo=VIENNA)
    after = datetime.fromisoformat(completed).replace(tzinfo=VIENNA).astimezone(UTC)
    found = parse_rrule(rule, after_completion=True).next_due(due, after)
    assert found
    assert found[0] == datetime.fromisoformat(following).replace(tzinfo=VIENNA)


def test_weekdays_with_and_without_a_number_are_either() -> None:
    due, mondays = datetime(2027, 1, 1, 18, tzinfo=UTC), []
    for _ in range(5):
        following = parse_rrule("FREQ=MONTHLY;BYDAY=MO,-1FR").next_due(due, due)
        assert following
        due = following[0]
        mondays.append(due.day)
    assert mondays == [4, 11, 18, 25, 29]


def test_positions_are_counted_from_the_first_day_of_the_week() -> None:
    tuesday = datetime(2000, 1, 4, 9, tzinfo=UTC)
    following = parse_rrule("FREQ=WEEKLY;BYDAY=MO,WE;BYSETPOS=1").next_due(tuesday, tuesday)
    assert following
    assert following[0] == datetime(2000, 1, 10, 9, tzinfo=UTC)


def test_what_was_missed_counts() -> None:
    due = datetime.fromisoformat("2027-01-15 18:00").replace(tzinfo=VIENNA)
    found = parse_rrule("FREQ=DAILY;COUNT=5").next_due(due, due + timedelta(days=2, hours=1))
    assert found
    assert (found[0] - due, found[1].count) == (timedelta(days=3), 2)
    assert parse_rrule("FREQ=DAILY;COUNT=3").next_due(due, due + timedelta(days=2, hours=1)) is None
    assert parse_rrule("FREQ=DAILY;COUNT=1").next_due(due, due) is None


@pytest.mark.parametrize(
    "rule",
    ["FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", "FREQ=MONTHLY;BYDAY=MO;BYSETPOS=6", "FREQ=YEARLY;BYMONTH=4;BYMONTHDAY=31"],
)
def test_a_rule_that_never_applies_is_soon_found_out(rule: str) -> None:
    due = datetime(2027, 1, 1, 18, tzinfo=UTC)
    began = process_time()
    assert parse_rrule(rule).next_due(due, due) is None
    assert process_time() - began < 2


@pytest.mark.parametrize("year", [8990, 8999])
def test_the_last_years_have_an_end(year: int) -> None:
    due = datetime(year, 12, 31, 18, tzinfo=UTC)
    for freq in Frequency:
        rule: Recurrence = Recurrence(freq, 1000)
        found = rule.next_due(due, due)
        assert found is None or found[0] > due
