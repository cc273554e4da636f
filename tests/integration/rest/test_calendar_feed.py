"""A calendar feed from its making to its end: who has its address reads it, and nobody else."""

import base64
import gzip
import json
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
import vobject

from resolvers import read_tasks, write_tasks
from taskbell import bootstrap
from taskbell.adapters.dynamodb.items import task_item
from taskbell.adapters.dynamodb.log_items import event_item
from taskbell.domain.events import event_between
from taskbell.domain.exceptions import UnavailableError
from taskbell.domain.ids import derived_task_id
from taskbell.domain.task import Task, TaskStatus
from taskbell.rest import calendar
from tests.support.aws import Aws
from tests.support.examples import LATER, NOW, example_task
from tests.support.lambdas import ADA, CONTEXT, GRACE, appsync_event, call

URL = "https://rest.example/calendar/"


def renew(identity: Any = ADA, **input_: Any) -> str:
    answer = call(write_tasks.handler, appsync_event("Mutation", "renewCalendarFeed", {"input": input_}, identity))
    assert answer["errors"] == []
    return str(answer["calendarFeed"]["url"])


def disable(**input_: Any) -> None:
    answer = call(write_tasks.handler, appsync_event("Mutation", "disableCalendarFeed", {"input": input_}, ADA))
    assert answer == {"calendarFeed": None, "errors": []}


def shown(identity: Any = ADA) -> Any:
    return call(read_tasks.handler, appsync_event("Query", "calendarFeed", {}, identity))


def get(url: str, method: str = "GET", **headers: str) -> Any:
    file = url.removeprefix(URL)
    event = {
        "pathParameters": {"file": file},
        "headers": headers,
        "requestContext": {"http": {"method": method}},
    }
    return calendar.handler(event, CONTEXT)


def summaries(url: str) -> list[str]:
    answer = get(url)
    assert answer["statusCode"] == 200
    events = vobject.readOne(answer["body"]).contents.get("vevent", ())
    return [event.summary.value for event in events]


def store(aws: Aws, title: str, **fields: Any) -> Task:
    task = example_task(id=derived_task_id(NOW, title), title=title, **({"due_at": LATER} | fields))
    aws.dynamodb.put_item(TableName="tasks", Item=task_item(task))
    aws.dynamodb.put_item(TableName="tasks", Item=event_item(event_between(None, task), NOW))
    return task


def test_the_feed_has_open_tasks_and_subtasks_with_a_due_date_earliest_first(aws: Aws) -> None:
    book = store(aws, "Book", due_at=LATER + timedelta(1))
    store(aws, "Essay")
    store(aws, "Chapter", parent_id=book.id, due_at=LATER + timedelta(2))
    store(aws, "Done", status=TaskStatus.COMPLETED, completed_at=NOW)
    store(aws, "Some day", due_at=None)
    store(aws, "Dropped", deleted_at=NOW)
    store(aws, "Grace's", owner_id="grace")
    assert summaries(renew()) == ["Essay", "Book", "Chapter"]
    assert summaries(renew(GRACE)) == ["Grace's"]


def test_the_address_is_shown_again_to_its_owner_alone(aws: Aws) -> None:
    assert shown() is None
    url = renew()
    assert shown()["url"] == url
    assert shown(GRACE) is None
    assert url.startswith(URL)


def test_the_table_does_not_tell_the_address(aws: Aws) -> None:
    secret = renew().removeprefix(URL).removesuffix(".ics")
    assert len(secret) == 43
    assert secret not in json.dumps(aws.dynamodb.scan(TableName="tasks")["Items"])


def test_a_renewed_address_is_known_no_longer_and_neither_is_that_of_a_feed_that_was_taken_away(aws: Aws) -> None:
    first, second = renew(), renew()
    unknown = get(URL + "x" * 43 + ".ics")
    assert (unknown["statusCode"], get(first)) == (404, unknown)
    assert get(second)["statusCode"] == 200
    disable()
    assert get(second) == unknown
    assert shown() is None
    assert get(renew())["statusCode"] == 200


@pytest.mark.parametrize("file", ["", "x", "x.ics", "x" * 43, "x" * 42 + "/.ics", "é" * 43 + ".ics", "x" * 9000])
def test_what_cannot_be_a_secret_is_answered_as_a_wrong_one(aws: Aws, file: str) -> None:
    assert get(URL + file) == get(URL + "x" * 43 + ".ics")


def test_a_repeated_renewal_is_none_and_a_name_is_of_one_change(aws: Aws) -> None:
    url = renew(clientMutationId="a")
    assert renew(clientMutationId="a") == url
    assert get(url)["statusCode"] == 200
    other = appsync_event("Mutation", "disableCalendarFeed", {"input": {"clientMutationId": "a"}}, ADA)
    (error,) = call(write_tasks.handler, other)["errors"]
    assert (error["code"], error["field"]) == ("VALIDATION", ["input", "clientMutationId"])
    disable(clientMutationId="b")
    again = renew()
    disable(clientMutationId="b")
    assert shown()["url"] == again


def test_who_has_the_newest_calendar_gets_none(aws: Aws) -> None:
    task = store(aws, "Essay")
    url = renew()
    tag = get(url)["headers"]["etag"]
    for condition in (tag, tag.removeprefix("W/"), f'"other", {tag}', "*"):
        answer = get(url, **{"If-None-Match": condition})
        assert (answer["statusCode"], answer["body"], answer["headers"]["etag"]) == (304, "", tag)
    assert get(url, **{"If-None-Match": '"other"'})["statusCode"] == 200
    changed = replace(task, title="Essay on Rome", version=2)
    aws.dynamodb.put_item(TableName="tasks", Item=task_item(changed))
    aws.dynamodb.put_item(TableName="tasks", Item=event_item(event_between(task, changed), NOW + timedelta(1)))
    answer = get(url, **{"If-None-Match": tag})
    assert answer["statusCode"] == 200
    assert answer["headers"]["etag"] != tag


def test_the_answer_is_private_and_compressed_for_who_takes_that(aws: Aws) -> None:
    store(aws, "Essay", due_on=date(2026, 12, 1))
    url = renew()
    plain, packed = get(url), get(url, **{"accept-encoding": "br, gzip"})
    assert plain["headers"]["cache-control"].startswith("private")
    assert plain["headers"]["content-type"] == "text/calendar; charset=utf-8"
    assert packed["headers"]["content-encoding"] == "gzip"
    assert gzip.decompress(base64.b64decode(packed["body"])).decode() == plain["body"]
    assert "isBase64Encoded" not in get(url, **{"accept-encoding": "gzip;q=0, br"})
    head = get(url, "HEAD")
    assert (head["statusCode"], head["body"], head["headers"]) == (200, "", plain["headers"])


def test_a_table_that_does_not_answer_is_no_fault_and_no_missing_feed(aws: Aws) -> None:
    url = renew()
    reader = bootstrap.calendar_feed_reader()
    try:
        bootstrap.provide(calendar_feed_reader=_Down())
        answer = get(url)
    finally:
        bootstrap.provide(calendar_feed_reader=reader)
    assert (answer["statusCode"], answer["headers"]["retry-after"]) == (503, "60")


def test_a_feed_is_bounded(aws: Aws) -> None:
    for number in range(4):
        store(aws, str(number), due_at=LATER + timedelta(number))
    reader = bootstrap.calendar_feed_reader()
    assert [task.title for task in reader.open_tasks("ada", 3)] == ["0", "1", "2"]


class _Down:
    def owner_of(self, _: str) -> str:
        raise UnavailableError
