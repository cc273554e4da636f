"""Events that repeat become events of their own for some weeks, each once, whatever is said of single ones."""

import time
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taskbell.api.icalendar_events import MAX_SERIES, OCCURRENCES_WITHIN, events_of
from taskbell.domain.subscribed_calendar import MAX_EVENTS, CalendarEvent
from tests.unit.api.test_icalendar_events import calendar, event

NOW = datetime(2027, 1, 4, 9, tzinfo=UTC)  # a Monday
LAST = (NOW + OCCURRENCES_WITHIN).date()


def found(*components: str, now: datetime = NOW) -> list[CalendarEvent]:
    return events_of(calendar(*components), now)


def dues(*components: str) -> list[object]:
    return [each.due for each in found(*components)]


def utc(month: int, day: int, hour: int = 17) -> datetime:
    return datetime(2027, month, day, hour, tzinfo=UTC)


@pytest.mark.parametrize(
    ("start", "rule", "expected"),
    [
        ("DTSTART:20270111T170000Z", "FREQ=WEEKLY;COUNT=3", [utc(1, 11), utc(1, 18), utc(1, 25)]),
        ("DTSTART:20261214T170000Z", "FREQ=WEEKLY;COUNT=6", [utc(1, 4), utc(1, 11), utc(1, 18)]),
        ("DTSTART:20270111T170000Z", "FREQ=WEEKLY;UNTIL=20270118T170000Z", [utc(1, 11), utc(1, 18)]),
        ("DTSTART:20270111T170000Z", "FREQ=WEEKLY;UNTIL=20270118T165959Z", [utc(1, 11)]),
        ("DTSTART:20270111T170000Z", "FREQ=WEEKLY;UNTIL=20270118", [utc(1, 11), utc(1, 18)]),
        ("DTSTART;VALUE=DATE:20270111", "FREQ=DAILY;INTERVAL=2;COUNT=2", [date(2027, 1, 11), date(2027, 1, 13)]),
        ("DTSTART;VALUE=DATE:20200131", "FREQ=MONTHLY", [date(2027, 1, 31)]),
        ("DTSTART;VALUE=DATE:20200214", "FREQ=YEARLY", [date(2027, 2, 14)]),
        ("DTSTART:20270111T180000", "FREQ=WEEKLY;UNTIL=20270118T180000", [datetime(2027, 1, day, 18) for day in (11, 18)]),  # noqa: DTZ001, E501 - the owner's time
    ],
)  # fmt: skip
def test_a_rule_has_the_dates_that_rfc_5545_says(start: str, rule: str, expected: list[object]) -> None:
    assert dues(event("a", start, f"RRULE:{rule}")) == expected


def test_a_lesson_stays_at_its_local_time_when_daylight_saving_time_begins() -> None:
    lesson = event("a", "DTSTART;TZID=Europe/Vienna:20270322T180000", "RRULE:FREQ=WEEKLY;COUNT=2")
    assert [each.due for each in found(lesson, now=datetime(2027, 3, 20, tzinfo=UTC))] == [utc(3, 22), utc(3, 29, 16)]


def test_an_endless_rule_is_looked_at_for_sixty_days_and_rolls_on_with_the_same_ids() -> None:
    daily = event("a", "DTSTART;VALUE=DATE:20200101", "RRULE:FREQ=DAILY")
    today, tomorrow = found(daily), found(daily, now=NOW + timedelta(days=1))
    assert [each.due for each in today] == [NOW.date() + timedelta(days=days) for days in range(61)]
    assert [each.id for each in today[1:]] == [each.id for each in tomorrow[:-1]]
    assert today[0].id == "a\n2027-01-04"


def test_exceptions_fall_out_and_additions_come_in() -> None:
    lines = (
        "RRULE:FREQ=WEEKLY;COUNT=4",
        "EXDATE:20270111T170000Z",
        "EXDATE;VALUE=DATE:20270118",
        "RDATE:20270119T170000Z",
    )
    assert dues(event("a", "DTSTART:20270111T170000Z", *lines)) == [utc(1, 19), utc(1, 25), utc(2, 1)]
    in_zone = "EXDATE;TZID=Europe/Vienna:20270118T180000,20270125T180000"
    assert dues(event("a", "DTSTART:20270111T170000Z", "RRULE:FREQ=WEEKLY;COUNT=4", in_zone)) == [utc(1, 11), utc(2, 1)]
    assert dues(event("a", "DTSTART:20270111T170000Z", "RDATE:20270112T170000Z")) == [utc(1, 11), utc(1, 12)]


