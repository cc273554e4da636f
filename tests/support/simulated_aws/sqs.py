"""SQS in memory: FIFO groups, visibility, receive counts, deduplication, retention and redrive policies.

Source: Amazon SQS Developer Guide, "FIFO queue delivery logic", "Exactly-once processing" and "Dead-letter queues".
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from tests.support.simulated_aws.errors import EXCEPTIONS, client_error
from tests.support.template_file import template_file

_DEDUPLICATION_INTERVAL = timedelta(minutes=5)
_MAX_BATCH = 10
_MAX_VISIBILITY_SECONDS = 43_200
_MAX_BYTES = 1_048_576  # of a message or a batch


@dataclass(frozen=True)
class QueueSettings:
    """A queue as the template defines it. `max_receive_count` is None without a redrive policy."""

    url: str
    visibility_timeout: int = 30
    retention: timedelta = timedelta(days=4)
    dead_letters_url: str | None = None
    max_receive_count: int | None = None

    @property
    def fifo(self) -> bool:
        return self.url.endswith(".fifo")


def event_queue_settings(url: str, dead_letters_url: str) -> QueueSettings:
    """The settings of the queue TaskEvents in the template."""
    properties = template_file("infrastructure/queues.yml")["Resources"]["TaskEvents"]["Properties"]
    return QueueSettings(
        url,
        properties["VisibilityTimeout"],
        timedelta(seconds=properties["MessageRetentionPeriod"]),
        dead_letters_url,
        properties["RedrivePolicy"]["maxReceiveCount"],
    )


@dataclass
class Message:
    """A message of a queue; it is hidden until `visible_at`."""

    id: str
    body: str
    group: str | None
    deduplication_id: str
    attributes: Mapping[str, Any]
    sent_at: datetime
    visible_at: datetime
    receives: int = 0

    @property
    def receipt(self) -> str:
        return f"{self.id}/{self.receives}"


@dataclass
class Queue:
    """The messages of a queue in their order."""

    settings: QueueSettings
    messages: list[Message] = field(default_factory=list)
    sent: dict[tuple[str | None, str], datetime] = field(default_factory=dict)


@dataclass
class SimulatedSqs:
    """The queues of one account.

    Attributes:
        clock: The current time.
        queues: By URL.
        on_visible: Called with a queue's URL and when a message of it can be received, now or later.
        group_order: The order in which groups are looked at; SQS promises none.
    """

    clock: Callable[[], datetime]
    queues: dict[str, Queue]
    on_visible: Callable[[str, datetime], None] = lambda _url, _at: None
    group_order: Callable[[list[str | None]], list[str | None]] = lambda groups: groups
    ids: int = 0
    exceptions = EXCEPTIONS

    @classmethod
    def of(cls, clock: Callable[[], datetime], *settings: QueueSettings) -> "SimulatedSqs":
        return cls(clock, {each.url: Queue(each) for each in settings})

    def send_message(self, *, QueueUrl: str, MessageBody: str, **entry: Any) -> dict[str, str]:
        return {"MessageId": self._send(self.queues[QueueUrl], MessageBody, entry)}

    def send_message_batch(self, *, QueueUrl: str, Entries: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
        if not 1 <= len(Entries) <= _MAX_BATCH:
            raise client_error("AWS.SimpleQueueService.TooManyEntriesInBatchRequest", "SendMessageBatch")
        if sum(len(entry["MessageBody"].encode()) for entry in Entries) > _MAX_BYTES:
            raise client_error("AWS.SimpleQueueService.BatchRequestTooLong", "SendMessageBatch")
        for entry in Entries:
            self._send(self.queues[QueueUrl], entry["MessageBody"], entry)
        return {"Successful": [{"Id": entry["Id"]} for entry in Entries], "Failed": []}

    def receive_message(
        self,
        *,
        QueueUrl: str,
        MaxNumberOfMessages: int = 1,
        VisibilityTimeout: int | None = None,
        **_rest: Any,
    ) -> dict[str, Any]:
        queue, now = self.queues[QueueUrl], self.clock()
        self._forget_old(queue)
        hidden = queue.settings.visibility_timeout if VisibilityTimeout is None else VisibilityTimeout
        received: list[Message] = []
        for message in self._receivable(queue):
            if len(received) == MaxNumberOfMessages:
                break
            if queue.settings.max_receive_count and message.receives >= queue.settings.max_receive_count:
                self._move(message, queue)
                continue
            message.receives += 1
            message.visible_at = now + timedelta(seconds=hidden)
            received.append(message)
            self.on_visible(QueueUrl, message.visible_at)
        return {"Messages": [_received(message) for message in received]} if received else {}

    def delete_message(self, *, QueueUrl: str, ReceiptHandle: str) -> None:
        queue = self.queues[QueueUrl]
        message = self._of_receipt(queue, ReceiptHandle)
        if message and (not queue.settings.fifo or message.visible_at > self.clock()):
            queue.messages.remove(message)
            self.on_visible(QueueUrl, self.clock())

    def change_message_visibility_batch(
        self,
        *,
        QueueUrl: str,
        Entries: Sequence[Mapping[str, Any]],
    ) -> dict[str, Any]:
        if not 1 <= len(Entries) <= _MAX_BATCH:
            raise client_error("AWS.SimpleQueueService.TooManyEntriesInBatchRequest", "ChangeMessageVisibilityBatch")
        failed = []
        for entry in Entries:
            message = self._of_receipt(self.queues[QueueUrl], entry["ReceiptHandle"])
            if not 0 <= entry["VisibilityTimeout"] <= _MAX_VISIBILITY_SECONDS or message is None:
                failed.append({"Id": entry["Id"]})
                continue
            message.visible_at = self.clock() + timedelta(seconds=entry["VisibilityTimeout"])
            self.on_visible(QueueUrl, message.visible_at)
        return {"Failed": failed}

    def get_queue_attributes(self, *, QueueUrl: str, AttributeNames: Sequence[str]) -> dict[str, Any]:
        messages, now = self.queues[QueueUrl].messages, self.clock()
        hidden = sum(message.visible_at > now for message in messages)
        counts = {
            "ApproximateNumberOfMessages": str(len(messages) - hidden),
            "ApproximateNumberOfMessagesNotVisible": str(hidden),
        }
        return {"Attributes": {name: counts[name] for name in AttributeNames}}

    def _send(self, queue: Queue, body: str, entry: Mapping[str, Any]) -> str:
        now, group = self.clock(), entry.get("MessageGroupId")
        if queue.settings.fifo and not group:
            raise client_error("MissingParameter", "SendMessage")
        identity = (group, str(entry.get("MessageDeduplicationId", "")))
        self.ids += 1
        if queue.settings.fifo:
            if identity in queue.sent and now - queue.sent[identity] < _DEDUPLICATION_INTERVAL:
                return f"m{self.ids}"
            queue.sent[identity] = now
        attributes = entry.get("MessageAttributes", {})
        queue.messages.append(Message(f"m{self.ids}", body, group, identity[1], attributes, now, now))
        self.on_visible(queue.settings.url, now)
        return f"m{self.ids}"

    def _receivable(self, queue: Queue) -> Iterator[Message]:
        """The messages that may be received; none of a group of which one is in flight."""
        now = self.clock()
        groups: dict[str | None, list[Message]] = {}
        for message in queue.messages:
            groups.setdefault(message.group, []).append(message)
        for group in self.group_order(list(groups)):
            of_group = groups[group]
            if group is None:
                yield from [message for message in of_group if message.visible_at <= now]
            elif all(message.visible_at <= now for message in of_group):
                yield from of_group[:_MAX_BATCH]

    def _move(self, message: Message, queue: Queue) -> None:
        """Move a message to the dead-letter queue, as the redrive policy says."""
        queue.messages.remove(message)
        target = self.queues[str(queue.settings.dead_letters_url)]
        message.visible_at = self.clock()
        target.messages.append(message)

    def _forget_old(self, queue: Queue) -> None:
        oldest = self.clock() - queue.settings.retention
        queue.messages[:] = [message for message in queue.messages if message.sent_at > oldest]

    def _of_receipt(self, queue: Queue, receipt: str) -> Message | None:
        return next((message for message in queue.messages if message.receipt == receipt), None)


def _received(message: Message) -> dict[str, Any]:
    attributes = {
        "ApproximateReceiveCount": str(message.receives),
        "SentTimestamp": str(int(message.sent_at.timestamp() * 1000)),
    }
    if message.group:
        attributes |= {"MessageGroupId": message.group, "MessageDeduplicationId": message.deduplication_id}
    return {
        "MessageId": message.id,
        "ReceiptHandle": message.receipt,
        "Body": message.body,
        "Attributes": attributes,
        "MessageAttributes": message.attributes,
    }
