"""The function that pushes notifications, with the records that the table's stream delivers, on the table of moto."""

import json
from dataclasses import dataclass, field
from typing import Any

import pytest

from processors.push_notifications import MILLISECONDS_PER_PUSH, NothingPushedError, handler
from taskbell import bootstrap
from taskbell.adapters.appsync_publisher import InvalidPushError
from taskbell.application.notification_pushes import NotificationPusher
from taskbell.application.ports import NotificationName, NotificationPush
from taskbell.domain.exceptions import UnavailableError
from taskbell.domain.notification import Notification
from taskbell.domain.timestamps import format_timestamp
from tests.support.aws import Aws
from tests.support.examples import LATER, NOW, example_task
from tests.support.lambdas import CONTEXT

TASK = example_task()
ODD = {"eventName": "INSERT", "dynamodb": {"SequenceNumber": "7", "Keys": {"pk": {"S": "x"}, "sk": {"S": "NOTE#x"}}}}


@dataclass
class Screen:
    """`NotificationPublisher` that keeps what is pushed, and fails as it is told for titles."""

    pushes: list[NotificationPush] = field(default_factory=list)
    failures: dict[str, Exception] = field(default_factory=dict)

    def publish(self, push: NotificationPush) -> None:
        title = push.notification.title if push.notification else ""
        if title in self.failures:
            raise self.failures[title]
        self.pushes.append(push)

    @property
    def titles(self) -> list[str]:
        return [push.notification.title for push in self.pushes if push.notification]


@pytest.fixture
def screen(aws: Aws) -> Screen:
    screen = Screen()
    bootstrap.task_repository().add(TASK)
    pusher = NotificationPusher(bootstrap.things(), bootstrap.profiles(), screen)
    bootstrap.provide(notification_pusher=pusher)
    return screen


def note(title: str = "Essay", minute: int = 0) -> Notification:
    """A notification that is stored."""
    sent = Notification(task_id=TASK.id, owner_id="ada", at=NOW.replace(minute=minute), sent_at=NOW, title=title)
    bootstrap.notifications().add(sent)
    return sent


def record(of: Notification, number: int = 1) -> dict[str, Any]:
    keys = {"pk": {"S": f"LOG#{of.owner_id}"}, "sk": {"S": f"NOTE#{format_timestamp(of.at)}#{of.task_id}"}}
    return {"eventName": "INSERT", "dynamodb": {"SequenceNumber": str(number), "Keys": keys}}


def settings(before: str | None, after: str | None) -> dict[str, Any]:
    images = {"OldImage": before, "NewImage": after}
    change = {name: {"seenUntil": {"S": text}} if text else {} for name, text in images.items()}
    keys = {"pk": {"S": "OWNER#ada"}, "sk": {"S": "PROFILE"}}
    return {"eventName": "MODIFY", "dynamodb": {"SequenceNumber": "1", "Keys": keys, **change}}


def push(*records: dict[str, Any], context: Any = CONTEXT) -> list[str]:
    answer = handler({"Records": list(records)}, context)
    return [failure["itemIdentifier"] for failure in answer["batchItemFailures"]]


def test_a_notification_is_pushed_with_its_task(screen: Screen) -> None:
    assert push(record(note())) == []
    (pushed,) = screen.pushes
    assert (pushed.owner_id, pushed.notification, pushed.task) == ("ada", note(), TASK)


def test_records_that_are_delivered_again_push_what_is_there_now_and_nothing_older(screen: Screen) -> None:
    sent = note()
    push(record(sent))
    name = NotificationName("ada", TASK.id, sent.at)
    bootstrap.notifications().mark_read(name, LATER)
    bootstrap.notifications().dismiss(name, LATER)
    push(record(sent))
    assert [pushed.notification.version for pushed in screen.pushes if pushed.notification] == [1, 3]


