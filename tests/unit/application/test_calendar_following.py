"""A calendar's changes follow, what its owner edited stays, and nothing is made twice."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taskbell.application.calendar_tasks import GONE_LABEL
from taskbell.application.task_changes import change
from taskbell.domain.commands import UpdateTask
from taskbell.domain.exceptions import InvalidInputError, LimitExceededError, NotFoundError
from taskbell.domain.subscribed_calendar import MAX_CALENDARS, PAUSE, CalendarEvent
from taskbell.domain.task import Task, TaskStatus, soft_deleted, with_details
from tests.support.calendars import URL, Course, Killed
from tests.support.examples import NOW

DUE = datetime(2027, 1, 15, 17, tzinfo=UTC)
ESSAY = CalendarEvent("a", "Essay", "Two pages", DUE)
FIELDS = ("title", "description", "due")


@pytest.fixture
def course() -> Course:
    course = Course(ESSAY)
    course.subscribe()
    return course


def always() -> bool:
    return True


def values(task: Task) -> tuple[object, ...]:
    return task.title, task.description, task.due_on or task.due_at


def test_events_become_tasks_with_the_owners_defaults(course: Course) -> None:
    (task,) = course.tasks()
    assert values(task) == ("Essay", "Two pages", DUE)
    assert task.time_zone == "Europe/Vienna"
    assert (course.calendar.events, course.calendar.etag, course.calendar.error) == (1, "tag", None)


def test_subscribing_again_is_no_second_subscription(course: Course) -> None:
    course.subscribe()
    assert (len(course.calendars.stored), len(course.tasks())) == (1, 1)


def test_what_changes_follows_and_what_was_edited_stays(course: Course) -> None:
    course.edit(title="My essay")
    later = CalendarEvent("a", "Essay 2", "Three pages", DUE + timedelta(days=1))
    course.refresh(later)
    (task,) = course.tasks()
    assert values(task) == ("My essay", "Three pages", later.due)
    course.refresh(replace(later, title="Essay 3", description="Four", due=date(2027, 1, 20)))
    (task,) = course.tasks()
    assert values(task) == ("My essay", "Four", date(2027, 1, 20))


TEXTS = st.sampled_from(["Essay", "Draft", "Final"])
DUES = st.sampled_from([DUE, DUE + timedelta(days=2), date(2027, 1, 15)])
EDITS = st.one_of(
    st.tuples(st.just("title"), TEXTS), st.tuples(st.just("description"), TEXTS), st.tuples(st.just("due_at"), DUES)
)
STEPS = st.lists(st.one_of(EDITS, st.builds(CalendarEvent, st.just("a"), TEXTS, TEXTS, DUES)), max_size=8)


@given(STEPS)
def test_each_field_is_what_the_calendar_says_until_its_owner_edits_it(steps: list[Any]) -> None:
    course = Course(ESSAY)
    course.subscribe()
    event, expected = ESSAY, {"title": "Essay", "description": "Two pages", "due": DUE}
    for step in steps:
        if isinstance(step, CalendarEvent):
            before = {name: getattr(event, name) for name in FIELDS}
            expected |= {name: getattr(step, name) for name in FIELDS if expected[name] == before[name]}
            event = step
            course.refresh(step)
        else:
            name, value = step
            expected["due" if name == "due_at" else name] = value
            course.edit(**{name: value})
        (task,) = course.tasks()
        assert values(task) == tuple(expected[name] for name in FIELDS)


def test_what_leaves_the_calendar_untouched_is_deleted_and_comes_back_with_it(course: Course) -> None:
    assert course.refresh().events == 0
    assert course.tasks() == []
    course.refresh(replace(ESSAY, title="Essay again"))
    (task,) = course.tasks()
    assert task.title == "Essay again"


@pytest.mark.parametrize("touched", ["title", "started"])
def test_what_leaves_the_calendar_after_its_owner_touched_it_is_kept_and_marked(course: Course, touched: str) -> None:
    if touched == "title":
        course.edit(title="Mine")
    else:
        course.set(TaskStatus.IN_PROGRESS)
    course.refresh()
    course.refresh()
    (task,) = course.tasks()
    assert task.labels == (GONE_LABEL,)
    course.refresh(ESSAY)
    (task,) = course.tasks()
    assert task.labels == ()


def test_what_is_completed_stays_as_it_is(course: Course) -> None:
    course.set(TaskStatus.COMPLETED)
    (done,) = course.tasks()
    course.refresh()
    assert course.tasks() == [done]


@pytest.mark.parametrize("later", [ESSAY, replace(ESSAY, title="Essay 2", due=date(2027, 1, 20))])
def test_tasks_that_went_with_a_subscription_come_back_with_the_next_one(course: Course, later: CalendarEvent) -> None:
    course.service().unsubscribe("ada", course.calendar.id, always, delete_tasks=True)
    course.events = [later]
    assert course.subscribe().events == 1
    (task,) = course.tasks()
    assert values(task) == (later.title, later.description, later.due)
    course.refresh(replace(later, title="Essay 3"))
    (task,) = course.tasks()
    assert task.title == "Essay 3"


def test_what_is_over_and_leaves_the_calendar_stays(course: Course) -> None:
    course.now = DUE + timedelta(days=1)
    course.refresh()
    (task,) = course.tasks()
    assert task.labels == ()


def test_what_its_owner_deleted_does_not_come_back(course: Course) -> None:
    (task,) = course.tasks()
    course.store.replace(task, soft_deleted(task, course.now, timedelta(days=30)))
    course.refresh(replace(ESSAY, title="Essay 2"))
    assert course.tasks() == []


def test_a_calendar_that_is_as_it_was_changes_nothing(course: Course) -> None:
    before = course.tasks()
    course.refresh(ESSAY)
    course.events, course.now = None, course.now + PAUSE
    assert course.service().refresh("ada", course.calendar.id, always).checked_at == course.now
    assert course.tasks() == before


@pytest.mark.parametrize("steps", [((replace(ESSAY, title="2", due=date(2027, 2, 1)),), ()), ((), (ESSAY,))])
def test_a_refresh_that_is_killed_at_any_call_ends_as_if_it_had_not_been(steps: Any) -> None:
    whole = Course(ESSAY)
    whole.subscribe()
    for events in steps:
        whole.refresh(*events)
    for calls in count():
        course = Course(ESSAY)
        course.subscribe()
        died = False
        for events in steps:
            try:
                course.refresh(*events, calls=calls)
            except Killed:
                died = True
                course.refresh(*events)
        assert [values(task) for task in course.tasks()] == [values(task) for task in whole.tasks()]
        assert len(course.store.tasks) == 1
        if not died:
            break
    assert calls > 4


def test_a_subscription_that_is_killed_at_any_call_makes_each_task_once() -> None:
    for calls in count():
        course = Course(ESSAY, replace(ESSAY, id="b"))
        try:
            course.subscribe(calls)
            break
        except Killed:
            course.subscribe()
            course.refresh(*course.events or ())
            assert len(course.store.tasks) == 2
    assert calls > 4


def test_a_failure_is_shown_and_the_next_success_ends_it(course: Course) -> None:
    course.fails = "It cannot be reached."
    assert [course.refresh(ESSAY).failures for _ in range(2)] == [1, 2]
    assert (course.calendar.error, len(course.tasks())) == ("It cannot be reached.", 1)
    course.fails = None
    assert (course.refresh(ESSAY).failures, course.refresh(ESSAY).error) == (0, None)


def test_a_calendar_is_not_fetched_twice_in_a_minute(course: Course) -> None:
    course.fails = "It was asked."
    assert course.service().refresh("ada", course.calendar.id, always) == course.calendar


def test_what_cannot_be_fetched_is_not_subscribed_to() -> None:
    course = Course()
    course.fails = "There is no such host."
    with pytest.raises(InvalidInputError, match="no such host") as refused:
        course.subscribe()
    assert refused.value.field == ("url",)
    assert course.calendars.stored == {}


def test_there_are_not_more_calendars_than_may_be(course: Course) -> None:
    for number in range(MAX_CALENDARS - 1):
        course.service().subscribe("ada", f"{URL}?{number}", "x", always)
    with pytest.raises(LimitExceededError):
        course.service().subscribe("ada", f"{URL}?more", "x", always)


@pytest.mark.parametrize(("delete", "left"), [(True, ["b"]), (False, ["Essay", "b"])])
def test_the_end_of_a_subscription_says_what_becomes_of_its_tasks(delete: bool, left: list[str]) -> None:
    course = Course(ESSAY, replace(ESSAY, id="b"))
    calendar = course.subscribe()
    _, other = course.tasks()
    change(course.store, UpdateTask("ada", other.id), lambda task: with_details(task, {"title": "b"}, NOW))
    for owner_id in ("grace", "ada"):
        if owner_id == "grace":
            with pytest.raises(NotFoundError):
                course.service().unsubscribe(owner_id, calendar.id, always, delete_tasks=delete)
        else:
            course.service().unsubscribe(owner_id, calendar.id, always, delete_tasks=delete)
    assert sorted(task.title for task in course.tasks()) == left
    assert (course.calendars.stored, course.calendars.events) == ({}, {})
