"""The queue of events and its dead letters, in SQS."""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from taskbell.adapters.dead_letter_messages import CAUSE
from taskbell.application.serialization import event_to_dict
from taskbell.domain.events import TaskEvent

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_sqs.type_defs import SendMessageBatchRequestEntryTypeDef

# What SQS takes in one call; the size is the smaller of the two that AWS has had (262,144 bytes, since 2025 1 MiB).
_MOST_ENTRIES = 10
_MOST_BYTES = 262_144

_CAUSE_CHARACTERS = 1_000

# Characters that SQS takes in no message (Amazon SQS API Reference, SendMessage) and JSON does not escape by itself.
_NOT_TAKEN = re.compile("[\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class SqsEventQueue:
    """The port `EventQueue`: a FIFO queue with a group for each task. One call for up to ten events.

    SQS takes or refuses each message of a call by itself, so no call holds two events of one task, and after the first
    refusal nothing more is sent: no event overtakes another of its task.
    """

    client: "SQSClient"
    url: str

    def send(self, events: Sequence[TaskEvent]) -> Sequence[TaskEvent]:
        """See the port. Of what is answered, some may have been taken: sent again, the queue knows it."""
        sent = 0
        for batch in _batches([_entry(event, number) for number, event in enumerate(events)]):
            answer = self.client.send_message_batch(QueueUrl=self.url, Entries=batch)
            refused = [int(failure["Id"]) for failure in answer.get("Failed", [])]
            if refused:
                return events[min(refused) :]
            sent += len(batch)
        return events[sent:]


@dataclass(frozen=True, slots=True)
class SqsFailedMessages:
    """The port `Messages`. One call each.

    `first_delay` is in seconds; `chance` draws a number from 0 up to 1, by which delays are shortened, to half at most.
    """

    client: "SQSClient"
    queue_url: str
    dead_letters_url: str
    first_delay: int
    chance: Callable[[], float]

    def retry_later(self, tries_made: Mapping[str, int]) -> None:
        """See the port. A message whose time cannot be set comes again when its visibility timeout ends.

        The messages of a call share one draw: those of a task stay together.
        """
        drawn = self.chance()
        entries = [
            {"Id": str(number), "ReceiptHandle": handle, "VisibilityTimeout": self._delay(tries, drawn)}
            for number, (handle, tries) in enumerate(tries_made.items())
        ]
        if entries:
            self.client.change_message_visibility_batch(QueueUrl=self.queue_url, Entries=entries)  # type: ignore[arg-type]

    def _delay(self, tries: int, drawn: float) -> int:
        longest: int = self.first_delay * 2 ** (tries - 1)
        return longest - int(drawn * (longest // 2 + 1))

    def send_to_dead_letter_queue(self, body: str, group: str, deduplication_id: str, cause: str) -> None:
        """See the port."""
        self.client.send_message(
            QueueUrl=self.dead_letters_url,
            MessageBody=body,
            MessageGroupId=group,
            MessageDeduplicationId=deduplication_id,
            MessageAttributes={CAUSE: {"DataType": "String", "StringValue": cause[:_CAUSE_CHARACTERS]}},
        )


def _entry(event: TaskEvent, number: int) -> "SendMessageBatchRequestEntryTypeDef":
    group = f"{event.task.owner_id}/{event.task.id}"
    created = int(event.task.created_at.timestamp() * 1000)  # an id is free again when its task has left the table
    return {
        "Id": str(number),
        "MessageBody": _NOT_TAKEN.sub(_escaped, json.dumps(event_to_dict(event), ensure_ascii=False)),
        "MessageGroupId": group,
        "MessageDeduplicationId": f"{group}:{created}:{event.task.version}",
    }


def _escaped(character: re.Match[str]) -> str:
    return f"\\u{ord(character[0]):04x}"


def _batches(
    entries: Sequence["SendMessageBatchRequestEntryTypeDef"],
) -> Iterator[list["SendMessageBatchRequestEntryTypeDef"]]:
    batch: list[SendMessageBatchRequestEntryTypeDef] = []
    groups: set[str] = set()
    size = 0
    for entry in entries:
        entry_size, group = len(entry["MessageBody"].encode()), str(entry.get("MessageGroupId"))
        if batch and (len(batch) == _MOST_ENTRIES or size + entry_size > _MOST_BYTES or group in groups):
            yield batch
            batch, groups, size = [], set(), 0
        batch.append(entry)
        groups.add(group)
        size += entry_size
    if batch:
        yield batch
