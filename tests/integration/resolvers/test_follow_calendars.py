"""Subscribed calendars through the API, with the table of moto and a calendar of our own."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from resolvers import follow_calendars, read_tasks
from taskbell import bootstrap
from taskbell.api.icalendar_feed import calendar_of
from taskbell.application.calendar_following import FetchedCalendar
from tests.support.aws import Aws
from tests.support.examples import NOW, example_task
from tests.support.lambdas import ADA, GRACE, appsync_event, call

URL = "webcal://school.example/history.ics"
DUE = datetime(2027, 1, 15, 17, tzinfo=UTC)


@dataclass
class School:
    """Publishes a calendar."""

    titles: list[str] = field(default_factory=lambda: ["Essay", "Exam"])
    asked: list[str] = field(default_factory=list)
    now: datetime = NOW

    def fetch(self, url: str, *_: Any) -> FetchedCalendar:
        self.asked.append(url)
        return FetchedCalendar(calendar_of([example_task(id=title, title=title, due_at=DUE) for title in self.titles]))


@pytest.fixture
def school(aws: Aws) -> Iterator[School]:
    bootstrap.reset()
    published = School()
    bootstrap.provide(calendar_fetcher=published, clock=lambda: published.now)
    yield published
    bootstrap.reset()


def mutate(mutation: str, identity: Any = ADA, **input_: Any) -> Any:
    return call(follow_calendars.handler, appsync_event("Mutation", mutation, {"input": input_}, identity))


def subscribed(identity: Any = ADA) -> Any:
    return call(follow_calendars.handler, appsync_event("Query", "subscribedCalendars", {}, identity))


def titles(identity: Any = ADA) -> list[str]:
    tasks = call(read_tasks.handler, appsync_event("Query", "tasks", {}, identity))
    return sorted(node["title"] for node in tasks["nodes"])


def test_a_calendar_from_its_subscription_to_its_end(school: School) -> None:
    answer = mutate("subscribeCalendar", url=URL, name="History")
    assert answer["errors"] == []
    assert mutate("subscribeCalendar", url=URL, name="Again") == answer
    id_ = answer["calendar"]["calendarId"]
    assert (school.asked, titles()) == (["https://school.example/history.ics"], ["Essay", "Exam"])
    school.titles, school.now = ["Essay", "Talk"], NOW + timedelta(hours=1)
    assert mutate("refreshCalendar", calendarId=id_)["calendar"]["events"] == 2
    assert mutate("refreshCalendar", calendarId=id_)["calendar"]["checkedAt"]
    assert (len(school.asked), titles()) == (2, ["Essay", "Talk"])
    (shown,) = subscribed()
    assert (shown["name"], shown["events"], shown["error"]) == ("History", 2, None)
    assert mutate("unsubscribeCalendar", calendarId=id_, tasks="DELETE")["errors"] == []
    assert (subscribed(), titles()) == ([], [])


def test_each_owner_has_subscriptions_of_their_own(school: School) -> None:
    id_ = mutate("subscribeCalendar", url=URL, name="History")["calendar"]["calendarId"]
    assert (subscribed(GRACE), titles(GRACE)) == ([], [])
    for mutation, more in (("refreshCalendar", {}), ("unsubscribeCalendar", {"tasks": "DELETE"})):
        (error,) = mutate(mutation, GRACE, calendarId=id_, **more)["errors"]
        assert (error["code"], error["field"]) == ("NOT_FOUND", ["input", "calendarId"])
    assert mutate("subscribeCalendar", GRACE, url=URL, name="History")["calendar"]["calendarId"] != id_
    assert titles() == titles(GRACE) == ["Essay", "Exam"]
