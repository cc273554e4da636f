"""Subscribed calendars are fetched by themselves, whatever dies meanwhile and however often they are asked for."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taskbell.application.calendar_following import NOT_READ
from taskbell.application.scheduled_fetches import ScheduledFetches, due_fetch_from_dict, due_fetch_to_dict
from taskbell.domain.exceptions import UnavailableError
from taskbell.domain.subscribed_calendar import INTERVAL, MAX_EVENTS, PAUSE, CalendarEvent, DueFetch, retry_after
from tests.support.calendars import Course, InMemoryFetchSchedule, Killed, rows
from tests.support.examples import NOW

DUE = datetime(2027, 1, 15, 17, tzinfo=UTC)
ESSAY = CalendarEvent("a", "Essay", "Two pages", DUE)
EXAM = CalendarEvent("b", "Exam", None, DUE)
HOUR = timedelta(hours=1)


@pytest.fixture
def course() -> Course:
    course = Course(ESSAY)
    course.subscribe()
    return course


def budget(tasks: int) -> Any:
    """`has_time` of a function that has time for so many tasks."""
    left = iter(range(tasks))
    return lambda: next(left, None) is not None


def test_a_calendar_follows_by_itself_every_four_hours(course: Course) -> None:
    course.events = [replace(ESSAY, title="Essay 2")]
    assert course.tick(INTERVAL - timedelta(seconds=1)) == 0
    assert course.tick(timedelta(seconds=1)) == 1
    assert [task.title for task in course.tasks()] == ["Essay 2"]
    assert course.calendar.next_fetch_at == course.now + INTERVAL


def test_a_server_is_asked_for_what_has_changed_and_for_all_of_it_once_a_day(course: Course) -> None:
    course.events = None
    for _ in range(7):
        course.tick(INTERVAL)
    assert course.asked == [(None, None), *[("tag", "Monday")] * 5, (None, None), (None, None)]
    course.events = [ESSAY]
    for _ in range(2):
        course.tick(INTERVAL)
    assert course.asked[-2:] == [(None, None), ("tag", "Monday")]


def test_a_failure_is_tried_again_after_an_hour_then_two_up_to_a_day_and_success_ends_that(course: Course) -> None:
    course.fails = "It cannot be reached."
    course.tick(INTERVAL)
    waits = []
    for _ in range(7):
        assert course.calendar.next_fetch_at
        waits.append((course.calendar.next_fetch_at - course.now) / HOUR)
        course.tick(course.calendar.next_fetch_at - course.now)
    assert waits == [1, 2, 4, 8, 16, 24, 24]
    assert (course.calendar.failures, course.calendar.error) == (8, "It cannot be reached.")
    course.fails = None
    assert course.refresh(EXAM).next_fetch_at == course.now + INTERVAL  # at once, before its turn
    assert (course.calendar.failures, course.calendar.error) == (0, None)


@given(st.integers(1, 10_000))
def test_no_failure_makes_a_calendar_wait_for_more_than_a_day(failures: int) -> None:
    assert HOUR <= retry_after(failures) <= timedelta(days=1)


def test_what_was_unsubscribed_is_not_fetched_and_leaves_the_schedule(course: Course) -> None:
    course.service().unsubscribe("ada", course.calendar.id, lambda: True, delete_tasks=False)
    assert course.tick(INTERVAL) == 1
    assert (len(course.asked), course.schedule.entries) == (1, {})


def test_a_subscription_that_is_made_while_an_older_one_leaves_the_schedule_stays_in_it(course: Course) -> None:
    course.service().unsubscribe("ada", course.calendar.id, lambda: True, delete_tasks=False)
    course.now += INTERVAL
    (due,) = course.schedule.due(course.now)
    course.subscribe()
    course.schedule.drop(due)
    assert len(course.schedule.entries) == 1


def test_a_request_that_comes_twice_or_late_is_done_once(course: Course) -> None:
    course.now += INTERVAL
    (due,) = course.schedule.due(course.now)
    for _ in range(3):
        course.service().fetch_due(due, lambda: True)
    assert len(course.asked) == 2
    (entry,) = course.schedule.entries.values()
    assert entry.at == course.calendar.next_fetch_at


def test_a_turn_that_was_not_moved_because_its_process_died_is_moved_and_not_fetched_again(course: Course) -> None:
    course.events = None
    with pytest.raises(Killed):
        course.tick(INTERVAL, calls=2)  # it is stored that the calendar was fetched, and no more
    assert [course.tick(), course.tick()] == [1, 0]
    assert len(course.asked) == 2


def test_what_kills_its_process_counts_as_a_failure_and_one_that_was_fetched_since_does_not(course: Course) -> None:
    course.now += INTERVAL
    (due,) = course.schedule.due(course.now)
    for _ in range(2):
        course.service().give_up(due)
        assert (course.calendar.failures, course.calendar.error) == (1, NOT_READ)
    assert course.tick() == 0
    course.service().unsubscribe("ada", due.calendar_id, lambda: True, delete_tasks=False)
    course.service().give_up(due)
    assert course.calendars.stored == {}


@pytest.mark.parametrize("tasks", [0, 1, 70, 199])
def test_what_there_is_no_time_for_comes_with_the_next_turns(tasks: int) -> None:
    course = Course(*(CalendarEvent(f"{number}", f"{number}", None, DUE) for number in range(MAX_EVENTS)))
    calendar = course.subscribe(has_time=budget(tasks))
    assert (calendar.events, len(course.tasks()), calendar.incomplete) == (tasks, tasks, True)
    assert calendar.next_fetch_at == course.now
    assert course.tick() == 1
    assert (course.calendar.events, len(course.tasks()), course.calendar.incomplete) == (MAX_EVENTS, MAX_EVENTS, False)
    assert len(course.asked) == 1
    course.events = []
    course.now += PAUSE
    half = course.service().refresh("ada", calendar.id, budget(100))
    assert (half.events, len(course.tasks())) == (100, 100)
    course.tick()
    assert (course.calendar.events, course.tasks()) == (0, [])


def test_a_subscription_that_ends_before_all_was_taken_over_takes_all_of_its_tasks_along() -> None:
    course = Course(ESSAY, EXAM)
    for calls in count():
        course = Course(ESSAY, EXAM)
        try:
            course.subscribe(calls)
            break
        except Killed:
            if not course.calendars.stored:
                continue
        if course.calendar.incomplete:
            with pytest.raises(UnavailableError):
                course.service().unsubscribe("ada", course.calendar.id, budget(0), delete_tasks=True)
        course.service().unsubscribe("ada", course.calendar.id, lambda: True, delete_tasks=True)
        assert (course.tasks(), course.calendars.events) == ([], {})
    assert calls > 4


def test_a_subscription_that_is_killed_at_any_call_is_completed_by_the_schedule_or_was_not_made() -> None:
    for calls in count():
        course = Course(ESSAY, EXAM)
        try:
            course.subscribe(calls)
            break
        except Killed:
            course.tick(PAUSE)
            assert len(course.tasks()) in ({2} if course.calendars.stored else {0})
            assert course.schedule.entries.keys() == course.calendars.stored.keys()
    assert calls > 4


def test_a_fetch_that_is_killed_at_any_call_loses_nothing_that_is_published_later() -> None:
    second, third = replace(ESSAY, title="2", due=DUE + HOUR), replace(ESSAY, title="3", description="Three")
    for calls in count():
        course = Course(ESSAY)
        course.subscribe()
        course.events = [second, EXAM]
        try:
            course.tick(INTERVAL, calls)
            break
        except Killed:
            course.tick(PAUSE)
            course.events = [third]
            course.tick(INTERVAL)
            assert rows(course.tasks()) == [("3", "Three", DUE, ())]
    assert calls > 6


def assert_no_turn_is_late(course: Course) -> None:
    (entry,) = course.schedule.entries.values()
    assert course.calendar.next_fetch_at
    assert entry.at <= course.calendar.next_fetch_at


@pytest.mark.parametrize("fails", [None, "It cannot be reached."])
def test_a_refresh_that_is_killed_at_any_call_leaves_no_turn_that_is_late(fails: str | None) -> None:
    for calls in count():
        course = Course(ESSAY)
        course.subscribe()
        course.fails = fails
        try:
            course.refresh(EXAM, calls=calls)
            break
        except Killed:
            assert_no_turn_is_late(course)
    assert calls > 2


TEXTS = st.sampled_from(["Essay", "Draft", "Final"])
EVENTS = st.builds(CalendarEvent, st.just("a"), TEXTS, TEXTS, st.sampled_from([DUE, DUE + HOUR, DUE.date()]))
STEPS = st.one_of(EVENTS, st.just("edit"), st.integers(0, 12))


@given(st.lists(STEPS, max_size=8))
def test_whatever_is_published_edited_and_killed_each_field_is_the_calendars_or_its_owners(steps: list[Any]) -> None:
    course = Course(ESSAY)
    course.subscribe()
    last, title = ESSAY, None
    for step in steps:
        if isinstance(step, CalendarEvent):
            last = step
            course.events = [step]
        elif step == "edit":
            title = "Mine"
            course.edit(title=title)
        else:
            with suppress(Killed):
                course.tick(INTERVAL, step)
        assert_no_turn_is_late(course)
    for _ in range(2):  # what was read before, and then what is there
        course.tick(INTERVAL)
    assert rows(course.tasks()) == [(title or last.title, last.description, last.due, ())]
    assert [entry.at for entry in course.schedule.entries.values()] == [course.calendar.next_fetch_at]


def test_two_processes_that_take_over_the_same_end_as_one() -> None:
    for calls in range(30):
        course = Course(ESSAY)
        course.subscribe()
        course.events = [replace(ESSAY, title="2"), EXAM]
        other = course.service()
        take, read = course.calendars.save, course.calendar.version + 1

        def save(calendar: Any, following: Any = None, take: Any = take, read: int = read, other: Any = other) -> bool:
            stored: bool = take(calendar, following)
            if calendar.version == read:  # what was read is stored: now the other one goes on with it
                other.fetch_due(DueFetch(calendar.id, "ada", "", NOW), lambda: True)
            return stored

        course.calendars.save = save  # type: ignore[method-assign]
        course.now += INTERVAL
        try:
            course.service(calls).refresh("ada", course.calendar.id, lambda: True)
        except Killed:
            course.tick(PAUSE)
        assert sorted(task.title for task in course.tasks()) == ["2", "Exam"]
        assert not course.calendar.incomplete


@dataclass
class Requests:
    """`FetchRequests` in a list, whose queue has room for so many."""

    room: int = 1_000
    sent: list[DueFetch] = field(default_factory=list)

    def send(self, due: Sequence[DueFetch]) -> int:
        assert 0 < len(due) <= 10
        accepted = due[: max(0, self.room - len(self.sent))]
        self.sent += accepted
        return len(accepted)


def entries(number: int) -> InMemoryFetchSchedule:
    due = (DueFetch(f"{each:032x}", "ada", "h", NOW - each * HOUR) for each in range(-2, number - 2))
    return InMemoryFetchSchedule({each.calendar_id: each for each in due})


def test_all_that_is_due_is_asked_for_the_longest_waiting_first() -> None:
    requests = Requests()
    assert ScheduledFetches(entries(27), requests, lambda: NOW).request_due(lambda: True) == 25
    assert [due.at for due in requests.sent] == sorted(NOW - each * HOUR for each in range(25))


@pytest.mark.parametrize(("time", "room", "expected"), [(0, 99, 0), (2, 99, 20), (99, 7, 7)])
def test_what_there_is_no_time_or_room_for_stays_due(time: int, room: int, expected: int) -> None:
    schedule, requests = entries(27), Requests(room)
    assert ScheduledFetches(schedule, requests, lambda: NOW).request_due(budget(time)) == expected
    assert len(list(schedule.due(NOW))) == 25


def test_a_request_is_the_same_after_it_was_a_message() -> None:
    course = Course(ESSAY)
    course.subscribe()
    (due,) = course.schedule.due(NOW + INTERVAL)
    assert due.host == "calendar.example"
    assert due_fetch_from_dict(due_fetch_to_dict(due)) == due
