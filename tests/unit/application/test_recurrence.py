"""How tasks repeat."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from taskbell.application.serialization import task_from_dict, task_to_dict
from taskbell.domain.ids import time_of
from taskbell.domain.recurrence import Frequency, Recurrence, Weekday
from taskbell.domain.task import Task, TaskStatus, next_occurrence, with_details, with_status
from taskbell.domain.timestamps import truncate_to_milliseconds
from tests.support.examples import LATER, NOW, example_task

VIENNA = ZoneInfo("Europe/Vienna")
DAILY, WEEKLY, MONTHLY = Frequency
EARLY = datetime(1970, 1, 1, tzinfo=UTC)


def vienna(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=VIENNA)


@pytest.mark.parametrize(
    ("recurrence", "due", "following"),
    [
        (Recurrence(DAILY), "2026-11-22 18:00", "2026-11-23 18:00"),
        (Recurrence(DAILY, interval=3), "2026-11-29 18:00", "2026-12-02 18:00"),
        (Recurrence(DAILY), "2026-03-28 18:00", "2026-03-29 18:00"),  # summer time begins
        (Recurrence(DAILY), "2026-10-24 18:00", "2026-10-25 18:00"),  # and ends
        (Recurrence(WEEKLY), "2026-11-22 18:00", "2026-11-29 18:00"),
        (Recurrence(WEEKLY, weekdays=(Weekday.MONDAY, Weekday.FRIDAY)), "2026-11-23 18:00", "2026-11-27 18:00"),
        (Recurrence(WEEKLY, weekdays=(Weekday.FRIDAY, Weekday.MONDAY)), "2026-11-27 18:00", "2026-11-30 18:00"),
        (Recurrence(WEEKLY, 2, (Weekday.MONDAY, Weekday.FRIDAY)), "2026-11-27 18:00", "2026-12-07 18:00"),
        (Recurrence(MONTHLY), "2026-11-22 18:00", "2026-12-22 18:00"),
        (Recurrence(MONTHLY, interval=2), "2026-12-31 18:00", "2027-02-28 18:00"),
        (Recurrence(MONTHLY, day_of_month=31), "2027-02-28 18:00", "2027-03-31 18:00"),
        (Recurrence(MONTHLY, day_of_month=20), "2027-01-10 18:00", "2027-01-20 18:00"),
        (Recurrence(MONTHLY, interval=12), "2028-02-29 18:00", "2029-02-28 18:00"),
    ],
)
def test_the_next_due_date_is_at_the_same_time_of_the_owners_clock(
    recurrence: Recurrence, due: str, following: str
) -> None:
    assert recurrence.next_due(vienna(due), vienna(due)) == vienna(following)


def test_days_that_are_over_when_it_is_completed_are_left_out() -> None:
    due = vienna("2026-11-01 18:00")
    assert Recurrence(DAILY).next_due(due, vienna("2026-11-22 19:00")) == vienna("2026-11-23 18:00")


def test_nothing_comes_again_after_its_end() -> None:
    due = vienna("2026-11-22 18:00")
    assert Recurrence(DAILY, until=vienna("2026-11-23 18:00")).next_due(due, due)
    assert Recurrence(DAILY, until=vienna("2026-11-23 17:59")).next_due(due, due) is None


def test_a_time_that_the_clock_skips_is_meant_again_on_the_next_day() -> None:
    assert _series("Europe/Vienna", "2026-03-28 02:30", 3) == ["03-28 02:30", "03-29 03:30", "03-30 02:30"]
    assert _series("Asia/Dhaka", "2009-06-18 23:30", 3) == ["06-18 23:30", "06-20 00:30", "06-20 23:30"]


def test_of_an_hour_that_comes_twice_the_first_is_meant() -> None:
    assert _series("Europe/Vienna", "2026-10-24 02:30", 3) == ["10-24 02:30", "10-25 02:30", "10-26 02:30"]
    second = vienna("2026-10-25 02:30").replace(fold=1)
    assert Recurrence(DAILY).next_due(second, second) == vienna("2026-10-26 02:30")


def test_a_due_date_that_was_moved_from_where_the_clock_skipped_it_is_the_time_that_is_meant() -> None:
    daily = example_task(due_at=vienna("2026-03-28 02:30"), time_zone="Europe/Vienna", recurrence=Recurrence(DAILY))
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
    task = example_task(due_at=due_at, time_zone=name, recurrence=Recurrence(DAILY), created_at=EARLY)
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


@given(
    st.builds(
        Recurrence,
        frequency=st.sampled_from(Frequency),
        interval=st.integers(1, 366),
        weekdays=st.lists(st.sampled_from(Weekday), unique=True).map(tuple),
        day_of_month=st.none() | st.integers(1, 31),
    ),
    st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1), timezones=st.just(VIENNA)),  # noqa: DTZ001
    st.timedeltas(timedelta(0), timedelta(days=2000)),
)
def test_a_recurrence_without_end_always_goes_on_behind_what_is_over(
    recurrence: Recurrence, due: datetime, late: timedelta
) -> None:
    after = due.astimezone(UTC) + late
    following = recurrence.next_due(due, after)
    assert following
    assert following.astimezone(UTC) > after


def test_a_successor_has_what_its_predecessor_had_and_begins_anew() -> None:
    done = _completed(example_task(due_at=LATER, remind_before=(5,), labels=("a",), recurrence=Recurrence(DAILY)))
    following = next_occurrence(done, NOW)
    assert following
    assert (following.status, following.version, following.created_at) == (TaskStatus.PENDING, 1, NOW)
    assert (following.labels, following.remind_before, following.recurrence) == (("a",), (5,), Recurrence(DAILY))
    assert following.due_at == LATER + timedelta(days=1)


def test_the_31st_stays_the_31st_behind_a_shorter_month() -> None:
    task = example_task(due_at=vienna("2027-01-31 18:00"), time_zone="Europe/Vienna", recurrence=Recurrence(MONTHLY))
    days = []
    for _ in range(4):
        assert task.due_at
        days.append(task.due_at.astimezone(VIENNA).strftime("%m-%d"))
        following = next_occurrence(with_status(task, TaskStatus.COMPLETED, NOW), NOW)
        assert following
        task = following
    assert days == ["01-31", "02-28", "03-31", "04-30"]


def test_the_successor_of_a_subtask_is_one_too() -> None:
    done = _completed(example_task(due_at=LATER, parent_id="parent", recurrence=Recurrence(DAILY)))
    following = next_occurrence(done, NOW)
    assert following
    assert following.parent_id == "parent"


def test_a_task_has_one_successor_whose_id_is_that_of_its_first_completion() -> None:
    done = _completed(example_task(due_at=LATER, recurrence=Recurrence(DAILY)))
    successor = next_occurrence(done, NOW)
    assert successor
    assert (successor.id, time_of(successor.id)) == (done.next_id, LATER)
    again = with_status(with_status(done, TaskStatus.PENDING, LATER), TaskStatus.COMPLETED, LATER + timedelta(days=9))
    assert (again.next_id, next_occurrence(again, NOW)) == (done.next_id, None)


def test_a_task_that_did_not_recur_when_it_was_completed_has_a_successor_once_it_does() -> None:
    task = example_task(due_at=LATER)
    reopened = with_status(_completed(task), TaskStatus.PENDING, LATER)
    assert reopened.next_id is None
    done = _completed(with_details(reopened, {"recurrence": Recurrence(DAILY)}, LATER))
    assert next_occurrence(done, NOW)


@pytest.mark.parametrize(
    "task",
    [
        example_task(due_at=LATER, recurrence=Recurrence(DAILY)),
        example_task(due_at=LATER, status=TaskStatus.COMPLETED),
        example_task(status=TaskStatus.COMPLETED, recurrence=Recurrence(DAILY)),
    ],
    ids=["open", "comes once", "without due date"],
)
def test_others_have_none(task: Task) -> None:
    assert next_occurrence(task, NOW) is None


def _series(zone: str, first: str, length: int) -> list[str]:
    """On the owner's clock, when a daily task and those that follow it are due."""
    due_at = datetime.fromisoformat(first).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
    task = example_task(due_at=due_at, time_zone=zone, recurrence=Recurrence(DAILY))
    due = []
    for _ in range(length):
        assert task.due_at
        due.append(task.due_at.astimezone(ZoneInfo(zone)).strftime("%m-%d %H:%M"))
        task = _next(task)
    return due


def _next(task: Task) -> Task:
    """The successor of a task that is completed when it is due."""
    assert task.due_at
    following = next_occurrence(with_status(task, TaskStatus.COMPLETED, task.due_at), task.due_at)
    assert following
    return following


def _completed(task: Task) -> Task:
    return with_status(task, TaskStatus.COMPLETED, LATER)