def test_what_is_said_of_one_occurrence_stands_in_its_place_under_its_id() -> None:
    series = event("a", "DTSTART;TZID=Europe/Vienna:20270111T180000", "RRULE:FREQ=WEEKLY;COUNT=4")
    plain = {each.id: each for each in found(series)}
    moved = event("a", "DTSTART:20270120T080000Z", "RECURRENCE-ID:20270118T170000Z", "DESCRIPTION:Moved")
    cancelled = event(
        "a", "DTSTART:20270125T170000Z", "RECURRENCE-ID;TZID=Europe/Vienna:20270125T180000", "STATUS:CANCELLED"
    )
    for order in ([series, moved, cancelled], [cancelled, moved, series]):
        after = {each.id: each for each in found(*order)}
        assert after.keys() < plain.keys()
        assert [each.due for each in after.values()] == [utc(1, 20, 8), utc(1, 11), utc(2, 1)]
        assert after["a\n2027-01-18T17:00:00+00:00"].description == "Moved"


def test_a_todo_that_repeats_is_due_as_long_after_its_start_as_it_says() -> None:
    todo = event(
        "a", "DTSTART;VALUE=DATE:20270111", "DUE;VALUE=DATE:20270113", "RRULE:FREQ=WEEKLY;COUNT=2", kind="VTODO"
    )
    assert dues(todo) == [date(2027, 1, 13), date(2027, 1, 20)]
    assert dues(event("a", "DUE:20270111T170000Z", "RRULE:FREQ=WEEKLY;COUNT=2", kind="VTODO")) == [
        utc(1, 11),
        utc(1, 18),
    ]


@pytest.mark.parametrize(
    "lines",
    [
        ["RRULE:FREQ=SECONDLY"],
        ["RRULE:FREQ=WEEKLY;BYHOUR=9,10"],
        ["RRULE:FREQ=WEEKLY", "RRULE:FREQ=DAILY"],
        ["RRULE:FREQ=DAILY;INTERVAL=0"],
        ["RRULE:FREQ=WEEKLY", "STATUS:CANCELLED"],
        ["RRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30"],
        ["RRULE:"],
    ],
)
def test_a_series_that_cannot_be_read_is_left_out_and_nothing_else(lines: list[str]) -> None:
    series = event("a", "DTSTART:20260101T170000Z", *lines)
    assert [each.id for each in found(series, event("z")) if each.due != datetime(2026, 1, 1, 17, tzinfo=UTC)] == ["z"]


def test_no_lesson_takes_the_place_of_a_due_date_that_does_not_repeat() -> None:
    lessons = [event(f"{number}", "DTSTART:20270104T100000Z", "RRULE:FREQ=DAILY") for number in range(10)]
    taken = found(*lessons, event("essay", "DTSTART:20270105T170000Z"), event("exam", "DTSTART:20270630T080000Z"))
    assert [each.id for each in taken[:2]] == ["essay", "exam"]
    assert len(taken) == MAX_EVENTS
    assert max(str(each.due) for each in taken[2:]) < "2027-01-25"  # those that are soonest


HOSTILE = ["FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30;COUNT=9999", "FREQ=DAILY",
           "FREQ=DAILY;COUNT=10000", "FREQ=YEARLY;BYDAY=MO,TU,WE,TH,FR,SA,SU;BYSETPOS=366"]  # fmt: skip


@pytest.mark.parametrize("start", ["19000101", "20251005", "99980101"])
@pytest.mark.parametrize("rule", HOSTILE)
def test_a_hostile_rule_takes_some_milliseconds(rule: str, start: str) -> None:
    series = [event(f"{number}", f"DTSTART;VALUE=DATE:{start}", f"RRULE:{rule}") for number in range(20)]
    began = time.process_time()
    assert len(found(*series)) <= MAX_EVENTS
    assert (time.process_time() - began) / 20 < 0.05


def test_so_many_series_are_looked_at_and_no_more() -> None:
    hostile = [event(f"{number}", "DTSTART:20270111T170000Z", "RRULE:FREQ=SECONDLY") for number in range(MAX_SERIES)]
    lesson = event("lesson", "DTSTART:20270111T170000Z", "RRULE:FREQ=WEEKLY;COUNT=1")
    assert found(*hostile, lesson) == []
    assert len(found(*hostile[1:], lesson, event("z"))) == 2


@given(st.lists(st.text("FREQ=DAILYWKMOUNTVBY;:,0123456789-TZ", max_size=30), max_size=3))
def test_no_rule_whatever_it_is_ends_in_a_fault(rules: list[str]) -> None:
    found(event("a", "DTSTART:20270115T170000Z", *(f"RRULE:FREQ=DAILY;{rule}" for rule in rules)), event("z"))
