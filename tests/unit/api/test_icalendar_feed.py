"""Feeds as other programs read them: parsed by vobject, which shares no code with what writes them."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import vobject
from hypothesis import given
from hypothesis import strategies as st

from taskbell.api.icalendar_feed import MAX_DESCRIPTION, calendar_of
from taskbell.domain.rrule import parse_rrule
from taskbell.domain.task import Priority, Task
from tests.support.examples import NOW, example_task

DUE = datetime(2027, 3, 1, 17, tzinfo=UTC)
VIENNA = "Europe/Vienna"
END_OF_DAY = datetime(2027, 3, 1, 22, 59, 59, 999_000, tzinfo=UTC)
TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=200)


def events(*tasks: Task) -> list[Any]:
    text = calendar_of(tasks).decode()
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    calendar = vobject.readOne(text)
    return list(calendar.contents.get("vevent", ()))


def event(**fields: Any) -> Any:
    (found,) = events(example_task(due_at=DUE, **fields))
    return found


def test_a_feed_without_tasks_is_a_calendar() -> None:
    assert events() == []


@given(title=TEXTS, description=TEXTS, label=TEXTS)
def test_any_text_is_read_as_it_was_given(title: str, description: str, label: str) -> None:
    found = event(title=title, description=description, labels=(label, "b"))
    assert found.summary.value == title
    assert found.description.value == description
    assert found.categories.value == [label, "b"]


@given(st.text(max_size=50))
def test_no_text_ends_a_line_or_an_event(title: str) -> None:
    found = event(title=f"{title}\r\nEND:VEVENT\nBEGIN:VALARM\rX", remind_before=(5,))
    assert found.dtstart.value == DUE
    assert len(found.contents["valarm"]) == 1


def test_lines_of_descriptions_stay_lines_and_long_ones_are_cut() -> None:
    assert event(description="a\r\nb\nc\x00d").description.value == "a\nb\ncd"
    assert event(description="x" * 10_000).description.value == "x" * MAX_DESCRIPTION


def test_a_time_is_an_instant_whose_event_takes_no_time() -> None:
    found = event(time_zone=VIENNA)
    assert found.dtstart.value == DUE
    assert "dtend" not in found.contents
    assert found.transp.value == "TRANSPARENT"


def test_a_day_is_a_day() -> None:
    (found,) = events(example_task(due_at=END_OF_DAY, due_on=date(2027, 3, 1), time_zone=VIENNA))
    assert found.dtstart.value == date(2027, 3, 1)


def test_an_event_is_told_from_others_and_from_its_versions() -> None:
    before, after = event(), event(version=3, updated_at=NOW + timedelta(1), priority=Priority.URGENT)
    assert before.uid.value == after.uid.value == "essay@taskbell"
    assert (before.sequence.value, after.sequence.value) == ("0", "2")
    assert after.dtstamp.value == after.contents["last-modified"][0].value == NOW + timedelta(1)
    assert (before.priority.value, after.priority.value) == ("5", "1")


def test_what_repeats_keeps_its_hour_when_the_clock_changes() -> None:
    found = event(time_zone=VIENNA, recurrence=parse_rrule("FREQ=WEEKLY;COUNT=6"))
    expected = [datetime(2027, 3, 1, 18, tzinfo=ZoneInfo(VIENNA)) + timedelta(weeks=week) for week in range(6)]
    assert [at.astimezone(UTC) for at in found.getrruleset(addRDate=True)] == [at.astimezone(UTC) for at in expected]


def test_a_day_that_repeats_ends_with_a_day() -> None:
    rule = parse_rrule("FREQ=DAILY;UNTIL=20270303T225959Z")
    (found,) = events(example_task(due_at=END_OF_DAY, due_on=date(2027, 3, 1), time_zone=VIENNA, recurrence=rule))
    assert found.rrule.value == "FREQ=DAILY;UNTIL=20270303"


def test_what_begins_with_its_completion_has_no_rule() -> None:
    assert "rrule" not in event(recurrence=parse_rrule("FREQ=DAILY", after_completion=True)).contents


def test_reminders_are_alarms() -> None:
    found = event(remind_before=(60,), remind_at=(NOW,))
    before, at = found.contents["valarm"]
    assert (before.trigger.value, "RELATED" in before.trigger.params) == (timedelta(hours=-1), False)
    assert at.trigger.value == NOW
    assert {alarm.action.value for alarm in (before, at)} == {"DISPLAY"}


def test_reminders_of_a_day_are_before_its_end_which_the_event_has() -> None:
    (found,) = events(example_task(due_at=END_OF_DAY, due_on=date(2027, 3, 1), time_zone=VIENNA, remind_before=(60,)))
    (alarm,) = found.contents["valarm"]
    assert (alarm.trigger.value, alarm.trigger.params["RELATED"]) == (timedelta(hours=-1), ["END"])
    assert (found.dtstart.value, found.dtend.value) == (date(2027, 3, 1), date(2027, 3, 2))


def test_equal_tasks_make_equal_text() -> None:
    tasks = [example_task(due_at=DUE, time_zone=VIENNA, recurrence=parse_rrule("FREQ=DAILY"), labels=("b", "a"))]
    assert calendar_of(tasks) == calendar_of(tasks)


@given(st.integers(1970, 8999), st.sampled_from([VIENNA, "Pacific/Apia", "UTC", "America/Sao_Paulo"]))
def test_any_year_and_zone_has_its_rules(year: int, zone: str) -> None:
    due = datetime(year, 7, 1, 12, tzinfo=UTC)
    (found,) = events(example_task(due_at=due, time_zone=zone, recurrence=parse_rrule("FREQ=YEARLY")))
    assert found.rrule.value == "FREQ=YEARLY"
