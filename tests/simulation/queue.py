"""The event source mapping from the queue to handleEvents, and two versions of the code side by side."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tests.simulation.functions import FailedCall, Functions, event_source
from tests.simulation.world import World
from tests.support.simulated_aws.errors import EXCEPTIONS
from tests.support.simulated_aws.sqs import SimulatedSqs

_QUEUE_ARN = "arn:aws:sqs:eu-central-1:123456789012:events.fifo"
_NEWER = '"type": "NEWER_'  # a type of event that the older version of the code does not know


@dataclass
class Poller:
    """Receives messages, calls handleEvents with them, and deletes those that were handled."""

    world: World
    functions: Functions
    sqs: SimulatedSqs
    url: str

    def wake(self, url: str, at: datetime) -> None:
        """Poll when a message can be received."""
        if url == self.url:
            delay = (at - self.world.now()).total_seconds()
            self.world.later(delay + 0.01 + 0.2 * self.world.chance.next("poll"), self.poll)

    def poll(self) -> None:
        """Handle a batch."""
        most = 1 + int(self.world.chance.next("messages") * event_source("handleEvents", "sqs")["batchSize"])
        messages = self.sqs.receive_message(QueueUrl=self.url, MaxNumberOfMessages=most).get("Messages", [])
        number = self.world.number("receive") if messages else 0
        if not messages or self.world.fault(f"receive#{number} dropped"):
            return
        quiet = self.world.seconds >= self.world.quiet_after and self.world.older_rate < 1
        older = 0.0 if quiet else self.world.older_rate
        new = not self.world.fault(f"receive#{number} by the older version", rate=older)
        event = {"Records": [_record(read_by(new, message)) for message in messages]}
        try:
            answer = self.functions.call("handleEvents", event, new=new)
        except FailedCall:
            return
        failed = {failure["itemIdentifier"] for failure in answer["batchItemFailures"]}
        for message in messages:
            if message["MessageId"] not in failed and not self.world.fault(
                f"receive#{number} kept {message['MessageId']}"
            ):
                self.sqs.delete_message(QueueUrl=self.url, ReceiptHandle=message["ReceiptHandle"])


@dataclass
class QueueClient:
    """The client `sqs`, through which a newer version of the code may send what the older one does not know."""

    world: World
    sqs: SimulatedSqs
    newer: set[str]
    exceptions = EXCEPTIONS

    def send_message_batch(self, *, QueueUrl: str, Entries: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
        rejected = [entry for entry in Entries if self._is_rejected(entry)]
        written = [self._written(entry) for entry in Entries if entry not in rejected]
        if written:
            self.sqs.send_message_batch(QueueUrl=QueueUrl, Entries=written)
        return {"Failed": [{"Id": entry["Id"]} for entry in rejected]}

    def receive_message(self, **request: Any) -> dict[str, Any]:
        answer = self.sqs.receive_message(**request)
        return {"Messages": [read_by(self.world.processes[-1].new, message) for message in answer.get("Messages", ())]}

    def __getattr__(self, operation: str) -> Any:
        return getattr(self.sqs, operation)

    def _is_rejected(self, entry: Mapping[str, Any]) -> bool:
        id_ = entry["MessageDeduplicationId"]
        return self.world.fault(f"{id_} rejected #{self.world.number(f'rejected {id_}')}")

    def _written(self, entry: Mapping[str, Any]) -> Mapping[str, Any]:
        id_ = entry["MessageDeduplicationId"]
        rate = 0.0 if self.world.seconds >= self.world.quiet_after else self.world.older_rate / 5
        if not self.world.fault(f"{id_} by the newer version #{self.world.number(id_)}", rate=rate):
            return entry
        self.newer.add(id_)
        return {**entry, "MessageBody": entry["MessageBody"].replace('"type": "', _NEWER, 1)}


def read_by(new: bool, message: dict[str, Any]) -> dict[str, Any]:
    """The message as a version of the code understands it."""
    return {**message, "Body": message["Body"].replace(_NEWER, '"type": "', 1)} if new else message


def _record(message: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "messageId": message["MessageId"],
        "receiptHandle": message["ReceiptHandle"],
        "body": message["Body"],
        "attributes": message["Attributes"],
        "messageAttributes": {
            name: {"stringValue": value["StringValue"], "dataType": value["DataType"]}
            for name, value in message["MessageAttributes"].items()
        },
        "eventSource": "aws:sqs",
        "eventSourceARN": _QUEUE_ARN,
        "awsRegion": "eu-central-1",
    }
