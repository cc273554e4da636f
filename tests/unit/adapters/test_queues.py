"""Sending events to SQS."""

from datetime import timedelta
from typing import Any

import pytest

from taskbell.adapters.sqs_event_queue import SqsEventQueue, SqsFailedMessages
from taskbell.application.ports import EventTooLargeError
from taskbell.domain.events import TaskEvent, event_between
from taskbell.domain.task import with_next_version
from tests.support.examples import LATER, example_task


def events(count: int, **fields: Any) -> list[TaskEvent]:
    return [event_between(None, example_task(id=f"task-{number}", **fields)) for number in range(count)]


def test_a_deduplication_id_is_no_longer_than_sqs_takes() -> None:
    client = _Recorder()
    longest = example_task(id="x" * 64, owner_id="0" * 36, version=9_999_999_999)
    SqsEventQueue(client, "url").send([event_between(None, longest)])  # type: ignore[arg-type]
    ((entry,),) = client.batches
    assert len(entry["MessageDeduplicationId"]) <= 128


def test_no_call_is_larger_than_sqs_takes() -> None:
    client = _Recorder()
    SqsEventQueue(client, "url").send(events(25, description="ü" * 10_000, labels=("x" * 50,) * 20))  # type: ignore[arg-type]
    sizes = [sum(len(entry["MessageBody"].encode()) for entry in batch) for batch in client.batches]
    assert max(sizes) <= 262_144
    assert sum(len(batch) for batch in client.batches) == 25
    assert max(len(batch) for batch in client.batches) <= 10


def test_an_event_that_no_message_can_hold_is_named_before_anything_is_sent() -> None:
    client = _Recorder()
    fits, too_large = events(1, description="x" * 1_000_000)[0], events(1, description="ü" * 600_000)[0]
    queue = SqsEventQueue(client, "url")  # type: ignore[arg-type]
    with pytest.raises(EventTooLargeError) as error:
        queue.send([fits, too_large])
    assert (error.value.event, client.batches) == (too_large, [])
    assert not queue.send([fits])


def test_two_events_of_one_task_are_never_in_one_call() -> None:
    client = _Recorder(refuses="0")
    task = example_task()
    both = [event_between(None, task), event_between(task, with_next_version(task, LATER))]
    assert SqsEventQueue(client, "url").send(both) == both  # type: ignore[arg-type]
    assert [len(batch) for batch in client.batches] == [1]


def test_after_a_refusal_nothing_more_is_sent() -> None:
    client = _Recorder(refuses="12")
    sent = events(30)
    assert SqsEventQueue(client, "url").send(sent) == sent[12:]  # type: ignore[arg-type]
    assert len(client.batches) == 2


def test_nothing_is_called_for_no_events() -> None:
    client = _Recorder()
    assert not SqsEventQueue(client, "url").send([])  # type: ignore[arg-type]
    assert client.batches == []


@pytest.mark.parametrize(
    ("drawn", "delays"), [(0, [1, 2, 4, 8, 24]), (0.5, [1, 1, 3, 6, 18]), (0.999, [1, 1, 2, 4, 12])]
)
def test_messages_come_again_each_time_about_twice_as_late_and_never_at_once(drawn: float, delays: list[int]) -> None:
    client = _Recorder()
    SqsFailedMessages(client, "url", "unused", 1, lambda: drawn).retry_later({"a": 1, "b": 2, "c": 3, "d": 4})  # type: ignore[arg-type]
    SqsFailedMessages(client, "url", "unused", 3, lambda: drawn).retry_later({"e": 4})  # type: ignore[arg-type]
    entries = [entry for batch in client.batches for entry in batch]
    assert [entry["ReceiptHandle"] for entry in entries] == list("abcde")
    assert [entry["VisibilityTimeout"] for entry in entries] == delays


def test_the_delay_is_a_minute_at_most_and_a_quarter_of_an_hour_when_an_outage_lasts_longer_than_an_hour() -> None:
    client = _Recorder()
    messages = SqsFailedMessages(client, "url", "unused", 8, lambda: 0)  # type: ignore[arg-type]
    messages.retry_later({"a": 0, "b": 4, "c": 80, "d": 81, "e": 1_000})
    assert [entry["VisibilityTimeout"] for entry in client.batches[0]] == [0, 60, 60, 900, 900]


def test_a_message_is_retried_for_a_week_before_the_redrive_policy_moves_it() -> None:
    client = _Recorder()
    messages = SqsFailedMessages(client, "url", "unused", 8, lambda: 0.999)  # type: ignore[arg-type]
    for receives in range(1, 1_000):
        messages.retry_later({"a": receives})
    shortest = timedelta(seconds=sum(batch[0]["VisibilityTimeout"] for batch in client.batches))
    assert timedelta(days=4.5) < shortest < timedelta(days=14)


def test_the_messages_of_a_call_share_one_draw() -> None:
    client, draws = _Recorder(), iter([0.0, 0.999])
    messages = SqsFailedMessages(client, "url", "unused", 8, lambda: next(draws))  # type: ignore[arg-type]
    messages.retry_later({"a": 1, "b": 1})
    messages.retry_later({"c": 1})
    assert [[entry["VisibilityTimeout"] for entry in batch] for batch in client.batches] == [[8, 8], [4]]


class _Recorder:
    """An SQS client that records the batches."""

    def __init__(self, refuses: str = "") -> None:
        self.batches: list[list[dict[str, Any]]] = []
        self.refuses = refuses

    def send_message_batch(self, QueueUrl: str, Entries: list[dict[str, Any]]) -> dict[str, Any]:  # noqa: N803
        self.batches.append(Entries)
        return {"Failed": [{"Id": entry["Id"]} for entry in Entries if entry["Id"] == self.refuses]}

    def change_message_visibility_batch(self, QueueUrl: str, Entries: list[dict[str, Any]]) -> None:  # noqa: N803
        self.batches.append(Entries)
