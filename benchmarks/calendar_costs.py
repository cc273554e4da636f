"""What subscribed calendars cost: a subscription, and fetches by the schedule, without the pipeline of each task."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from benchmarks.metered_table import Used
from benchmarks.pipeline_in_memory import Service, service
from resolvers import follow_calendars
from taskbell import bootstrap
from taskbell.adapters.dynamodb.fetch_schedule import DynamoDBFetchSchedule
from taskbell.api.icalendar_feed import calendar_of
from taskbell.application.calendar_following import CalendarFetchError, FetchedCalendar
from taskbell.domain.subscribed_calendar import INTERVAL, MAX_EVENTS, PAUSE
from tests.support.examples import NOW, example_task
from tests.support.lambdas import ADA, appsync_event, call

DUE = NOW + timedelta(days=7)
TEXT = "What the teacher said about it. " * 4


@dataclass
class School:
    """Publishes a calendar of so many events."""

    titles: list[str] = field(default_factory=lambda: [f"Essay {number}" for number in range(MAX_EVENTS)])
    fails: bool = False
    unchanged: bool = False

    def fetch(self, *_: Any) -> FetchedCalendar | None:
        """Answer as its server."""
        if self.fails:
            raise CalendarFetchError("It cannot be reached.")
        tasks = [
            example_task(id=f"{number}", title=title, description=TEXT, due_at=DUE)
            for number, title in enumerate(self.titles)
        ]
        return None if self.unchanged else FetchedCalendar(calendar_of(tasks), '"1"')


def calendars() -> Iterator[tuple[str, Used]]:
    """Yield what each operation on a calendar of 200 events costs."""
    school = School()
    with service() as running:
        bootstrap.provide(calendar_fetcher=school)
        given = {"input": {"url": "https://school.example/a.ics", "name": "History"}}
        call(follow_calendars.handler, appsync_event("Mutation", "subscribeCalendar", given, ADA))
        yield f"subscribing, {MAX_EVENTS} new events", running.used()
        school.unchanged = True
        yield "a fetch of what has not changed", _fetched(running)
        school.fails = True
        yield "a fetch that fails", _fetched(running)
        school.fails = school.unchanged = False
        school.titles[0] = "Essay, changed"
        yield f"a fetch with one change, {MAX_EVENTS} events", _fetched(running)
        school.titles.clear()
        yield f"a fetch with nothing left of {MAX_EVENTS} events", _fetched(running)
        yield "finding what is due, nothing", _found(running, 0)
        yield "finding what is due, 1,000 calendars", _found(running, 1_000)


def _fetched(running: Service) -> Used:
    running.now += INTERVAL
    (due,) = _schedule(running).due(running.now)
    running.used()
    bootstrap.calendar_following().fetch_due(due, lambda: True)
    running.forget()
    return running.used()


def _found(running: Service, number: int) -> Used:
    following = bootstrap.calendar_following()
    (calendar,) = following.calendars.of_owner("ada")
    for each in range(number):
        following.schedule.set(replace(calendar, id=f"{each:032}", next_fetch_at=NOW - PAUSE))
    running.used()
    assert len(list(_schedule(running).due(NOW))) == number
    return running.used()


def _schedule(running: Service) -> DynamoDBFetchSchedule:
    return DynamoDBFetchSchedule(running.table, "tasks")  # type: ignore[arg-type]
