"""A calendar's changes follow, what its owner edited stays, and nothing is made twice."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taskbell.application.calendar_following import (
    GONE_LABEL,
    CalendarFetchError,
    CalendarFollowing,
    FetchedCalendar,
)
from taskbell.application.task_changes import change
from taskbell.domain.commands import UpdateTask
from taskbell.domain.exceptions import InvalidInputError, LimitExceededError, NotFoundError
from taskbell.domain.profile import Profile
from taskbell.domain.subscribed_calendar import MAX_CALENDARS, PAUSE, CalendarEvent, Followed, SubscribedCalendar
from taskbell.domain.task import Task, TaskStatus, soft_deleted, with_details, with_status
from tests.support.examples import NOW
from tests.support.fakes import InMemoryProfileRepository, InMemoryTaskRepository

URL = "https://calendar.example/a.ics"
DUE = datetime(2027, 1, 15, 17, tzinfo=UTC)
ESSAY = CalendarEvent("a", "Essay", "Two pages", DUE)
FIELDS = ("title", "description", "due")


class Killed(Exception):
    """The process is gone."""


@dataclass
class Calendars:
    """`SubscriptionRepository` in dicts."""

    stored: dict[str, SubscribedCalendar] = field(default_factory=dict)
    events: dict[str, Mapping[str, Followed]] = field(default_factory=dict)

    def of_owner(self, owner_id: str) -> Sequence[SubscribedCalendar]:
        return [calendar for calendar in self.stored.values() if calendar.owner_id == owner_id]

    def followed(self, calendar: SubscribedCalendar) -> Mapping[str, Followed]:
        return self.events.get(calendar.id, {})

    def save(self, calendar: SubscribedCalendar, followed: Mapping[str, Followed] | None = None) -> bool:
        if followed is not None:
            self.events[calendar.id] = followed
        before = self.stored.get(calendar.id)
        if (before.version if before else 0) != calendar.version - 1:
            return False
        self.stored[calendar.id] = calendar
        return True

    def remove(self, calendar: SubscribedCalendar) -> None:
        self.events.pop(calendar.id, None)
        self.stored.pop(calendar.id, None)


class Settings:
    def deleted_task_retention(self) -> timedelta:
        return timedelta(days=30)

    def notification_retention(self) -> timedelta:
        return timedelta(days=90)


@dataclass
class Dying:
    """A port whose process is killed before its nth call."""

    port: Any
    left: list[int]

    def __getattr__(self, name: str) -> Any:
        def call(*arguments: Any, **named: Any) -> Any:
            if not self.left[0]:
                raise Killed
            self.left[0] -= 1
            return getattr(self.port, name)(*arguments, **named)

        return call


class Rig:
    """A course's calendar, and one owner who follows it."""

    def __init__(self, *events: CalendarEvent) -> None:
        self.calendars, self.store = Calendars(), InMemoryTaskRepository()
        self.profiles = InMemoryProfileRepository()
        self.profiles.save(Profile("ada", "Europe/Vienna"))
        self.events: Sequence[CalendarEvent] | None = events
        self.fails: str | None = None
        self.now, self.bits = NOW, count(1)

    def fetch(self, url: str, etag: str | None, modified: str | None) -> FetchedCalendar | None:
        if self.fails:
            raise CalendarFetchError(self.fails)
        return None if self.events is None else FetchedCalendar(b"", "tag")

    def service(self, calls: int = 1_000_000) -> CalendarFollowing:
        left = [calls]
        return CalendarFollowing(
            Dying(self.calendars, left),
            self,
            lambda _content, _now: self.events or (),
            Dying(self.store, left),
            self.profiles,
            Settings(),
            lambda: self.now,
            lambda: str(UUID(int=next(self.bits))),
        )

    def subscribe(self) -> SubscribedCalendar:
        return self.service().subscribe("ada", URL, "History")

    def refresh(self, *events: CalendarEvent, calls: int = 1_000_000) -> SubscribedCalendar:
        self.events = events
        self.now += PAUSE
        (calendar,) = self.calendars.stored.values()
        return self.service(calls).refresh("ada", calendar.id)

    def edit(self, **changes: Any) -> None:
        (task,) = self.tasks()
        change(self.store, UpdateTask("ada", task.id), lambda task: with_details(task, changes, self.now))

    def set(self, status: TaskStatus) -> None:
        (task,) = self.tasks()
        change(self.store, UpdateTask("ada", task.id), lambda task: with_status(task, status, self.now))

    def tasks(self) -> list[Task]:
        return sorted((task for task in self.store.tasks.values() if not task.deleted), key=lambda task: task.id)


