"""A due date is an instant, a local time, or a day, which is over at its end in the task's zone."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from taskbell.application.task_changes import create_task, update_task
from taskbell.domain.commands import CreateTask, UpdateTask
from taskbell.domain.days import end_of_day
from taskbell.domain.due import GivenDue, due_from
from taskbell.domain.exceptions import ConflictError
from taskbell.domain.occurrences import completed
from taskbell.domain.profile import Profile
from taskbell.domain.recurrence import Frequency, Recurrence
from taskbell.domain.task import Task, with_details
from tests.support.examples import NOW, at, example_task
from tests.support.fakes import InMemoryTaskRepository

VIENNA = ZoneInfo("Europe/Vienna")
DAY = date(2027, 1, 15)
END = datetime(2027, 1, 15, 22, 59, 59, 999_000, UTC)


def naive(text: str) -> datetime:
    return datetime.fromisoformat(text)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("given_due", "due_at", "nominal"),
    [
        (utc("2027-01-15T17:00"), "2027-01-15T17:00", None),
        (naive("2027-01-15T18:00"), "2027-01-15T17:00", None),
        (naive("2027-07-15T18:00"), "2027-07-15T16:00", None),
        (naive("2027-03-28T02:30"), "2027-03-28T01:30", "2027-03-28T02:30"),  # the clock skips this time
        (naive("2027-10-31T02:30"), "2027-10-31T00:30", None),  # this time comes twice
        (date(2027, 1, 15), "2027-01-15T22:59:59.999", None),
        (date(2027, 3, 28), "2027-03-28T21:59:59.999", None),
        (date(2027, 10, 31), "2027-10-31T22:59:59.999", None),
    ],
)
def test_a_due_date_is_what_the_clock_of_its_zone_shows(given_due: GivenDue, due_at: str, nominal: str | None) -> None:
    due = due_from(given_due, VIENNA)
    assert (due.at, due.nominal) == (utc(due_at), naive(nominal) if nominal else None)
    assert due.on == (None if isinstance(given_due, datetime) else given_due)


def test_a_new_task_has_the_zone_of_its_owner_unless_it_names_another() -> None:
    command, profile = CreateTask("ada", "Essay", due_at=DAY), Profile("ada", "Europe/Vienna", (60,))
    task = create_task(command, InMemoryTaskRepository(), NOW, "essay", profile)
    assert (task.due_at, task.due_on, task.reminder_times) == (END, DAY, (END - timedelta(hours=1),))
    elsewhere = replace(command, time_zone="UTC")
    assert create_task(elsewhere, InMemoryTaskRepository(), NOW, "essay", profile).due_at == end_of_day(
        DAY, ZoneInfo("UTC")
    )


def test_the_same_task_is_created_once_and_a_day_is_not_its_last_millisecond() -> None:
    store, command = InMemoryTaskRepository(), CreateTask("ada", "Essay", "key", due_at=DAY)
    task = create_task(command, store, NOW, "essay")
    assert create_task(command, store, NOW, "other") == task
    with pytest.raises(ConflictError):
        create_task(replace(command, due_at=task.due_at), store, NOW, "other")


@pytest.mark.parametrize(
    ("changes", "due_at", "due_on"),
    [
        ({"due_at": DAY + timedelta(days=1)}, END + timedelta(days=1), DAY + timedelta(days=1)),
        ({"due_at": naive("2027-01-15T18:00")}, utc("2027-01-15T17:00"), None),
        ({"due_at": END}, END, None),
        ({"due_at": None}, None, None),
        ({"time_zone": "UTC"}, END + timedelta(hours=1), DAY),
        ({"time_zone": "UTC", "due_at": naive("2027-01-15T18:00")}, utc("2027-01-15T18:00"), None),
        ({"title": "Another"}, END, DAY),
    ],
)
def test_a_day_can_be_changed(changes: dict[str, Any], due_at: datetime | None, due_on: date | None) -> None:
    store = InMemoryTaskRepository()
    store.add(_due_on_day())
    task = update_task(UpdateTask("ada", "essay", changes), store, at(NOW))
    assert (task.due_at, task.due_on, task.version) == (due_at, due_on, 2)


@pytest.mark.parametrize("changes", [{"due_at": DAY}, {"time_zone": "Europe/Vienna"}, {}])
def test_the_same_day_again_is_no_change(changes: dict[str, Any]) -> None:
    task = _due_on_day()
    assert with_details(task, changes, NOW) is task


def test_the_time_that_was_skipped_stays_when_the_same_instant_is_given_again() -> None:
    task = with_details(example_task(time_zone="Europe/Vienna"), {"due_at": naive("2027-03-28T02:30")}, NOW)
    assert task.local_due_at == naive("2027-03-28T02:30").replace(tzinfo=VIENNA)
    assert with_details(task, {"due_at": task.due_at}, NOW) is task


def test_a_time_of_another_zone_stays_the_same_instant() -> None:
    task = example_task(due_at=END, time_zone="Europe/Vienna")
    assert with_details(task, {"time_zone": "UTC"}, NOW).due_at == END


def test_a_day_is_not_overdue_before_its_end() -> None:
    for now, overdue in ((END - timedelta(milliseconds=1), False), (END, True)):
        created = create_task(
            CreateTask("ada", "Essay", due_at=DAY, time_zone="Europe/Vienna"), InMemoryTaskRepository(), now, "essay"
        )
        assert created.overdue is overdue


def test_a_day_recurs_as_a_day_also_over_the_change_of_clocks() -> None:
    task = replace(_due_on_day(date(2027, 3, 21)), recurrence=Recurrence(Frequency.WEEKLY))
    following = completed(task, NOW).next
    assert following
    assert (following.due_on, following.due_at) == (date(2027, 3, 28), utc("2027-03-28T21:59:59.999"))


@given(st.dates(date(1990, 1, 1), date(2036, 1, 1)), st.sampled_from(sorted(available_timezones() - {"localtime"})))
def test_a_day_ends_on_that_day(day: date, zone: str) -> None:
    due = due_from(day, ZoneInfo(zone))
    assume(due.at >= end_of_day(day - timedelta(days=1), ZoneInfo(zone)) + timedelta(hours=1))  # a day left out
    task = example_task(due_at=due.at, due_on=due.on, time_zone=zone)
    assert task.local_due_at
    assert task.local_due_at.date() == day


def _due_on_day(day: date = DAY) -> Task:
    return example_task(due_at=end_of_day(day, VIENNA), due_on=day, time_zone="Europe/Vienna")
