"""Calendars as schools publish them become events, and nothing that they hold is a fault."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taskbell.api.icalendar_events import events_of
from taskbell.api.icalendar_feed import calendar_of
from taskbell.application.calendar_following import CalendarFetchError
from taskbell.domain.subscribed_calendar import MAX_EVENTS, CalendarEvent
from tests.support.examples import NOW, example_task


def calendar(*components: str) -> bytes:
    lines = "\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:x", *components, "END:VCALENDAR"])
    return lines.replace("\n", "\r\n").encode()


def event(uid: str = "a", start: str = "DTSTART:20270115T170000Z", *lines: str, kind: str = "VEVENT") -> str:
    return "\n".join([f"BEGIN:{kind}", f"UID:{uid}", "SUMMARY:Essay", start, *lines, f"END:{kind}"])


def only(*components: str) -> CalendarEvent:
    (found,) = events_of(calendar(*components), NOW)
    return found


@pytest.mark.parametrize(
    ("start", "due"),
    [
        ("DTSTART:20270115T170000Z", datetime(2027, 1, 15, 17, tzinfo=UTC)),
        ("DTSTART;TZID=Europe/Vienna:20270115T180000", datetime(2027, 1, 15, 17, tzinfo=UTC)),
        ("DTSTART:20270115T180000", datetime(2027, 1, 15, 18)),  # noqa: DTZ001 - the owner's time
        ("DTSTART;VALUE=DATE:20270115", date(2027, 1, 15)),
    ],
)
def test_an_event_is_due_when_it_starts(start: str, due: object) -> None:
    assert only(event("a", start)) == CalendarEvent("a", "Essay", None, due)  # type: ignore[arg-type]


def test_a_todo_is_due_when_it_is_due() -> None:
    found = only(event("a", "DUE;VALUE=DATE:20270116", "DESCRIPTION:Two\\npages\\, at least", kind="VTODO"))
    assert (found.due, found.description) == (date(2027, 1, 16), "Two\npages, at least")


def test_instances_of_one_uid_are_told_apart() -> None:
    one = event("a", "DTSTART:20270115T170000Z", "RECURRENCE-ID:20270115T160000Z")
    assert len(events_of(calendar(event(), one), NOW)) == 2
    assert len(events_of(calendar(event(), event()), NOW)) == 1


def test_what_is_no_due_date_is_left_out() -> None:
    dropped = [
        event("a", "DTSTART:20270115T170000Z", "RRULE:FREQ=HOURLY"),
        event("b", "DTSTART:20270115T170000Z", "STATUS:CANCELLED"),
        event("c", "DUE:20270115T170000Z", "STATUS:COMPLETED", kind="VTODO"),
        event("d", "DTSTART:20200115T170000Z"),
        event("e", "DTSTART:soon"),
        event("f", "COMMENT:no start"),
        event("", "DTSTART:20270115T170000Z"),
        "BEGIN:VEVENT\nUID:g\nSUMMARY: \nDTSTART:20270115T170000Z\nEND:VEVENT",
        "BEGIN:VEVENT\nSUMMARY:no uid\nDTSTART:20270115T170000Z\nEND:VEVENT",
    ]
    assert only(*dropped, event("z")).id == "z"


def test_of_many_events_those_that_are_due_soonest_are_taken() -> None:
    days = [(date(2027, 1, 1) + timedelta(days)).strftime("%Y%m%d") for days in range(MAX_EVENTS + 5)]
    found = events_of(calendar(*(event(day, f"DTSTART;VALUE=DATE:{day}") for day in reversed(days))), NOW)
    assert [each.id for each in found] == days[:MAX_EVENTS]


def test_events_are_taken_while_they_fit_into_one_item() -> None:
    long = f"DESCRIPTION:{'y' * 9_000}"
    found = events_of(calendar(*(event(str(number), "DTSTART:20270115T170000Z", long) for number in range(100))), NOW)
    assert len(found) == 22


def test_long_texts_are_cut_and_control_characters_dropped() -> None:
    texts = f"SUMMARY:{'x' * 300}\x07\nDESCRIPTION:{'y' * 20_000}"
    found = only(f"BEGIN:VEVENT\nUID:a\n{texts}\nDTSTART;VALUE=DATE:20270115\nEND:VEVENT")
    assert (found.title, found.description) == ("x" * 200, "y" * 10_000)


def test_our_own_feed_can_be_subscribed_to() -> None:
    task = example_task(due_at=datetime(2027, 1, 15, 17, tzinfo=UTC), title="Ä, b; c", description="d\ne")
    (found,) = events_of(calendar_of([task]), NOW)
    assert (found.title, found.description, found.due) == (task.title, task.description, task.due_at)


@pytest.mark.parametrize(
    "content", [b"", b"<html></html>", b"\xff\xfe", b"BEGIN:VCALENDAR", b"BEGIN:VEVENT\r\nEND:VEVENT"]
)
def test_what_is_no_calendar_is_refused(content: bytes) -> None:
    with pytest.raises(CalendarFetchError, match="no calendar"):
        events_of(content, NOW)


@given(st.binary(max_size=200), st.lists(st.text(max_size=30), max_size=5))
def test_no_content_whatever_it_is_ends_in_a_fault(content: bytes, lines: list[str]) -> None:
    for text in (
        content,
        calendar(event("a", "DTSTART:20270115T170000Z", *lines).replace("\0", "")),
        calendar(*lines),
    ):
        try:
            events_of(text, NOW)
        except CalendarFetchError:
            continue
