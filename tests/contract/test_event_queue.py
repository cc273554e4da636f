"""The event queue: the order of a task's events, deduplication, visibility, receive counts and the redrive policy."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from moto import mock_aws

from taskbell.adapters.sqs_event_queue import SqsEventQueue, SqsFailedMessages
from taskbell.application.ports import MessageId
from taskbell.domain.events import TaskEvent, event_between
from tests.support.aws import client
from tests.support.examples import clock, example_task
from tests.support.simulated_aws.sqs import QueueSettings, SimulatedSqs

_MAX_RECEIVES = 3


@dataclass(frozen=True)
class Queue:
    """The event queue, over an SQS."""

    sqs: Any
    url: str
    dead_letters_url: str

    def send(self, *events: TaskEvent) -> None:
        assert not SqsEventQueue(self.sqs, self.url).send(events)

    def receive(self, url: str | None = None) -> list[dict[str, Any]]:
        """At most ten messages, hidden from now on."""
        answer = self.sqs.receive_message(
            QueueUrl=url or self.url,
            MaxNumberOfMessages=10,
            MessageSystemAttributeNames=["All"],
            MessageAttributeNames=["All"],
        )
        messages: list[dict[str, Any]] = answer.get("Messages", [])
        return messages

    def delete(self, message: dict[str, Any]) -> None:
        self.sqs.delete_message(QueueUrl=self.url, ReceiptHandle=message["ReceiptHandle"])

    def show_again(self, *messages: dict[str, Any]) -> None:
        """Make messages visible at once, as after their visibility timeout."""
        failed = SqsFailedMessages(self.sqs, self.url, self.dead_letters_url, 0, lambda: 0)
        failed.retry_later({message["ReceiptHandle"]: 1 for message in messages})


def in_moto() -> Queue:
    sqs = client("sqs")
    dead = sqs.create_queue(QueueName="dead.fifo", Attributes={"FifoQueue": "true"})["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=dead, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    policy = json.dumps({"deadLetterTargetArn": arn, "maxReceiveCount": _MAX_RECEIVES})
    attributes = {"FifoQueue": "true", "VisibilityTimeout": "180", "RedrivePolicy": policy}
    return Queue(sqs, sqs.create_queue(QueueName="events.fifo", Attributes=attributes)["QueueUrl"], dead)


def in_simulated_sqs() -> Queue:
    events = QueueSettings("events.fifo", 180, dead_letters_url="dead.fifo", max_receive_count=_MAX_RECEIVES)
    return Queue(SimulatedSqs.of(clock, events, QueueSettings("dead.fifo")), events.url, "dead.fifo")


@pytest.fixture(params=["SQS", "simulated SQS"])
def queue(request: pytest.FixtureRequest) -> Iterator[Queue]:
    """An empty queue that allows three receives."""
    if request.param == "simulated SQS":
        yield in_simulated_sqs()
        return
    with mock_aws():
        yield in_moto()


def event(id_: str = "essay", version: int = 1) -> TaskEvent:
    return event_between(None, example_task(id=id_, version=version))


def ids(messages: list[dict[str, Any]]) -> list[str]:
    return [json.loads(message["Body"])["id"] for message in messages]


def test_the_events_of_a_task_are_received_in_their_order(queue: Queue) -> None:
    queue.send(*(event(version=version) for version in range(1, 4)))
    assert ids(queue.receive()) == ["essay:1", "essay:2", "essay:3"]


def test_an_event_that_is_sent_again_is_received_once(queue: Queue) -> None:
    for _ in range(2):
        queue.send(event())
    assert len(queue.receive()) == 1
    queue.send(event())
    assert not queue.receive()


def test_events_behind_one_that_is_in_flight_wait_and_those_of_other_tasks_do_not(queue: Queue) -> None:
    queue.send(event())
    (first,) = queue.receive()
    queue.send(event(version=2), event("talk"))
    assert ids(queue.receive()) == ["talk:1"]
    queue.delete(first)
    assert ids(queue.receive()) == ["essay:2"]


def test_a_message_that_is_shown_again_comes_before_those_behind_it(queue: Queue) -> None:
    queue.send(event(), event(version=2))
    queue.show_again(*queue.receive())
    assert ids(queue.receive()) == ["essay:1", "essay:2"]


def test_receives_are_counted(queue: Queue) -> None:
    queue.send(event())
    for receives in range(1, _MAX_RECEIVES + 1):
        (message,) = queue.receive()
        assert message["Attributes"]["ApproximateReceiveCount"] == str(receives)
        assert message["Attributes"]["MessageGroupId"] == "ada/essay"
        queue.show_again(message)


def test_a_message_that_was_received_too_often_is_moved_as_it_is(queue: Queue) -> None:
    queue.send(event())
    for _ in range(_MAX_RECEIVES):
        queue.show_again(*queue.receive())
    assert not queue.receive()
    (message,) = queue.receive(queue.dead_letters_url)
    assert ids([message]) == ["essay:1"]
    assert message["Attributes"]["MessageDeduplicationId"] == "ada/essay:1"
    assert not message.get("MessageAttributes")


def test_a_message_that_is_given_up_has_its_cause(queue: Queue) -> None:
    failed = SqsFailedMessages(queue.sqs, queue.url, queue.dead_letters_url, 1, lambda: 0)
    failed.send_to_dead_letter_queue(MessageId("ada/essay", "ada/essay:1"), "{}", "KeyError: 'title'")
    (message,) = queue.receive(queue.dead_letters_url)
    assert message["MessageAttributes"]["cause"]["StringValue"] == "KeyError: 'title'"
