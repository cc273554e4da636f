"""The ways in which what a dead letter stands for comes back: into the queue, the workflow, or forwardChanges.

A failed execution is started anew under a name of its own: RedriveExecution would go on at the state `Failed` and fail
again, because the workflow catches every error before it ends there.

Changes that never became events are only named by Lambda, as a stretch of the stream, which keeps them for 24 hours.
Until then the stretch is read again and handed to forwardChanges, as the stream's own mapping would have done it.
Handing over what was forwarded in part is harmless: events come twice anyway. Shape of the message: AWS Lambda
Developer Guide, "Retaining discarded batches for a DynamoDB event source".
"""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from taskbell.adapters.dead_letter_messages import CAUSE
from taskbell.adapters.stepfunctions import retried_name
from taskbell.domain.dead_letters import DeadLetter, NotPassedOn

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

_ATTEMPTS = 100
_MOST = 100  # records in one invocation, as the mapping's batchSize
_TASKS = "TASK#"  # what the mapping lets through
_NO_SUCH_ACTION = frozenset({"InvalidAction", "UnsupportedOperation", "AWS.SimpleQueueService.UnsupportedOperation"})

Record = dict[str, Any]


@dataclass(frozen=True, slots=True)
class AwsWaysBack:
    """The port `WaysBack`. Clients are made, and forwardChanges is looked up, when a letter needs them."""

    client: Callable[[str], Any]
    events_url: str
    state_machine_arn: str
    forward_changes: Callable[[], str]

    def send(self, letter: DeadLetter, deduplication_id: str) -> None:
        """See the port. One call."""
        notes = {name: value for name, value in letter.notes.items() if name != CAUSE}
        with _refusals():
            self.client("sqs").send_message(
                QueueUrl=self.events_url,
                MessageBody=letter.body,
                MessageGroupId=letter.group or f"{letter.owner_id}/{letter.task_id}",
                MessageDeduplicationId=deduplication_id,
                MessageAttributes={name: {"DataType": "String", "StringValue": value} for name, value in notes.items()},
            )

    def start(self, letter: DeadLetter) -> str:
        """See the port. A call for each time that it was started before, and one more."""
        client, failed = self.client("stepfunctions"), letter.content
        with _refusals():
            for attempt in range(2, _ATTEMPTS):
                name = retried_name(failed["execution"].rpartition(":")[2], attempt)
                try:
                    started = client.start_execution(
                        stateMachineArn=self.state_machine_arn, name=name, input=json.dumps(failed["input"])
                    )
                except client.exceptions.ExecutionAlreadyExists:
                    continue
                return str(started["executionArn"])
        raise NotPassedOn(f"It was started anew {_ATTEMPTS - 2} times; something is wrong with it.")

    def forward(self, letter: DeadLetter) -> int:
        """See the port. Two calls or more for the stretch of the stream, and one for each hundred changes."""
        stretch = letter.content["DDBStreamBatchInfo"]
        with _refusals():
            records = list(self._records(stretch))
            if not records:
                raise NotPassedOn("The stream does not have these changes any more (it keeps them for 24 hours).")
            ours = [record for record in records if record["dynamodb"]["Keys"]["sk"]["S"].startswith(_TASKS)]
            for start in range(0, len(ours), _MOST):
                self._invoke([_as_event(record, stretch["streamArn"]) for record in ours[start : start + _MOST]])
        return len(ours)

    def _records(self, stretch: Mapping[str, str]) -> Iterator[Record]:
        """The records from the first to the last sequence number; none when they have left the stream."""
        client = self.client("dynamodbstreams")
        try:
            iterator = client.get_shard_iterator(
                StreamArn=stretch["streamArn"],
                ShardId=stretch["shardId"],
                ShardIteratorType="AT_SEQUENCE_NUMBER",
                SequenceNumber=stretch["startSequenceNumber"],
            )["ShardIterator"]
            last = int(stretch["endSequenceNumber"])
            while iterator:
                answer = client.get_records(ShardIterator=iterator)
                for record in answer["Records"]:
                    if int(record["dynamodb"]["SequenceNumber"]) > last:
                        return
                    yield record
                iterator = answer.get("NextShardIterator") if answer["Records"] else None
        except (client.exceptions.TrimmedDataAccessException, client.exceptions.ResourceNotFoundException):
            return

    def _invoke(self, records: list[Record]) -> None:
        answer = self.client("lambda").invoke(
            FunctionName=self.forward_changes(), Payload=json.dumps({"Records": records})
        )
        said = json.loads(answer["Payload"].read())
        if answer.get("FunctionError") or said.get("batchItemFailures"):
            raise NotPassedOn("forwardChanges could not forward them; its log has why.")


@dataclass(frozen=True, slots=True)
class SqsMessageMover:
    """The port `MessageMover`: StartMessageMoveTask, which not every SQS has."""

    client: "SQSClient"
    source_url: str
    destination_url: str

    def move_all(self) -> bool:
        """See the port. Three calls."""
        source, destination = (
            self.client.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
            for url in (self.source_url, self.destination_url)
        )
        try:
            self.client.start_message_move_task(SourceArn=source, DestinationArn=destination)
        except ClientError as error:
            if error.response["Error"]["Code"] not in _NO_SUCH_ACTION:
                raise
            return False
        return True


@contextmanager
def _refusals() -> Iterator[None]:
    """Raises NotPassedOn for what AWS refuses or does not answer."""
    try:
        yield
    except BotoCoreError as error:
        raise NotPassedOn("AWS did not answer.") from error
    except ClientError as error:
        raise NotPassedOn("AWS refused it.") from error


def _as_event(record: Record, stream: str) -> Record:
    """A record of the stream as Lambda hands it to a function."""
    change = dict(record["dynamodb"])
    created = change.get("ApproximateCreationDateTime")
    if isinstance(created, datetime):
        change["ApproximateCreationDateTime"] = created.timestamp()
    return {**record, "dynamodb": change, "eventSourceARN": stream}
