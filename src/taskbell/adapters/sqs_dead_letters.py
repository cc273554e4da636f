"""Dead letters in SQS, which has no looking: a message is received, and so hidden, and given back.

What was received stays hidden while it is looked at, lest it come twice, and is given back at the end, whatever
happens. Should even that fail, it comes back by itself after `HIDDEN_SECONDS`. In a FIFO queue at most ten messages of
one group can be looked at together, for SQS shows no more of a group while some of it are hidden.
"""

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from taskbell.adapters.aws_errors import translate_transient_errors
from taskbell.adapters.dead_letter_messages import interpret
from taskbell.domain.dead_letters import DeadLetter, NotRemoved

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_sqs.type_defs import ChangeMessageVisibilityBatchRequestEntryTypeDef

# The queues, by the names that the template gives them: what nobody could handle, and what was never forwarded.
GIVEN_UP = "TaskEventsDeadLetters"
UNFORWARDED = "UnforwardedChanges"

HIDDEN_SECONDS = 30
_MOST = 10  # messages in one call


@dataclass(frozen=True, slots=True)
class SqsDeadLetters:
    """The port `DeadLetters`.

    `patience` is how many seconds a queue is asked before it counts as empty: one machine knows at once, while AWS
    must ask all of its own.
    """

    client: "SQSClient"
    urls: Mapping[str, str]
    patience: int

    @property
    def queues(self) -> Sequence[str]:
        """See the port."""
        return tuple(self.urls)

    @contextlib.contextmanager
    def look(self, queue: str) -> "Iterator[SqsLettersInHand]":
        """See the port."""
        hand = SqsLettersInHand(self.client, queue, self.urls[queue], self.patience)
        try:
            yield hand
        finally:
            hand.give_back()


@dataclass
class SqsLettersInHand:
    """The port `LettersInHand`: one call for ten letters, and one more to know that there is nothing new."""

    client: "SQSClient"
    queue: str
    url: str
    patience: int
    held: dict[str, str] = field(default_factory=dict)
    removed: set[str] = field(default_factory=set)

    def letters(self) -> Iterator[DeadLetter]:
        """See the port. Raises Unavailable when SQS does not answer."""
        while new := [_letter(self.queue, message) for message in self._receive() if self._hold(message)]:
            yield from new

    def remove(self, letter: DeadLetter) -> None:
        """See the port."""
        try:
            self.client.delete_message(QueueUrl=self.url, ReceiptHandle=self.held[letter.id])
        except (BotoCoreError, ClientError, KeyError) as error:
            raise NotRemoved from error
        del self.held[letter.id]
        self.removed.add(letter.id)

    @translate_transient_errors()
    def left(self) -> int:
        """See the port."""
        answer = self.client.get_queue_attributes(
            QueueUrl=self.url,
            AttributeNames=["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"],
        )
        return max(len(self.held), sum(map(int, answer["Attributes"].values())))

    def give_back(self) -> None:
        """Let everybody see the messages again that are held."""
        handles = list(self.held.values())
        self.held.clear()
        for start in range(0, len(handles), _MOST):
            entries: list[ChangeMessageVisibilityBatchRequestEntryTypeDef] = [
                {"Id": str(number), "ReceiptHandle": handle, "VisibilityTimeout": 0}
                for number, handle in enumerate(handles[start : start + _MOST])
            ]
            with contextlib.suppress(BotoCoreError, ClientError):
                self.client.change_message_visibility_batch(QueueUrl=self.url, Entries=entries)

    @translate_transient_errors()
    def _receive(self) -> Sequence[Mapping[str, Any]]:
        answer = self.client.receive_message(
            QueueUrl=self.url,
            MaxNumberOfMessages=_MOST,
            VisibilityTimeout=HIDDEN_SECONDS,
            WaitTimeSeconds=self.patience,
            MessageSystemAttributeNames=["All"],
            MessageAttributeNames=["All"],
        )
        return answer.get("Messages", [])

    def _hold(self, message: Mapping[str, Any]) -> bool:
        """Whether the message is new; its latest receipt handle is the one that counts."""
        id_ = str(message["MessageId"])
        if id_ in self.removed:
            return False
        new = id_ not in self.held
        self.held[id_] = str(message["ReceiptHandle"])
        return new


def _letter(queue: str, message: Mapping[str, Any]) -> DeadLetter:
    attributes: Mapping[str, str] = message.get("Attributes", {})
    sent = attributes.get("SentTimestamp")  # milliseconds since 1970
    beside = message.get("MessageAttributes", {}).items()
    letter = DeadLetter(
        id=str(message["MessageId"]),
        queue=queue,
        body=str(message["Body"]),
        sent_at=datetime.fromtimestamp(int(sent) / 1000, UTC) if sent else None,
        receives=int(attributes.get("ApproximateReceiveCount", 0)),
        group=attributes.get("MessageGroupId"),
        deduplication_id=attributes.get("MessageDeduplicationId", ""),
        notes={name: note["StringValue"] for name, note in beside if "StringValue" in note},
        attributes=attributes,
    )
    return interpret(letter)
