"""Looks at the messages of a queue. SQS has no looking: a message is received, and so hidden, and given back.

What was received stays hidden while it is looked at, lest it come twice, and is given back at the end, whatever
happens. Should even that fail, it comes back by itself after `HIDDEN_SECONDS`. In a FIFO queue at most ten messages of
one group can be looked at together, for SQS shows no more of a group while some of it are hidden.
"""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from operate.letters import Letter
from operate.stage import Queue, Stage

HIDDEN_SECONDS = 30
_MOST = 10  # messages in one call


@dataclass
class Looking:
    """Messages of one queue that are held while they are looked at."""

    client: Any
    queue: Queue
    patience: int
    held: dict[str, str] = field(default_factory=dict)
    taken: set[str] = field(default_factory=set)

    def letters(self) -> Iterator[Letter]:
        """Each message once, the oldest of a group first; ends when the queue shows nothing new."""
        while new := [letter for letter in self._receive() if self._hold(letter)]:
            yield from new

    def take(self, letter: Letter) -> None:
        """Remove a letter for good. Raises ClientError when it was shown to somebody else meanwhile."""
        self.client.delete_message(QueueUrl=self.queue.url, ReceiptHandle=self.held[letter.id])
        del self.held[letter.id]
        self.taken.add(letter.id)

    def unseen(self) -> int:
        """How many more messages the queue says it has, about."""
        counts = ("ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible")
        answer = self.client.get_queue_attributes(QueueUrl=self.queue.url, AttributeNames=list(counts))
        return max(0, sum(int(answer["Attributes"][count]) for count in counts) - len(self.held))

    def give_back(self) -> None:
        """Let everybody see the messages again that are held."""
        handles = list(self.held.values())
        self.held.clear()
        for start in range(0, len(handles), _MOST):
            entries = [
                {"Id": str(number), "ReceiptHandle": handle, "VisibilityTimeout": 0}
                for number, handle in enumerate(handles[start : start + _MOST])
            ]
            with contextlib.suppress(BotoCoreError, ClientError):
                self.client.change_message_visibility_batch(QueueUrl=self.queue.url, Entries=entries)

    def _receive(self) -> list[Letter]:
        answer = self.client.receive_message(
            QueueUrl=self.queue.url,
            MaxNumberOfMessages=_MOST,
            VisibilityTimeout=HIDDEN_SECONDS,
            WaitTimeSeconds=self.patience,
            MessageSystemAttributeNames=["All"],
            MessageAttributeNames=["All"],
        )
        return [Letter(self.queue.name, message) for message in answer.get("Messages", [])]

    def _hold(self, letter: Letter) -> bool:
        """Whether the letter is new; its latest receipt handle is the one that counts."""
        if letter.id in self.taken:
            return False
        new = letter.id not in self.held
        self.held[letter.id] = str(letter.message["ReceiptHandle"])
        return new


@contextlib.contextmanager
def look(stage: Stage, queue: Queue) -> Iterator[Looking]:
    """Look at a queue, and give back at the end what was not taken."""
    looking = Looking(stage.client("sqs"), queue, stage.patience)
    try:
        yield looking
    finally:
        looking.give_back()
