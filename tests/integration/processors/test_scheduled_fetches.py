"""Calendars are fetched by a schedule, through the queue, with the table of moto and servers of our own."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest

from processors import fetch_calendars, schedule_fetches
from resolvers import follow_calendars
from taskbell import bootstrap
from taskbell.api.icalendar_feed import calendar_of
from taskbell.application.calendar_following import NOT_READ, CalendarFetchError, FetchedCalendar
from taskbell.domain.exceptions import UnavailableError
from taskbell.domain.subscribed_calendar import INTERVAL, DueFetch, calendar_id
from tests.support.aws import Aws
from tests.support.examples import NOW, example_task
from tests.support.lambdas import ADA, CONTEXT, GRACE, NO_TIME_LEFT, appsync_event, call

DUE = NOW + timedelta(days=20)


@dataclass
class Schools:
    """Publish calendars, each under its address; one that is missing cannot be reached."""

    titles: dict[str, list[str]] = field(default_factory=dict)
    fault: Exception | None = None
    now: datetime = NOW

    def fetch(self, url: str, *_: Any) -> FetchedCalendar:
        if self.fault:
            raise self.fault
        if url not in self.titles:
            raise CalendarFetchError("It cannot be reached.")
        tasks = [example_task(id=title, title=title, due_at=DUE) for title in self.titles[url]]
        return FetchedCalendar(calendar_of(tasks))


@pytest.fixture
def schools(aws: Aws) -> Iterator[Schools]:
    bootstrap.reset()
    published = Schools()
    bootstrap.provide(calendar_fetcher=published, clock=lambda: published.now)
    yield published
    bootstrap.reset()


def mutate(mutation: str, identity: Any, **input_: Any) -> Any:
    return call(follow_calendars.handler, appsync_event("Mutation", mutation, {"input": input_}, identity))


def subscribe(url: str, identity: Any = ADA) -> str:
    return str(mutate("subscribeCalendar", identity, url=url, name="x")["calendar"]["calendarId"])


def shown(identity: Any = ADA) -> list[Any]:
    return list(call(follow_calendars.handler, appsync_event("Query", "subscribedCalendars", {}, identity)))


def titles(aws: Aws) -> list[str]:
    return sorted(item["title"]["S"] for item in aws.items("TASK#") if "deletedAt" not in item)


def request(aws: Aws, context: Any = CONTEXT) -> list[dict[str, Any]]:
    """Let the schedule ask for what is due, and receive that from the queue."""
    schedule_fetches.handler({"source": "aws.events"}, context)
    found = []
    while messages := aws.messages(aws.fetches_url):  # of each group one, until that is deleted
        found += messages
        for message in messages:
            aws.sqs.delete_message(QueueUrl=aws.fetches_url, ReceiptHandle=message["ReceiptHandle"])
    return found


def fetch(messages: list[dict[str, Any]], receives: int = 1, context: Any = CONTEXT) -> list[str]:
    """Deliver messages, each alone as the mapping does it; the ids of those to deliver again."""
    again = []
    for message in messages:
        attributes = message["Attributes"] | {"ApproximateReceiveCount": str(receives)}
        names = {"messageId": message["MessageId"], "receiptHandle": "r", "body": message["Body"]}
        record = names | {"attributes": attributes, "messageAttributes": {}, "eventSource": "aws:sqs"}
        answer = fetch_calendars.handler({"Records": [record]}, context)
        again += [str(failure["itemIdentifier"]) for failure in answer["batchItemFailures"]]
    return again


def test_what_is_due_is_fetched_for_each_owner_and_one_that_fails_stops_no_other(aws: Aws, schools: Schools) -> None:
    schools.titles = {"https://a.example/h.ics": ["Essay"], "https://b.example/h.ics": ["Exam"]}
    for url in schools.titles:
        subscribe(url)
    subscribe("https://a.example/h.ics", GRACE)
    assert request(aws) == []
    schools.now += INTERVAL
    schools.titles = {"https://a.example/h.ics": ["Essay", "Talk"]}
    messages = request(aws)
    assert (len(messages), fetch(messages)) == (3, [])
    assert titles(aws) == ["Essay", "Essay", "Exam", "Talk", "Talk"]
    failed = next(calendar for calendar in shown() if calendar["error"])
    assert (failed["failures"], failed["error"]) == (1, "It cannot be reached.")
    assert failed["nextFetchAt"] == "2026-11-22T14:30:00.000Z"
    assert shown(GRACE)[0]["nextFetchAt"] == "2026-11-22T17:30:00.000Z"
    assert (request(aws), fetch(messages)) == ([], [])  # delivered again
    assert titles(aws) == ["Essay", "Essay", "Exam", "Talk", "Talk"]


def test_few_calendars_of_a_host_are_fetched_at_once_and_a_repetition_is_one_message(
    aws: Aws, schools: Schools
) -> None:
    places = [(f"{host}.example", number) for number in range(5) for host in "ab"]
    due = [DueFetch(calendar_id("ada", f"{host}/{number}"), "ada", host, NOW) for host, number in places]
    for _ in range(2):
        assert bootstrap.scheduled_fetches().requests.send(due) == 10
    seen: dict[str, set[str]] = {}
    messages = request(aws)
    assert len(messages) == 10
    for message in messages:
        seen.setdefault(json.loads(message["Body"])["host"], set()).add(message["Attributes"]["MessageGroupId"])
    assert seen.keys() == {"a.example", "b.example"}
    assert all(1 < len(groups) <= 4 for groups in seen.values())
    assert not seen["a.example"] & seen["b.example"]


def test_without_time_nothing_is_asked_for_and_it_stays_due(aws: Aws, schools: Schools) -> None:
    schools.titles = {"https://a.example/h.ics": ["Essay"]}
    subscribe("https://a.example/h.ics")
    schools.now += INTERVAL
    assert request(aws, NO_TIME_LEFT) == []
    assert len(request(aws)) == 1


def test_the_rest_of_a_large_calendar_comes_with_its_next_turn(aws: Aws, schools: Schools) -> None:
    schools.titles = {"https://a.example/h.ics": ["Essay"]}
    subscribe("https://a.example/h.ics")
    schools.titles = {"https://a.example/h.ics": [f"{number:03}" for number in range(30)]}
    schools.now += INTERVAL
    assert fetch(request(aws), context=NO_TIME_LEFT) == []
    assert (titles(aws), shown()[0]["events"]) == (["Essay"], 1)
    schools.fault = CalendarFetchError("It is not asked again before that.")
    assert fetch(request(aws)) == []
    assert titles(aws) == [f"{number:03}" for number in range(30)]
    assert (shown()[0]["events"], shown()[0]["error"]) == (30, None)


@pytest.mark.parametrize("fault", [UnavailableError(), RuntimeError("a fault of ours")])
def test_a_fault_is_delivered_again_and_given_up_until_the_next_turn(
    aws: Aws, schools: Schools, fault: Exception
) -> None:
    schools.titles = {"https://a.example/h.ics": ["Essay"]}
    subscribe("https://a.example/h.ics")
    schools.now += INTERVAL
    messages = request(aws)
    schools.fault = fault
    for receives in range(1, fetch_calendars.MAX_RECEIVES + 1):
        assert fetch(messages, receives) == [messages[0]["MessageId"]]
    assert fetch(messages, fetch_calendars.MAX_RECEIVES + 1) == []
    (calendar,) = shown()
    assert (calendar["error"], calendar["nextFetchAt"]) == (NOT_READ, "2026-11-22T14:30:00.000Z")


def test_a_calendar_that_was_unsubscribed_is_not_fetched_and_nothing_of_it_stays(aws: Aws, schools: Schools) -> None:
    schools.titles = {"https://a.example/h.ics": ["Essay"]}
    id_ = subscribe("https://a.example/h.ics")
    mutate("unsubscribeCalendar", ADA, calendarId=id_, tasks="KEEP")
    schools.now += INTERVAL
    schools.fault = AssertionError("It must not be asked.")
    assert fetch(request(aws)) == []
    assert [item["pk"]["S"] for item in aws.items("") if item["sk"]["S"][:5] not in {"TASK#", "KEY#c"}] == []