@pytest.fixture
def rig() -> Rig:
    rig = Rig(ESSAY)
    rig.subscribe()
    return rig


def values(task: Task) -> tuple[object, ...]:
    return task.title, task.description, task.due_on or task.due_at


def test_events_become_tasks_with_the_owners_defaults(rig: Rig) -> None:
    (task,) = rig.tasks()
    assert values(task) == ("Essay", "Two pages", DUE)
    assert task.time_zone == "Europe/Vienna"
    (calendar,) = rig.calendars.stored.values()
    assert (calendar.events, calendar.etag, calendar.error) == (1, "tag", None)


def test_subscribing_again_is_no_second_subscription(rig: Rig) -> None:
    rig.subscribe()
    assert (len(rig.calendars.stored), len(rig.tasks())) == (1, 1)


def test_what_changes_follows_and_what_was_edited_stays(rig: Rig) -> None:
    rig.edit(title="My essay")
    later = CalendarEvent("a", "Essay 2", "Three pages", DUE + timedelta(days=1))
    rig.refresh(later)
    (task,) = rig.tasks()
    assert values(task) == ("My essay", "Three pages", later.due)
    rig.refresh(replace(later, title="Essay 3", description="Four", due=date(2027, 1, 20)))
    (task,) = rig.tasks()
    assert values(task) == ("My essay", "Four", date(2027, 1, 20))


TEXTS = st.sampled_from(["Essay", "Draft", "Final"])
DUES = st.sampled_from([DUE, DUE + timedelta(days=2), date(2027, 1, 15)])
EDITS = st.one_of(
    st.tuples(st.just("title"), TEXTS), st.tuples(st.just("description"), TEXTS), st.tuples(st.just("due_at"), DUES)
)
STEPS = st.lists(st.one_of(EDITS, st.builds(CalendarEvent, st.just("a"), TEXTS, TEXTS, DUES)), max_size=8)


@given(STEPS)
def test_each_field_is_what_the_calendar_says_until_its_owner_edits_it(steps: list[Any]) -> None:
    rig = Rig(ESSAY)
    rig.subscribe()
    event, expected = ESSAY, {"title": "Essay", "description": "Two pages", "due": DUE}
    for step in steps:
        if isinstance(step, CalendarEvent):
            before = {name: getattr(event, name) for name in FIELDS}
            expected |= {name: getattr(step, name) for name in FIELDS if expected[name] == before[name]}
            event = step
            rig.refresh(step)
        else:
            name, value = step
            expected["due" if name == "due_at" else name] = value
            rig.edit(**{name: value})
        (task,) = rig.tasks()
        assert values(task) == tuple(expected[name] for name in FIELDS)


def test_what_leaves_the_calendar_untouched_is_deleted_and_comes_back_with_it(rig: Rig) -> None:
    assert rig.refresh().events == 0
    assert rig.tasks() == []
    rig.refresh(replace(ESSAY, title="Essay again"))
    (task,) = rig.tasks()
    assert task.title == "Essay again"


@pytest.mark.parametrize("touched", ["title", "started"])
def test_what_leaves_the_calendar_after_its_owner_touched_it_is_kept_and_marked(rig: Rig, touched: str) -> None:
    if touched == "title":
        rig.edit(title="Mine")
    else:
        rig.set(TaskStatus.IN_PROGRESS)
    rig.refresh()
    rig.refresh()
    (task,) = rig.tasks()
    assert task.labels == (GONE_LABEL,)
    rig.refresh(ESSAY)
    (task,) = rig.tasks()
    assert task.labels == ()


def test_what_is_completed_stays_as_it_is(rig: Rig) -> None:
    rig.set(TaskStatus.COMPLETED)
    (done,) = rig.tasks()
    rig.refresh()
    assert rig.tasks() == [done]


def test_what_is_over_and_leaves_the_calendar_stays(rig: Rig) -> None:
    rig.now = DUE + timedelta(days=1)
    rig.refresh()
    (task,) = rig.tasks()
    assert task.labels == ()


