"""Changes of the table that never became events: Lambda names a stretch of the stream, and the stream still has it.

The stream keeps a change for 24 hours. Until then the stretch is read again and handed to forwardChanges, as the
stream's own mapping would have done it. Handing over what was forwarded in part is harmless: events come twice anyway.
Shape of the message: AWS Lambda Developer Guide, "Retaining discarded batches for a DynamoDB event source".
"""

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from operate.stage import Stage, stack_name
from operate.troubles import Refused

_MOST = 100  # records in one invocation, as the mapping's batchSize
_TASKS = "TASK#"  # what the mapping lets through

Record = dict[str, Any]


def forward(stage: Stage, stretch: Mapping[str, str]) -> int:
    """Hand the stretch to forwardChanges; how many changes that were. Raises Refused when not all could be."""
    records = list(_records(stage, stretch))
    if not records:
        raise Refused("The stream does not have these changes any more (it keeps them for 24 hours).")
    ours = [record for record in records if record["dynamodb"]["Keys"]["sk"]["S"].startswith(_TASKS)]
    for start in range(0, len(ours), _MOST):
        _invoke(stage, [_as_event(record, stretch["streamArn"]) for record in ours[start : start + _MOST]])
    return len(ours)


def _records(stage: Stage, stretch: Mapping[str, str]) -> Iterator[Record]:
    """The records from the first to the last sequence number; none when they have left the stream."""
    client = stage.client("dynamodbstreams")
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


def _invoke(stage: Stage, records: list[Record]) -> None:
    resource = stage.client("cloudformation").describe_stack_resource(
        StackName=stack_name(stage.name), LogicalResourceId="ForwardChangesLambdaFunction"
    )["StackResourceDetail"]
    answer = stage.client("lambda").invoke(
        FunctionName=resource["PhysicalResourceId"], Payload=json.dumps({"Records": records})
    )
    said = json.loads(answer["Payload"].read())
    if answer.get("FunctionError") or said.get("batchItemFailures"):
        raise Refused("forwardChanges could not forward them; its log has why.")


def _as_event(record: Record, stream: str) -> Record:
    """A record of the stream as Lambda hands it to a function."""
    change = dict(record["dynamodb"])
    created = change.get("ApproximateCreationDateTime")
    if isinstance(created, datetime):
        change["ApproximateCreationDateTime"] = created.timestamp()
    return {**record, "dynamodb": change, "eventSourceARN": stream}
