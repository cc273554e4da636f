"""The queue of events and its dead letters, in SQS."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tasks.documents import event_document
from tasks.events import TaskEvent

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_sqs.type_defs import SendMessageBatchRequestEntryTypeDef

# What SQS takes in one call; the size is the smaller of the two that AWS has had (262,144 bytes, since 2025 1 MiB).
_MOST_ENTRIES = 10
_MOST_BYTES = 262_144

_CAUSE_CHARACTERS = 1_000


@dataclass(frozen=True, slots=True)
class SqsEventQueue:
    """The port `EventQueue`: a FIFO queue with a group for each task. One call for up to ten events."""

    client: "SQSClient"
    url: str

    def send(self, events: Sequence[TaskEvent]) -> Sequence[TaskEvent]:
        """See the port. After the first refusal nothing more is sent, so that no event overtakes another."""
        sent = 0
        for batch in _batches([_entry(event, number) for number, event in enumerate(events)]):
            answer = self.client.send_message_batch(QueueUrl=self.url, Entries=batch)
            refused = [int(failure["Id"]) for failure in answer.get("Failed", [])]
            if refused:
                return events[min(refused) :]
            sent += len(batch)
        return events[sent:]


@dataclass(frozen=True, slots=True)
class SqsMessages:
    """The port `Messages`. One call each."""

    client: "SQSClient"
    queue_url: str
    dead_letters_url: str
    first_delay: int

    def retry_later(self, receives: Mapping[str, int]) -> None:
        """See the port. A message whose time cannot be set comes again when its visibility timeout ends."""
        entries = [
            {"Id": str(number), "ReceiptHandle": handle, "VisibilityTimeout": self.first_delay * 2 ** (times - 1)}
            for number, (handle, times) in enumerate(receives.items())
        ]
        if entries:
            self.client.change_message_visibility_batch(QueueUrl=self.queue_url, Entries=entries)  # type: ignore[arg-type]

    def bury(self, body: str, group: str, deduplication_id: str, cause: str) -> None:
        """See the port."""
        self.client.send_message(
            QueueUrl=self.dead_letters_url,
            MessageBody=body,
            MessageGroupId=group,
            MessageDeduplicationId=deduplication_id,
            MessageAttributes={"cause": {"DataType": "String", "StringValue": cause[:_CAUSE_CHARACTERS]}},
        )


def _entry(event: TaskEvent, number: int) -> "SendMessageBatchRequestEntryTypeDef":
    group = f"{event.task.owner_id}/{event.task.id}"
    return {
        "Id": str(number),
        "MessageBody": json.dumps(event_document(event), separators=(",", ":"), ensure_ascii=False),
        "MessageGroupId": group,
        "MessageDeduplicationId": f"{group}:{event.task.version}",
    }


def _batches(
    entries: Sequence["SendMessageBatchRequestEntryTypeDef"],
) -> Iterator[list["SendMessageBatchRequestEntryTypeDef"]]:
    batch: list[SendMessageBatchRequestEntryTypeDef] = []
    size = 0
    for entry in entries:
        entry_size = len(entry["MessageBody"].encode())
        if batch and (len(batch) == _MOST_ENTRIES or size + entry_size > _MOST_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(entry)
        size += entry_size
    if batch:
        yield batch
