"""How tasks come again."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.recurrence import Frequency, Recurrence, Weekday
from tasks.task import Task, TaskStatus, successor, with_status
from tests.examples import LATER, NOW, example_task

VIENNA = ZoneInfo("Europe/Vienna")
DAILY, WEEKLY, MONTHLY = Frequency


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
    due_at = vienna(due).astimezone(UTC)
    assert recurrence.next_due(due_at, due_at, VIENNA) == vienna(following)


def test_days_that_are_over_when_it_is_completed_are_left_out() -> None:
    due = vienna("2026-11-01 18:00")
    assert Recurrence(DAILY).next_due(due, vienna("2026-11-22 19:00"), VIENNA) == vienna("2026-11-23 18:00")


def test_nothing_comes_again_after_its_end() -> None:
    due = vienna("2026-11-22 18:00")
    assert Recurrence(DAILY, until=vienna("2026-11-23 18:00")).next_due(due, due, VIENNA)
    assert Recurrence(DAILY, until=vienna("2026-11-23 17:59")).next_due(due, due, VIENNA) is None


def test_a_time_that_the_clock_skips_is_no_reason_to_stop() -> None:
    due = vienna("2026-03-28 02:30")
    following = Recurrence(DAILY).next_due(due, due, VIENNA)
    assert following
    assert following.astimezone(VIENNA).date().isoformat() == "2026-03-29"


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
    due_at = due.astimezone(UTC)
    following = recurrence.next_due(due_at, due_at + late, VIENNA)
    assert following
    assert following > due_at + late


def test_a_successor_has_what_its_predecessor_had_and_begins_anew() -> None:
    done = _completed(example_task(due_at=LATER, remind_before=(5,), labels=("a",), recurrence=Recurrence(DAILY)))
    following = successor(done, NOW)
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
        following = successor(with_status(task, TaskStatus.COMPLETED, NOW), NOW)
        assert following
        task = following
    assert days == ["01-31", "02-28", "03-31", "04-30"]


def test_the_successor_of_a_subtask_is_one_too() -> None:
    done = _completed(example_task(due_at=LATER, parent_id="parent", recurrence=Recurrence(DAILY)))
    following = successor(done, NOW)
    assert following
    assert following.parent_id == "parent"


def test_a_task_has_one_successor_whenever_it_is_completed() -> None:
    task = example_task(due_at=LATER, recurrence=Recurrence(DAILY))
    first, later = _completed(task), with_status(task, TaskStatus.COMPLETED, LATER + timedelta(days=9))
    successors = [successor(done, NOW) for done in (first, later)]
    assert all(successors)
    assert len({one.id for one in successors if one}) == 1


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
    assert successor(task, NOW) is None


def _completed(task: Task) -> Task:
    return with_status(task, TaskStatus.COMPLETED, LATER)
