"""Events through SQS."""

import json
from typing import Any

import pytest

from taskbell.adapters.sqs_event_queue import SqsEventQueue, SqsFailedMessages
from taskbell.application.ports import MessageId
from taskbell.application.serialization import event_from_dict
from taskbell.domain.events import TaskEvent, event_between
from tests.support.aws import client, create_queue
from tests.support.examples import example_task


@pytest.fixture
def sqs(moto: None) -> Any:
    return client("sqs")


@pytest.fixture
def url(sqs: Any) -> str:
    return create_queue("events.fifo")


def events(count: int, **fields: Any) -> list[TaskEvent]:
    return [event_between(None, example_task(id=f"task-{number}", **fields)) for number in range(count)]


def received(sqs: Any, url: str) -> list[dict[str, Any]]:
    messages: list[dict[str, Any]] = []
    while batch := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, AttributeNames=["All"]).get("Messages"):
        messages += batch
    return messages


def test_events_arrive_in_order_each_in_the_group_of_its_task(sqs: Any, url: str) -> None:
    sent = events(23)
    assert not SqsEventQueue(sqs, url).send(sent)
    messages = received(sqs, url)
    assert [event_from_dict(json.loads(message["Body"])) for message in messages] == sent
    assert messages[3]["Attributes"]["MessageGroupId"] == "ada/task-3"
    assert messages[3]["Attributes"]["MessageDeduplicationId"] == "ada/task-3:1"


def test_an_event_that_is_sent_twice_arrives_once(sqs: Any, url: str) -> None:
    queue = SqsEventQueue(sqs, url)
    queue.send(events(2))
    queue.send(events(3))
    assert len(received(sqs, url)) == 3


@pytest.mark.parametrize("character", ["\ufffe", "\uffff", "\x00", "\x1f"])
def test_characters_that_sqs_does_not_take_arrive_all_the_same(sqs: Any, url: str, character: str) -> None:
    sent = events(1, title=f"a{character}b")
    assert not SqsEventQueue(sqs, url).send(sent)
    (arrived,) = received(sqs, url)
    assert character not in arrived["Body"]
    assert event_from_dict(json.loads(arrived["Body"])) == sent[0]


def test_a_message_is_sent_to_the_dead_letter_queue_with_its_cause(sqs: Any, url: str) -> None:
    SqsFailedMessages(sqs, "unused", url, 1, lambda: 0).send_to_dead_letter_queue(
        MessageId("ada/essay", "ada/essay:1"), "{}", "ValueError: " + "x" * 5_000
    )
    message = sqs.receive_message(QueueUrl=url, MessageAttributeNames=["All"])["Messages"][0]
    assert message["MessageAttributes"]["cause"]["StringValue"].startswith("ValueError: xxx")
