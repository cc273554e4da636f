"""The dead-letter queues in SQS.

SQS cannot list messages: reading one receives it, which hides it from other consumers for its visibility timeout. A
receiver therefore keeps the receipt handles of what it received and makes the messages visible again when it is closed,
even after an error. If that fails too, they reappear after `VISIBILITY_TIMEOUT_SECONDS`. A FIFO queue returns at most
ten messages of a group, since it returns no more of a group while some of its messages are in flight.
"""

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from taskbell.adapters.aws_errors import translate_transient_errors
from taskbell.adapters.dead_letter_messages import parse_body
from taskbell.domain.dead_letters import DeadLetter, DeletionError

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_sqs.type_defs import ChangeMessageVisibilityBatchRequestEntryTypeDef

# The queues by their names in the template: messages that failed, and stream records that became no events.
TASK_EVENTS_DEAD_LETTERS = "TaskEventsDeadLetters"
UNFORWARDED_CHANGES = "UnforwardedChanges"

VISIBILITY_TIMEOUT_SECONDS = 30
_MAX_BATCH_SIZE = 10  # messages in one call


@dataclass(frozen=True, slots=True)
class SqsDeadLetterQueues:
    """Implements `DeadLetterQueues`.

    Attributes:
        client: The SQS client.
        urls: The queues' URLs by name.
        wait_seconds: How long a receive waits for messages (`WaitTimeSeconds`). Needed in AWS, where only long polling
            queries all servers; 0 for a queue on one machine.
    """

    client: "SQSClient"
    urls: Mapping[str, str]
    wait_seconds: int

    @property
    def names(self) -> Sequence[str]:
        """The names of the queues."""
        return tuple(self.urls)

    @contextlib.contextmanager
    def receiver(self, queue: str) -> "Iterator[SqsDeadLetterReceiver]":
        """Receive messages of a queue; on exit those that were not deleted become visible again."""
        receiver = SqsDeadLetterReceiver(self.client, queue, self.urls[queue], self.wait_seconds)
        try:
            yield receiver
        finally:
            receiver.release()


@dataclass
class SqsDeadLetterReceiver:
    """Implements `DeadLetterReceiver`."""

    client: "SQSClient"
    queue: str
    url: str
    wait_seconds: int
    receipt_handles: dict[str, str] = field(default_factory=dict)
    deleted: set[str] = field(default_factory=set)

    def receive(self) -> Iterator[DeadLetter]:
        """Receive until nothing new is returned: one call for ten messages, and one that returns none.

        Yields:
            Each message once.

        Raises:
            UnavailableError: SQS did not answer.
        """
        while new := [_dead_letter(self.queue, message) for message in self._receive_batch() if self._keep(message)]:
            yield from new

    def delete(self, dead_letter: DeadLetter) -> None:
        """Delete a received message.

        Raises:
            DeletionError: The call failed, or the message was not received or is already deleted.
        """
        try:
            self.client.delete_message(QueueUrl=self.url, ReceiptHandle=self.receipt_handles[dead_letter.id])
        except (BotoCoreError, ClientError, KeyError) as error:
            raise DeletionError from error
        del self.receipt_handles[dead_letter.id]
        self.deleted.add(dead_letter.id)

    @translate_transient_errors()
    def approximate_count(self) -> int:
        """The approximate number of messages in the queue, including those in flight."""
        response = self.client.get_queue_attributes(
            QueueUrl=self.url,
            AttributeNames=["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"],
        )
        return max(len(self.receipt_handles), sum(map(int, response["Attributes"].values())))

    def release(self) -> None:
        """Make the received messages visible again; errors are ignored, since the timeout does the same."""
        handles = list(self.receipt_handles.values())
        self.receipt_handles.clear()
        for start in range(0, len(handles), _MAX_BATCH_SIZE):
            entries: list[ChangeMessageVisibilityBatchRequestEntryTypeDef] = [
                {"Id": str(number), "ReceiptHandle": handle, "VisibilityTimeout": 0}
                for number, handle in enumerate(handles[start : start + _MAX_BATCH_SIZE])
            ]
            with contextlib.suppress(BotoCoreError, ClientError):
                self.client.change_message_visibility_batch(QueueUrl=self.url, Entries=entries)

    @translate_transient_errors()
    def _receive_batch(self) -> Sequence[Mapping[str, Any]]:
        response = self.client.receive_message(
            QueueUrl=self.url,
            MaxNumberOfMessages=_MAX_BATCH_SIZE,
            VisibilityTimeout=VISIBILITY_TIMEOUT_SECONDS,
            WaitTimeSeconds=self.wait_seconds,
            MessageSystemAttributeNames=["All"],
            MessageAttributeNames=["All"],
        )
        return response.get("Messages", [])

    def _keep(self, message: Mapping[str, Any]) -> bool:
        """Keep the message's latest receipt handle; whether the message is new."""
        id_ = str(message["MessageId"])
        if id_ in self.deleted:
            return False
        new = id_ not in self.receipt_handles
        self.receipt_handles[id_] = str(message["ReceiptHandle"])
        return new


def _dead_letter(queue: str, message: Mapping[str, Any]) -> DeadLetter:
    attributes: Mapping[str, str] = message.get("Attributes", {})
    sent = attributes.get("SentTimestamp")  # milliseconds since 1970
    message_attributes = message.get("MessageAttributes", {}).items()
    return parse_body(
        DeadLetter(
            id=str(message["MessageId"]),
            queue=queue,
            body=str(message["Body"]),
            sent_at=datetime.fromtimestamp(int(sent) / 1000, UTC) if sent else None,
            receive_count=int(attributes.get("ApproximateReceiveCount", 0)),
            group_id=attributes.get("MessageGroupId"),
            deduplication_id=attributes.get("MessageDeduplicationId", ""),
            message_attributes={
                name: value["StringValue"] for name, value in message_attributes if "StringValue" in value
            },
            attributes=attributes,
        )
    )
