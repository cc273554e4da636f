"""Receiving dead letters: none is lost, each is returned once, and all are visible again afterwards."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count
from typing import Any
from uuid import uuid4

import pytest
from moto import mock_aws

from taskbell.adapters.sqs_dead_letters import TASK_EVENTS_DEAD_LETTERS, UNFORWARDED_CHANGES, SqsDeadLetterQueues
from taskbell.application.ports import DeadLetterQueues
from taskbell.application.redrive import list_dead_letters
from taskbell.domain.dead_letters import DeadLetter, DeletionError
from tests.support.aws import client, create_queue
from tests.support.examples import clock
from tests.support.fakes import InMemoryDeadLetterQueues
from tests.support.simulated_aws.sqs import QueueSettings, SimulatedSqs


@dataclass(frozen=True)
class Queues:
    """The queues, and a way to send a message to one of them, which returns its id."""

    port: DeadLetterQueues
    send: Callable[..., str]

    def ids(self, queue: str = TASK_EVENTS_DEAD_LETTERS, limit: int | None = None) -> list[str]:
        return [message.id for message in list_dead_letters(self.port, queue, limit)[0]]


def in_memory() -> Queues:
    port, numbers = InMemoryDeadLetterQueues(), count()

    def send(
        body: str, queue: str = TASK_EVENTS_DEAD_LETTERS, group: str | None = "ada/essay", **attributes: str
    ) -> str:
        message = DeadLetter(str(next(numbers)), queue, body, group_id=group, message_attributes=attributes)
        port.messages.append(message)
        return message.id

    return Queues(port, send)


def in_simulated_sqs() -> Queues:
    urls = {TASK_EVENTS_DEAD_LETTERS: "dead.fifo", UNFORWARDED_CHANGES: "unforwarded"}
    return in_sqs(SimulatedSqs.of(clock, *map(QueueSettings, urls.values())), urls)


def in_moto() -> Queues:
    urls = {TASK_EVENTS_DEAD_LETTERS: create_queue("dead.fifo"), UNFORWARDED_CHANGES: create_queue("unforwarded")}
    return in_sqs(client("sqs"), urls)


def in_sqs(sqs: Any, urls: dict[str, str]) -> Queues:

    def send(
        body: str, queue: str = TASK_EVENTS_DEAD_LETTERS, group: str | None = "ada/essay", **attributes: str
    ) -> str:
        message: dict[str, Any] = {"QueueUrl": urls[queue], "MessageBody": body}
        message["MessageAttributes"] = {
            name: {"DataType": "String", "StringValue": value} for name, value in attributes.items()
        }
        if queue == TASK_EVENTS_DEAD_LETTERS:
            message |= {"MessageGroupId": group, "MessageDeduplicationId": str(uuid4())}
        return str(sqs.send_message(**message)["MessageId"])

    return Queues(SqsDeadLetterQueues(sqs, urls, wait_seconds=0), send)


@pytest.fixture(params=["in memory", "SQS", "simulated SQS"])
def queues(request: pytest.FixtureRequest) -> Iterator[Queues]:
    """Both queues, empty."""
    if request.param != "SQS":
        yield in_memory() if request.param == "in memory" else in_simulated_sqs()
        return
    with mock_aws():
        yield in_moto()


def test_messages_are_returned_by_queue_in_their_order_with_all_attributes(queues: Queues) -> None:
    first = queues.send("one", cause="KeyError: 'title'")
    second = queues.send("two")
    queues.send("other", UNFORWARDED_CHANGES, None)
    assert set(queues.port.names) == {TASK_EVENTS_DEAD_LETTERS, UNFORWARDED_CHANGES}
    messages, unseen = list_dead_letters(queues.port, TASK_EVENTS_DEAD_LETTERS)
    assert [(each.id, each.body, each.group_id, each.queue, dict(each.message_attributes)) for each in messages] == [
        (first, "one", "ada/essay", TASK_EVENTS_DEAD_LETTERS, {"cause": "KeyError: 'title'"}),
        (second, "two", "ada/essay", TASK_EVENTS_DEAD_LETTERS, {}),
    ]
    assert unseen == 0


def test_an_empty_queue_returns_nothing(queues: Queues) -> None:
    assert list_dead_letters(queues.port, UNFORWARDED_CHANGES) == ([], 0)


def test_received_messages_are_visible_again_afterwards_and_every_receive_is_counted(queues: Queues) -> None:
    id_ = queues.send("one")
    for receives in (1, 2, 3):
        messages, _ = list_dead_letters(queues.port, TASK_EVENTS_DEAD_LETTERS)
        assert [(message.id, message.receive_count) for message in messages] == [(id_, receives)]


def test_received_messages_are_hidden_from_other_consumers_meanwhile(queues: Queues) -> None:
    id_ = queues.send("one")
    with queues.port.receiver(TASK_EVENTS_DEAD_LETTERS) as receiver:
        assert [message.id for message in receiver.receive()] == [id_]
        assert list_dead_letters(queues.port, TASK_EVENTS_DEAD_LETTERS) == ([], 1)
    assert queues.ids() == [id_]


def test_received_messages_are_visible_again_after_an_error(queues: Queues) -> None:
    id_ = queues.send("one")

    def break_off() -> None:
        with queues.port.receiver(TASK_EVENTS_DEAD_LETTERS) as receiver:
            raise OSError(next(receiver.receive()).id)

    with pytest.raises(OSError, match=id_):
        break_off()
    assert queues.ids() == [id_]


def test_ten_messages_of_a_group_are_returned_and_the_rest_is_counted(queues: Queues) -> None:
    ids = [queues.send(str(number)) for number in range(12)]
    other = queues.send("other", group="ada/other")
    messages, unseen = list_dead_letters(queues.port, TASK_EVENTS_DEAD_LETTERS)
    assert sorted(message.id for message in messages) == sorted([*ids[:10], other])
    assert unseen == 2


def test_no_more_messages_are_returned_than_the_limit(queues: Queues) -> None:
    ids = [queues.send("it", group=f"ada/{number}") for number in range(25)]
    assert queues.ids(limit=3) == ids[:3]
    assert list_dead_letters(queues.port, TASK_EVENTS_DEAD_LETTERS, 0) == ([], 25)
    assert sorted(queues.ids()) == sorted(ids)


def test_deleting_messages_of_a_group_makes_its_next_ones_visible(queues: Queues) -> None:
    ids = [queues.send(str(number)) for number in range(12)]
    with queues.port.receiver(TASK_EVENTS_DEAD_LETTERS) as receiver:
        for message in receiver.receive():
            receiver.delete(message)
            ids.remove(message.id)
        assert receiver.approximate_count() == 0
    assert ids == queues.ids() == []


def test_a_message_cannot_be_deleted_twice(queues: Queues) -> None:
    queues.send("one")
    with queues.port.receiver(TASK_EVENTS_DEAD_LETTERS) as receiver:
        message = next(receiver.receive())
        receiver.delete(message)
        with pytest.raises(DeletionError):
            receiver.delete(message)
