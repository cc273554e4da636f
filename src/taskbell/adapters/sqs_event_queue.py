"""The event queue in SQS: sending events, and what happens to changes and messages that could not be handled."""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from taskbell.adapters.aws_errors import translate_transient_errors
from taskbell.application.ports import EventTooLargeError, MessageId
from taskbell.application.serialization import Document, event_to_dict
from taskbell.domain.dead_letters import CAUSE
from taskbell.domain.events import TaskEvent

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_sqs.type_defs import MessageAttributeValueTypeDef, SendMessageBatchRequestEntryTypeDef

# Limits of SendMessageBatch. A message may have 1 MiB since 2025; several in a call keep to the older limit.
_MAX_ENTRIES = 10
_MAX_BYTES = 262_144
_MAX_MESSAGE_BYTES = 1_048_576 - 8_192  # leaves room for a cause

_MAX_CAUSE_LENGTH = 1_000  # characters

# With these a message is received a thousand times, as often as SQS allows, in about a week.
_MAX_DELAY, _MAX_DELAY_AFTER_AN_HOUR = 60, 900  # seconds
_ATTEMPTS_IN_AN_HOUR = 80

# Characters that SQS rejects (Amazon SQS API Reference, SendMessage) and JSON does not escape.
_INVALID_CHARACTERS = re.compile("[\ufffe\uffff]")
_INVALID_IN_ATTRIBUTES = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class SqsEventQueue:
    """Implements `EventQueue`: a FIFO queue with a message group for each task.

    SQS accepts or rejects each message of a batch by itself. To keep the order of each task, no batch has two events of
    one task, and nothing is sent after the first rejection.
    """

    client: "SQSClient"
    url: str

    def send(self, events: Sequence[TaskEvent]) -> Sequence[TaskEvent]:
        """Send events in batches of up to ten.

        Returns:
            The first rejected event and all after it. Some of them may have been accepted; sent again, they are dropped
            by their deduplication ids.

        Raises:
            EventTooLargeError: One of them is larger than 1 MiB; nothing was sent.
        """
        entries = [_entry(event, number) for number, event in enumerate(events)]
        for entry, event in zip(entries, events, strict=True):
            if _size(entry) > _MAX_MESSAGE_BYTES:
                raise EventTooLargeError(event)
        sent = 0
        for batch in _batches(entries):
            response = self.client.send_message_batch(QueueUrl=self.url, Entries=batch)
            rejected = [int(failure["Id"]) for failure in response.get("Failed", [])]
            if rejected:
                return events[min(rejected) :]
            sent += len(batch)
        return events[sent:]


@dataclass(frozen=True, slots=True)
class SqsUnforwardedChanges:
    """Implements `UnforwardedChanges`: the queue that is also the failure destination of the stream's mapping."""

    client: "SQSClient"
    url: str

    def set_aside(self, record: Document, cause: str) -> None:
        """Send `{"record": ...}` to the queue; its cause is cut to 1,000 characters. Raises ClientError over 1 MiB."""
        self.client.send_message(
            QueueUrl=self.url,
            MessageBody=_INVALID_CHARACTERS.sub(_escaped, json.dumps({"record": record}, ensure_ascii=False)),
            MessageAttributes=_cause(cause),
        )


@dataclass(frozen=True, slots=True)
class SqsFailedMessages:
    """Implements `FailedMessages`.

    Attributes:
        client: The SQS client.
        queue_url: The URL of the event queue.
        dead_letters_url: The URL of the dead-letter queue.
        base_delay: The delay after the first attempt, in seconds; it doubles with each further one, up to a minute, and
            is a quarter of an hour when an outage has lasted for about an hour.
        jitter: Returns a random number in [0, 1), by which delays are shortened by up to half.
    """

    client: "SQSClient"
    queue_url: str
    dead_letters_url: str
    base_delay: int
    jitter: Callable[[], float]

    @translate_transient_errors()
    def retry_later(self, attempts: Mapping[str, int]) -> None:
        """Set the visibility timeout of each message, in one call.

        If a timeout cannot be set, the message is delivered again when its present one ends. The messages of a call
        share one random number, so that those of a task are delivered together.

        Args:
            attempts: The attempts at each message, at most ten, or at the one that it waits for, by receipt handle.
        """
        jitter = self.jitter()
        entries = [
            {"Id": str(number), "ReceiptHandle": handle, "VisibilityTimeout": self._delay(count, jitter)}
            for number, (handle, count) in enumerate(attempts.items())
        ]
        if entries:
            self.client.change_message_visibility_batch(QueueUrl=self.queue_url, Entries=entries)  # type: ignore[arg-type]

    def _delay(self, attempts: int, jitter: float) -> int:
        """Exponential backoff with jitter, in seconds; 0 for 0."""
        if attempts == 0:
            return 0
        longest = _MAX_DELAY if attempts <= _ATTEMPTS_IN_AN_HOUR else _MAX_DELAY_AFTER_AN_HOUR
        maximum: int = min(longest, self.base_delay * 2 ** (attempts - 1))
        return maximum - int(jitter * (maximum // 2 + 1))

    @translate_transient_errors()
    def send_to_dead_letter_queue(self, message: MessageId, body: str, cause: str) -> None:
        """Send a message to the dead-letter queue; its cause is cut to 1,000 characters."""
        self.client.send_message(
            QueueUrl=self.dead_letters_url,
            MessageBody=body,
            MessageGroupId=message.group_id,
            MessageDeduplicationId=message.deduplication_id,
            MessageAttributes=_cause(cause),
        )


def _cause(cause: str) -> "dict[str, MessageAttributeValueTypeDef]":
    """The message attribute with the cause, without characters that SQS rejects."""
    text = _INVALID_IN_ATTRIBUTES.sub("?", cause[:_MAX_CAUSE_LENGTH]) or "unknown"
    return {CAUSE: {"DataType": "String", "StringValue": text}}


def _entry(event: TaskEvent, number: int) -> "SendMessageBatchRequestEntryTypeDef":
    group = f"{event.task.owner_id}/{event.task.id}"
    return {
        "Id": str(number),
        "MessageBody": _INVALID_CHARACTERS.sub(_escaped, json.dumps(event_to_dict(event), ensure_ascii=False)),
        "MessageGroupId": group,
        "MessageDeduplicationId": f"{group}:{event.task.version}",
    }


def _size(entry: "SendMessageBatchRequestEntryTypeDef") -> int:
    return len(entry["MessageBody"].encode())


def _escaped(character: re.Match[str]) -> str:
    return f"\\u{ord(character[0]):04x}"


def _batches(
    entries: Sequence["SendMessageBatchRequestEntryTypeDef"],
) -> Iterator[list["SendMessageBatchRequestEntryTypeDef"]]:
    batch: list[SendMessageBatchRequestEntryTypeDef] = []
    groups: set[str] = set()
    size = 0
    for entry in entries:
        entry_size, group = _size(entry), str(entry.get("MessageGroupId"))
        if batch and (len(batch) == _MAX_ENTRIES or size + entry_size > _MAX_BYTES or group in groups):
            yield batch
            batch, groups, size = [], set(), 0
        batch.append(entry)
        groups.add(group)
        size += entry_size
    if batch:
        yield batch
