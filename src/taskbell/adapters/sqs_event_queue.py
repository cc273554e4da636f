"""The event queue and its dead-letter queue in SQS."""

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

# Limits of SendMessageBatch; the size is the smaller of AWS's two limits (262,144 bytes, since 2025 1 MiB).
_MAX_ENTRIES = 10
_MAX_BYTES = 262_144

_CAUSE_CHARACTERS = 1_000

# Characters that SQS does not accept (Amazon SQS API Reference, SendMessage) and JSON does not escape.
_DISALLOWED = re.compile("[\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class SqsEventQueue:
    """Implements `EventQueue`: a FIFO queue with one message group per task, up to ten events per request.

    SQS accepts or rejects each message of a request on its own. So no request has two events of one task, and nothing
    is sent after the first rejection: no event overtakes an earlier one of its task.
    """

    client: "SQSClient"
    url: str

    def send(self, events: Sequence[TaskEvent]) -> Sequence[TaskEvent]:
        """Send events in order.

        Returns:
            The events from the first rejected one on. Some may have been accepted: SQS deduplicates them.
        """
        sent = 0
        for batch in _batches([_entry(event, number) for number, event in enumerate(events)]):
            response = self.client.send_message_batch(QueueUrl=self.url, Entries=batch)
            failed = [int(failure["Id"]) for failure in response.get("Failed", [])]
            if failed:
                return events[min(failed) :]
            sent += len(batch)
        return events[sent:]


@dataclass(frozen=True, slots=True)
class SqsFailedMessages:
    """Implements `FailedMessages`: one request per call.

    `base_delay` is in seconds; `jitter` returns a random number in [0, 1), which shortens delays to half at most.
    """

    client: "SQSClient"
    queue_url: str
    dead_letters_url: str
    base_delay: int
    jitter: Callable[[], float]

    def retry_later(self, attempts: Mapping[str, int]) -> None:
        """Set the visibility timeout of each message, exponentially in its attempts.

        The messages of a request share one random number, so that those of a task stay in order. If a timeout cannot be
        set, the queue's own applies.
        """
        jitter = self.jitter()
        entries = [
            {"Id": str(number), "ReceiptHandle": handle, "VisibilityTimeout": self._delay_seconds(count, jitter)}
            for number, (handle, count) in enumerate(attempts.items())
        ]
        if entries:
            self.client.change_message_visibility_batch(QueueUrl=self.queue_url, Entries=entries)  # type: ignore[arg-type]

    def _delay_seconds(self, attempts: int, jitter: float) -> int:
        max_delay: int = self.base_delay * 2 ** (attempts - 1)
        return max_delay - int(jitter * (max_delay // 2 + 1))

    def send_to_dead_letter_queue(self, body: str, group: str, deduplication_id: str, cause: str) -> None:
        """Send a message to the dead-letter queue, with the cause as an attribute."""
        self.client.send_message(
            QueueUrl=self.dead_letters_url,
            MessageBody=body,
            MessageGroupId=group,
            MessageDeduplicationId=deduplication_id,
            MessageAttributes={CAUSE: {"DataType": "String", "StringValue": cause[:_CAUSE_CHARACTERS]}},
        )


def _entry(event: TaskEvent, number: int) -> "SendMessageBatchRequestEntryTypeDef":
    group = f"{event.task.owner_id}/{event.task.id}"
    created = int(event.task.created_at.timestamp() * 1000)  # ids are reusable after a task has left the table
    return {
        "Id": str(number),
        "MessageBody": _DISALLOWED.sub(_escaped, json.dumps(event_to_dict(event), ensure_ascii=False)),
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
        if batch and (len(batch) == _MAX_ENTRIES or size + entry_size > _MAX_BYTES or group in groups):
            yield batch
            batch, groups, size = [], set(), 0
        batch.append(entry)
        groups.add(group)
        size += entry_size
    if batch:
        yield batch
