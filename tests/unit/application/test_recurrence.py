"""How tasks repeat."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from taskbell.application.serialization import task_from_dict, task_to_dict
from taskbell.domain.occurrences import completed
from taskbell.domain.recurrence import Frequency, Recurrence
from taskbell.domain.rrule import parse_rrule
from taskbell.domain.task import Task, TaskStatus, with_details
from taskbell.domain.timestamps import truncate_to_milliseconds
from tests.support.examples import LATER, NOW, example_task

VIENNA = ZoneInfo("Europe/Vienna")
DAILY = Recurrence(Frequency.DAILY)
EARLY = datetime(1970, 1, 1, tzinfo=UTC)


def vienna(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=VIENNA)


@pytest.mark.parametrize(
    ("rule", "due", "following"),
    [
        ("FREQ=DAILY", "2026-11-22 18:00", "2026-11-23 18:00"),
        ("FREQ=DAILY;INTERVAL=3", "2026-11-29 18:00", "2026-12-02 18:00"),
        ("FREQ=DAILY", "2026-03-28 18:00", "2026-03-29 18:00"),  # summer time begins
        ("FREQ=DAILY", "2026-10-24 18:00", "2026-10-25 18:00"),  # and ends
        ("FREQ=WEEKLY", "2026-11-22 18:00", "2026-11-29 18:00"),
        ("FREQ=WEEKLY;BYDAY=MO,FR", "2026-11-23 18:00", "2026-11-27 18:00"),
        ("FREQ=WEEKLY;BYDAY=FR,MO", "2026-11-27 18:00", "2026-11-30 18:00"),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,FR", "2026-11-27 18:00", "2026-12-07 18:00"),
        ("FREQ=MONTHLY", "2026-11-22 18:00", "2026-12-22 18:00"),
        ("FREQ=MONTHLY;INTERVAL=2", "2026-12-31 18:00", "2027-08-31 18:00"),  # RFC 5545: there is no other 31st
        ("FREQ=MONTHLY;BYMONTHDAY=-1", "2027-01-31 18:00", "2027-02-28 18:00"),
        ("FREQ=MONTHLY;BYMONTHDAY=1,15,-1", "2027-02-15 18:00", "2027-02-28 18:00"),
        ("FREQ=MONTHLY;BYMONTHDAY=20", "2027-01-10 18:00", "2027-01-20 18:00"),
        ("FREQ=MONTHLY;BYDAY=-1FR", "2026-11-27 18:00", "2026-12-25 18:00"),
        ("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", "2027-01-29 18:00", "2027-02-26 18:00"),
        ("FREQ=YEARLY", "2027-03-29 18:00", "2028-03-29 18:00"),
        ("FREQ=YEARLY", "2028-02-29 18:00", "2032-02-29 18:00"),
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=-1", "2028-02-29 18:00", "2029-02-28 18:00"),
    ],
)
def test_the_next_due_date_is_at_the_same_time_of_the_owners_clock(rule: str, due: str, following: str) -> None:
    assert _next_due(parse_rrule(rule), vienna(due), vienna(due)) == vienna(following)


def test_days_that_are_over_when_it_is_completed_are_left_out() -> None:
    due = vienna("2026-11-01 18:00")
    assert _next_due(DAILY, due, vienna("2026-11-22 19:00")) == vienna("2026-11-23 18:00")


def test_nothing_comes_again_after_its_end() -> None:
    due = vienna("2026-11-22 18:00")
    assert _next_due(replace(DAILY, until=vienna("2026-11-23 18:00")), due, due)
    assert _next_due(replace(DAILY, until=vienna("2026-11-23 17:59")), due, due) is None


def test_a_time_that_the_clock_skips_is_meant_again_on_the_next_day() -> None:
    assert _series("Europe/Vienna", "2026-03-28 02:30", 3) == ["03-28 02:30", "03-29 03:30", "03-30 02:30"]
    assert _series("Asia/Dhaka", "2009-06-18 23:30", 3) == ["06-18 23:30", "06-20 00:30", "06-20 23:30"]


def test_of_an_hour_that_comes_twice_the_first_is_meant() -> None:
    assert _series("Europe/Vienna", "2026-10-24 02:30", 3) == ["10-24 02:30", "10-25 02:30", "10-26 02:30"]
    second = vienna("2026-10-25 02:30").replace(fold=1)
    assert _next_due(DAILY, second, second) == vienna("2026-10-26 02:30")


def test_a_due_date_that_was_moved_from_where_the_clock_skipped_it_is_the_time_that_is_meant() -> None:
    daily = example_task(due_at=vienna("2026-03-28 02:30"), time_zone="Europe/Vienna", recurrence=DAILY)
    skipped = _next(daily)
    moved = with_details(skipped, {"due_at": vienna("2026-03-29 05:00").astimezone(UTC)}, NOW)
    assert skipped.nominal_due == datetime.fromisoformat("2026-03-29 02:30")
    assert _next(moved).due_at == vienna("2026-03-30 05:00")
    assert _next(skipped).nominal_due is None


@given(
    st.sampled_from(sorted(available_timezones() - {"localtime", "Factory"})),
    st.datetimes(datetime(1970, 1, 2), datetime(2037, 12, 1)),  # noqa: DTZ001
)
def test_a_daily_task_is_due_each_day_once_at_the_time_of_the_first(name: str, first: datetime) -> None:
    zone = ZoneInfo(name)
    jump = zone.utcoffset(first + timedelta(days=6)) - zone.utcoffset(first)  # type: ignore[operator]
    assume(abs(jump) < timedelta(hours=12))  # some islands have left out, or repeated, a whole day
    due_at = truncate_to_milliseconds(first.replace(tzinfo=zone))
    task = example_task(due_at=due_at, time_zone=name, recurrence=DAILY, created_at=EARLY)
    meant = due_at.astimezone(zone).replace(tzinfo=None)
    for day in range(1, 5):
        following = task_from_dict(task_to_dict(_next(task)))
        due = following.local_due_at
        assert task.due_at
        assert following.due_at
        assert due
        assert following.due_at > task.due_at
        assert due.replace(tzinfo=None, fold=0) == meant.replace(fold=0) + timedelta(days=day)
        assert (due == following.due_at.astimezone(zone)) is (following.nominal_due is None)
        task = following


def test_a_successor_has_what_its_predecessor_had_and_begins_anew() -> None:
    task = example_task(due_at=LATER, remind_before=(5,), labels=("a",), recurrence=DAILY)
    following = completed(task, NOW).next
    assert following
    assert (following.status, following.version, following.created_at) == (TaskStatus.PENDING, 1, NOW)
    assert (following.labels, following.remind_before, following.recurrence) == (("a",), (5,), DAILY)
    assert following.due_at == LATER + timedelta(days=1)


def test_the_successor_of_a_subtask_is_one_too() -> None:
    following = completed(example_task(due_at=LATER, parent_id="parent", recurrence=DAILY), NOW).next
    assert following
    assert following.parent_id == "parent"


@pytest.mark.parametrize(
    "task",
    [
        example_task(due_at=LATER, recurrence=replace(DAILY, count=1)),
        example_task(due_at=LATER, status=TaskStatus.COMPLETED, recurrence=DAILY),
        example_task(recurrence=DAILY),
    ],
    ids=["ended", "completed before", "without due date"],
)
def test_others_have_none(task: Task) -> None:
    assert completed(task, NOW).next is None


def _series(zone: str, first: str, length: int) -> list[str]:
    """On the owner's clock, when a daily task and those that follow it are due."""
    due_at = datetime.fromisoformat(first).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
    task = example_task(due_at=due_at, time_zone=zone, recurrence=DAILY)
    due = []
    for _ in range(length):
        assert task.due_at
        due.append(task.due_at.astimezone(ZoneInfo(zone)).strftime("%m-%d %H:%M"))
        task = _next(task)
    return due


def _next(task: Task) -> Task:
    """The successor of a task that is completed when it is due."""
    assert task.due_at
    following = completed(task, task.due_at).next
    assert following
    return following


def _next_due(rule: Recurrence, due: datetime, after: datetime) -> datetime | None:
    following = rule.next_due(due, after)
    return following and following[0]
