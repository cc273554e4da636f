"""A course's calendar and those who follow it, with stores in memory and processes that can be killed."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID

from taskbell.application.calendar_following import CalendarFetchError, CalendarFollowing, FetchedCalendar
from taskbell.application.calendar_tasks import CalendarTasks
from taskbell.application.task_changes import change
from taskbell.domain.commands import UpdateTask
from taskbell.domain.profile import Profile
from taskbell.domain.subscribed_calendar import PAUSE, CalendarEvent, DueFetch, Following, SubscribedCalendar
from taskbell.domain.task import Task, TaskStatus, with_details, with_status
from tests.support.examples import NOW
from tests.support.fakes import InMemoryProfileRepository, InMemoryTaskRepository

URL = "https://calendar.example/a.ics"
ENDLESS = 1_000_000


@dataclass
class InMemorySubscriptions:
    """`SubscriptionRepository` in dicts."""

    stored: dict[str, SubscribedCalendar] = field(default_factory=dict)
    events: dict[str, Following] = field(default_factory=dict)

    def of_owner(self, owner_id: str) -> Sequence[SubscribedCalendar]:
        own = [calendar for calendar in self.stored.values() if calendar.owner_id == owner_id]
        return sorted(own, key=lambda calendar: (calendar.created_at, calendar.id))

    def get(self, owner_id: str, id_: str) -> SubscribedCalendar | None:
        found = self.stored.get(id_)
        return found if found and found.owner_id == owner_id else None

    def following(self, calendar: SubscribedCalendar) -> Following:
        return self.events.get(calendar.id, Following())

    def save(self, calendar: SubscribedCalendar, following: Following | None = None) -> bool:
        before = self.stored.get(calendar.id)
        if (before.version if before else 0) != calendar.version - 1:
            return before == calendar
        self.stored[calendar.id] = calendar
        if following is not None:
            self.events[calendar.id] = following
        return True

    def remove(self, calendar: SubscribedCalendar) -> None:
        self.events.pop(calendar.id, None)
        self.stored.pop(calendar.id, None)


@dataclass
class InMemoryFetchSchedule:
    """`FetchSchedule` and `DueFetches` in a dict."""

    entries: dict[str, DueFetch] = field(default_factory=dict)

    def set(self, calendar: SubscribedCalendar) -> None:
        if calendar.next_fetch_at:
            entry = DueFetch(calendar.id, calendar.owner_id, calendar.host, calendar.next_fetch_at)
            self.entries[calendar.id] = entry

    def drop(self, due: DueFetch) -> None:
        if self.entries.get(due.calendar_id) == due:
            del self.entries[due.calendar_id]

    def due(self, now: datetime) -> Iterator[DueFetch]:
        yield from sorted((each for each in self.entries.values() if each.at <= now), key=lambda each: each.at)


class Killed(Exception):
    """The process is gone."""


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


class Settings:
    """`SettingsSource` of a new stage."""

    def deleted_task_retention(self) -> timedelta:
        return timedelta(days=30)

    def notification_retention(self) -> timedelta:
        return timedelta(days=90)


class Course:
    """A course's calendar, and one owner who follows it."""

    def __init__(self, *events: CalendarEvent) -> None:
        self.calendars, self.schedule = InMemorySubscriptions(), InMemoryFetchSchedule()
        self.store, self.profiles = InMemoryTaskRepository(), InMemoryProfileRepository()
        self.profiles.save(Profile("ada", "Europe/Vienna"))
        self.events: Sequence[CalendarEvent] | None = events
        self.fails: str | None = None
        self.asked: list[tuple[str | None, str | None]] = []
        self.now, self.bits = NOW, count(1)

    def fetch(self, url: str, etag: str | None, modified: str | None) -> FetchedCalendar | None:
        """Answer as the course's server; None if nothing was published since."""
        self.asked.append((etag, modified))
        if self.fails:
            raise CalendarFetchError(self.fails)
        return None if self.events is None else FetchedCalendar(b"", "tag", "Monday")

    def service(self, calls: int = ENDLESS) -> CalendarFollowing:
        """Return the use cases in a process that is killed before its nth call."""
        left = [calls]
        tasks = CalendarTasks(
            Dying(self.store, left), Settings(), lambda: self.now, lambda: str(UUID(int=next(self.bits)))
        )
        return CalendarFollowing(
            Dying(self.calendars, left),
            Dying(self.schedule, left),
            self,
            lambda _content, _now: self.events or (),
            tasks,
            self.profiles,
            lambda: self.now,
        )

    def subscribe(self, calls: int = ENDLESS, has_time: Callable[[], bool] = lambda: True) -> SubscribedCalendar:
        return self.service(calls).subscribe("ada", URL, "History", has_time)

    @property
    def calendar(self) -> SubscribedCalendar:
        (calendar,) = self.calendars.stored.values()
        return calendar

    def refresh(self, *events: CalendarEvent, calls: int = ENDLESS) -> SubscribedCalendar:
        """Publish these events, and have the owner ask for them a minute later."""
        self.events = events
        self.now += PAUSE
        return self.service(calls).refresh("ada", self.calendar.id, lambda: True)

    def tick(self, passed: timedelta = timedelta(), calls: int = ENDLESS) -> int:
        """Let time pass, and fetch what is due; return how much that was."""
        self.now += passed
        due = list(self.schedule.due(self.now))
        for each in due:
            self.service(calls).fetch_due(each, lambda: True)
        return len(due)

    def edit(self, **changes: Any) -> None:
        """Change the only task as its owner."""
        (task,) = self.tasks()
        change(self.store, UpdateTask("ada", task.id), lambda task: with_details(task, changes, self.now))

    def set(self, status: TaskStatus) -> None:
        """Change the status of the only task as its owner."""
        (task,) = self.tasks()
        change(self.store, UpdateTask("ada", task.id), lambda task: with_status(task, status, self.now))

    def tasks(self) -> list[Task]:
        """Return the tasks that are not deleted."""
        return sorted((task for task in self.store.tasks.values() if not task.deleted), key=lambda task: task.id)


def rows(tasks: Sequence[Task]) -> list[tuple[object, ...]]:
    """Return what a calendar says of tasks."""
    return [(task.title, task.description, task.due_on or task.due_at, task.labels) for task in tasks]
