"""Where dead letters are redriven to: the event queue, the workflow, and the functions that read the table's stream.

A failed execution is started under a new name. RedriveExecution would not help: it resumes at the failed state, which
here is the state `Failed` that ends the workflow after it has caught the error.

Stream records that were not passed on are not in the message: Lambda names their range of the stream, which keeps them
for 24 hours. Until then the range is read again, and its records passed to their functions as the mappings would do.
Records that were passed on before may be passed on twice, since consumers are idempotent. Format of the message: AWS
Lambda Developer Guide, "Retaining discarded batches for a DynamoDB event source".
"""

import json
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from taskbell.adapters.stepfunctions import retried_name
from taskbell.domain.dead_letters import CAUSE, DeadLetter, RedriveError

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

_MAX_ATTEMPTS = 100
_MAX_RECORDS = 100  # in one invocation, as the mapping's batchSize
# The filters of the mappings.
_FUNCTIONS = {"TASK#": "forwardChanges", "NOTE#": "pushNotifications", "PROFILE": "pushNotifications"}
_UNSUPPORTED = frozenset({"InvalidAction", "UnsupportedOperation", "AWS.SimpleQueueService.UnsupportedOperation"})

Record = dict[str, Any]


@dataclass(frozen=True, slots=True)
class AwsRedriveTargets:
    """Implements `RedriveTargets`.

    Attributes:
        client: Creates the client of an AWS service, by the service's name; called when a message needs it.
        events_url: The URL of the event queue.
        state_machine_arn: The workflow.
        function_name: Returns the name of a function of this stage; called when a message needs it.
    """

    client: Callable[[str], Any]
    events_url: str
    state_machine_arn: str
    function_name: Callable[[str], str]

    def resend_event(self, dead_letter: DeadLetter, deduplication_id: str) -> None:
        """Send an event to the event queue again. It keeps its attributes, and has a cause: that shows that it is late.

        Raises:
            RedriveError: SQS rejected the message or did not answer.
        """
        attributes = {CAUSE: "unknown", **dead_letter.message_attributes}
        with _as_redrive_errors():
            self.client("sqs").send_message(
                QueueUrl=self.events_url,
                MessageBody=dead_letter.body,
                MessageGroupId=dead_letter.group_id or f"{dead_letter.owner_id}/{dead_letter.task_id}",
                MessageDeduplicationId=deduplication_id,
                MessageAttributes={
                    name: {"DataType": "String", "StringValue": value} for name, value in attributes.items()
                },
            )

    def restart_execution(self, dead_letter: DeadLetter) -> str:
        """Start a failed execution under the first name that is free: one call for each name.

        Returns:
            The ARN of the new execution.

        Raises:
            RedriveError: The call failed, or no name is free.
        """
        client, failed = self.client("stepfunctions"), dead_letter.content
        with _as_redrive_errors():
            for attempt in range(2, _MAX_ATTEMPTS):
                name = retried_name(failed["execution"].rpartition(":")[2], attempt)
                try:
                    started = client.start_execution(
                        stateMachineArn=self.state_machine_arn, name=name, input=json.dumps(failed["input"])
                    )
                except client.exceptions.ExecutionAlreadyExists:
                    continue
                return str(started["executionArn"])
        raise RedriveError(f"It has been restarted {_MAX_ATTEMPTS - 2} times already.")

    def replay_records(self, dead_letter: DeadLetter) -> int:
        """Invoke functions with the record of the message, or with their records that are read again.

        At most a hundred are passed at a time.

        Returns:
            The number of records that were passed on.

        Raises:
            RedriveError: The stream no longer has the records, an AWS call failed, or a function failed.
        """
        with _as_redrive_errors():
            if record := dead_letter.content.get("record"):
                self._invoke(_function_of(record) or "forwardChanges", [record])
                return 1
            batch_info = dead_letter.content["DDBStreamBatchInfo"]
            found = list(self._records(batch_info))
            if not found:
                raise RedriveError("The stream no longer has these changes (it keeps them for 24 hours).")
            records: defaultdict[str, list[Record]] = defaultdict(list)
            for record in found:
                if function := _function_of(record):
                    records[function].append(_lambda_record(record, batch_info["streamArn"]))
            for function, all_ in records.items():
                for start in range(0, len(all_), _MAX_RECORDS):
                    self._invoke(function, all_[start : start + _MAX_RECORDS])
        return sum(map(len, records.values()))

    def _records(self, batch_info: Mapping[str, str]) -> Iterator[Record]:
        """The records from the first to the last sequence number; none if the stream no longer has them."""
        client = self.client("dynamodbstreams")
        try:
            iterator = client.get_shard_iterator(
                StreamArn=batch_info["streamArn"],
                ShardId=batch_info["shardId"],
                ShardIteratorType="AT_SEQUENCE_NUMBER",
                SequenceNumber=batch_info["startSequenceNumber"],
            )["ShardIterator"]
            last = int(batch_info["endSequenceNumber"])
            while iterator:
                response = client.get_records(ShardIterator=iterator)
                for record in response["Records"]:
                    if int(record["dynamodb"]["SequenceNumber"]) > last:
                        return
                    yield record
                iterator = response.get("NextShardIterator") if response["Records"] else None
        except (client.exceptions.TrimmedDataAccessException, client.exceptions.ResourceNotFoundException):
            return

    def _invoke(self, function: str, records: list[Record]) -> None:
        response = self.client("lambda").invoke(
            FunctionName=self.function_name(function), Payload=json.dumps({"Records": records, "redriven": True})
        )
        payload = json.loads(response["Payload"].read())
        if response.get("FunctionError") or payload.get("batchItemFailures"):
            raise RedriveError(f"{function} failed; see its log.")


@dataclass(frozen=True, slots=True)
class SqsMessageMover:
    """Implements `MessageMover`: StartMessageMoveTask, which not every emulator of SQS supports."""

    client: "SQSClient"
    source_url: str
    destination_url: str

    def move_all(self) -> bool:
        """Start a message move task: three calls.

        Returns:
            False if the service does not know the action.
        """
        source, destination = (
            self.client.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
            for url in (self.source_url, self.destination_url)
        )
        try:
            self.client.start_message_move_task(SourceArn=source, DestinationArn=destination)
        except ClientError as error:
            if error.response["Error"]["Code"] not in _UNSUPPORTED:
                raise
            return False
        return True


@contextmanager
def _as_redrive_errors() -> Iterator[None]:
    """Raise RedriveError for the errors of AWS calls."""
    try:
        yield
    except BotoCoreError as error:
        raise RedriveError("AWS did not answer.") from error
    except ClientError as error:
        raise RedriveError("AWS rejected the request.") from error


def _function_of(record: Record) -> str | None:
    """The function that takes changes of such an item, if one does."""
    key = record["dynamodb"].get("Keys", {}).get("sk", {}).get("S", "")
    return next((function for prefix, function in _FUNCTIONS.items() if key.startswith(prefix)), None)


def _lambda_record(record: Record, stream_arn: str) -> Record:
    """A record of the stream as Lambda passes it to a function."""
    change = dict(record["dynamodb"])
    created = change.get("ApproximateCreationDateTime")
    if isinstance(created, datetime):
        change["ApproximateCreationDateTime"] = created.timestamp()
    return {**record, "dynamodb": change, "eventSourceARN": stream_arn}