def test_changes_of_one_notification_in_a_batch_are_one_push(screen: Screen) -> None:
    sent, other = note(), note("Other", 1)
    assert push(record(sent, 1), record(other, 2), record(sent, 3)) == []
    assert screen.titles == ["Essay", "Other"]


def test_a_notification_that_has_left_the_table_is_no_failure(screen: Screen) -> None:
    gone = Notification(task_id="gone", owner_id="ada", at=NOW, sent_at=NOW, title="Gone")
    assert push(record(gone)) == []
    assert screen.pushes == []


def test_until_when_all_is_read_is_pushed_and_other_settings_are_not(screen: Screen) -> None:
    bootstrap.profiles().mark_seen("ada", LATER)
    seen, earlier = format_timestamp(LATER), format_timestamp(NOW)
    assert push(settings(earlier, seen)) == push(settings(seen, seen)) == push(settings(None, None)) == []
    assert screen.pushes == [NotificationPush("ada", LATER)]
    assert push(settings(None, seen)) == []
    assert len(screen.pushes) == 2


@pytest.mark.parametrize("outage", [UnavailableError("AppSync does not answer.")])
def test_an_outage_is_retried_from_the_first_that_was_not_pushed(aws: Aws, screen: Screen, outage: Exception) -> None:
    records = [record(note(title, minute), minute) for minute, title in enumerate(("One", "Two", "Three"), 1)]
    screen.failures["Two"] = outage
    assert push(*records) == ["2"]
    with pytest.raises(NothingPushedError, match="2"):
        push(*records[1:])
    screen.failures.clear()
    assert push(*records[1:]) == []
    assert screen.titles == ["One", "Two", "Three"]
    assert aws.messages(aws.unforwarded_url) == []


def test_what_cannot_be_pushed_is_set_aside_with_its_cause_and_those_around_it_go_on(aws: Aws, screen: Screen) -> None:
    records = [record(note(title, minute), minute) for minute, title in enumerate(("One", "Two", "Three"), 1)]
    screen.failures["Two"] = InvalidPushError("too large")
    assert push(*records, ODD) == []
    assert screen.titles == ["One", "Three"]
    messages = aws.messages(aws.unforwarded_url)
    aside = {message["MessageAttributes"]["cause"]["StringValue"]: json.loads(message["Body"]) for message in messages}
    assert aside["InvalidPushError: too large"] == {"record": records[1]}
    assert {"record": ODD} in aside.values()
    assert len(aside) == 2


def test_an_item_that_is_no_notification_keeps_nothing_waiting(aws: Aws, screen: Screen) -> None:
    first, second = note("One", 1), note("Two", 2)
    for item in aws.items("NOTE#"):
        if item["title"]["S"] == "One":
            aws.dynamodb.put_item(TableName="tasks", Item=item | {"sentAt": {"N": "5"}})
    assert push(record(first, 1), record(second, 2)) == []
    assert screen.titles == ["Two"]
    assert len(aws.messages(aws.unforwarded_url)) == 1


def test_what_is_redriven_and_still_invalid_is_reported(aws: Aws, screen: Screen) -> None:
    with pytest.raises(NothingPushedError, match="7"):
        handler({"Records": [ODD], "redriven": True}, CONTEXT)
    assert aws.messages(aws.unforwarded_url) == []


def test_what_cannot_be_set_aside_is_reported(aws: Aws, screen: Screen) -> None:
    aws.sqs.delete_queue(QueueUrl=aws.unforwarded_url)
    assert push(record(note()), ODD) == ["7"]


def test_what_there_is_no_time_for_is_left_to_the_next_call(screen: Screen) -> None:
    class Late:
        function_name = aws_request_id = invoked_function_arn = "function"
        memory_limit_in_mb = 128

        def get_remaining_time_in_millis(self) -> int:
            return MILLISECONDS_PER_PUSH - 1

    records = [record(note("One", 1), 1), record(note("Two", 2), 2)]
    assert push(*records, context=Late()) == ["2"]
    assert screen.titles == ["One"]