def test_what_its_owner_deleted_does_not_come_back(rig: Rig) -> None:
    (task,) = rig.tasks()
    rig.store.replace(task, soft_deleted(task, rig.now, timedelta(days=30)))
    rig.refresh(replace(ESSAY, title="Essay 2"))
    assert rig.tasks() == []


def test_a_calendar_that_is_as_it_was_changes_nothing(rig: Rig) -> None:
    before = rig.tasks()
    rig.refresh(ESSAY)
    rig.events, rig.now = None, rig.now + PAUSE
    (calendar,) = rig.calendars.stored.values()
    assert rig.service().refresh("ada", calendar.id).checked_at == rig.now
    assert rig.tasks() == before


@pytest.mark.parametrize("steps", [((replace(ESSAY, title="2", due=date(2027, 2, 1)),), ()), ((), (ESSAY,))])
def test_a_refresh_that_is_killed_at_any_call_ends_as_if_it_had_not_been(steps: Any) -> None:
    whole = Rig(ESSAY)
    whole.subscribe()
    for events in steps:
        whole.refresh(*events)
    for calls in count():
        rig = Rig(ESSAY)
        rig.subscribe()
        died = False
        for events in steps:
            try:
                rig.refresh(*events, calls=calls)
            except Killed:
                died = True
                rig.refresh(*events)
        assert [values(task) for task in rig.tasks()] == [values(task) for task in whole.tasks()]
        assert len(rig.store.tasks) == 1
        if not died:
            break
    assert calls > 4


def test_a_subscription_that_is_killed_at_any_call_makes_each_task_once() -> None:
    for calls in count():
        rig = Rig(ESSAY, replace(ESSAY, id="b"))
        try:
            rig.service(calls).subscribe("ada", URL, "History")
            break
        except Killed:
            rig.subscribe()
            rig.refresh(*rig.events or ())
            assert len(rig.store.tasks) == 2
    assert calls > 4


def test_a_failure_is_shown_and_the_next_success_ends_it(rig: Rig) -> None:
    rig.fails = "It cannot be reached."
    assert [rig.refresh(ESSAY).failures for _ in range(2)] == [1, 2]
    (calendar,) = rig.calendars.stored.values()
    assert (calendar.error, len(rig.tasks())) == ("It cannot be reached.", 1)
    rig.fails = None
    assert (rig.refresh(ESSAY).failures, rig.refresh(ESSAY).error) == (0, None)


def test_a_calendar_is_not_fetched_twice_in_a_minute(rig: Rig) -> None:
    (calendar,) = rig.calendars.stored.values()
    rig.fails = "It was asked."
    assert rig.service().refresh("ada", calendar.id) == calendar


def test_what_cannot_be_fetched_is_not_subscribed_to() -> None:
    rig = Rig()
    rig.fails = "There is no such host."
    with pytest.raises(InvalidInputError, match="no such host") as refused:
        rig.subscribe()
    assert refused.value.field == ("url",)
    assert rig.calendars.stored == {}


def test_there_are_not_more_calendars_than_may_be(rig: Rig) -> None:
    for number in range(MAX_CALENDARS - 1):
        rig.service().subscribe("ada", f"{URL}?{number}", "x")
    with pytest.raises(LimitExceededError):
        rig.service().subscribe("ada", f"{URL}?more", "x")


@pytest.mark.parametrize(("delete", "left"), [(True, ["b"]), (False, ["Essay", "b"])])
def test_the_end_of_a_subscription_says_what_becomes_of_its_tasks(delete: bool, left: list[str]) -> None:
    rig = Rig(ESSAY, replace(ESSAY, id="b"))
    calendar = rig.subscribe()
    _, other = rig.tasks()
    change(rig.store, UpdateTask("ada", other.id), lambda task: with_details(task, {"title": "b"}, NOW))
    for owner_id in ("grace", "ada"):
        if owner_id == "grace":
            with pytest.raises(NotFoundError):
                rig.service().unsubscribe(owner_id, calendar.id, delete_tasks=delete)
        else:
            rig.service().unsubscribe(owner_id, calendar.id, delete_tasks=delete)
    assert sorted(task.title for task in rig.tasks()) == left
    assert (rig.calendars.stored, rig.calendars.events) == ({}, {})
