"""The event source mapping from the table's stream to forwardChanges: order, retries, bisecting, and what is given up.

Source: AWS Lambda Developer Guide, "Using AWS Lambda with Amazon DynamoDB" and "Retaining discarded batches".
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

from tests.simulation.functions import FailedCall, Functions, event_source
from tests.simulation.world import World
from tests.support.simulated_aws.dynamodb import Record
from tests.support.simulated_aws.errors import EXCEPTIONS

STREAM_ARN = "arn:aws:dynamodb:eu-central-1:123456789012:table/tasks/stream/1"


@dataclass
class Lane:
    """The records of one partition key: they are processed in their order."""

    shard: str
    waiting: list[Record] = field(default_factory=list)
    busy: bool = False


@dataclass
class Stream:
    """The stream and its mapping. `give_up` gets the message of a discarded batch."""

    world: World
    functions: Functions
    give_up: Callable[[str], None]
    records: list[Record] = field(default_factory=list)
    lanes: dict[str, Lane] = field(default_factory=dict)

    def append(self, record: Record) -> None:
        """Add a change of the table."""
        record["committed"] = self.world.seconds
        record["caller"] = self.world.processes[-1].caller if self.world.processes else ""
        self.records.append(record)
        keys = record["dynamodb"]["Keys"]
        if keys["sk"]["S"].startswith("TASK#"):
            lane = self.lanes.setdefault(keys["pk"]["S"], Lane(keys["pk"]["S"]))
            lane.waiting.append({**record, "eventSourceARN": STREAM_ARN})
            self._wake(lane)

    def _wake(self, lane: Lane) -> None:
        if lane.waiting and not lane.busy:
            lane.busy = True
            number = self.world.number("stream")
            late = self.world.fault(f"stream#{number} late")
            delay = self.world.chance.draw(f"stream#{number}")
            self.world.later(delay * (120 if late else 0.6), lambda: self._take(lane))

    def _take(self, lane: Lane) -> None:
        size = 1 + int(self.world.chance.next("batch") * 8)
        batch, lane.waiting[:] = lane.waiting[:size], lane.waiting[size:]
        self._process(lane, [(batch, 0)])

    def _process(self, lane: Lane, batches: list[tuple[list[Record], int]]) -> None:
        """Process batches in their order, each with the number of its retries."""
        if not batches:
            lane.busy = False
            self._wake(lane)
            return
        (batch, retries), *others = batches
        settings = event_source("forwardChanges", "stream")
        again = self._unforwarded(batch)
        if not again:
            self.world.later(0, lambda: self._process(lane, others))
            return
        too_old = self.world.seconds - again[0]["committed"] > settings["maximumRecordAgeInSeconds"]
        if retries >= settings["maximumRetryAttempts"] or too_old:
            self._discard(lane, again, "RecordAgeExceeded" if too_old else "RetryAttemptsExhausted")
            self.world.later(0, lambda: self._process(lane, others))
            return
        half = len(again) // 2
        parts = [(part, retries + 1) for part in (again[:half], again[half:]) if part]
        delay = min(60.0, 0.2 * 2**retries) * self.world.chance.next("stream retry")
        self.world.later(delay, lambda: self._process(lane, parts + others))

    def _unforwarded(self, batch: list[Record]) -> list[Record]:
        """Call forwardChanges; the records to try again."""
        try:
            answer = self.functions.call("forwardChanges", {"Records": batch})
        except FailedCall:
            return batch
        failures = [failure["itemIdentifier"] for failure in answer["batchItemFailures"]]
        numbers = [record["dynamodb"]["SequenceNumber"] for record in batch]
        return batch[min(map(numbers.index, failures)) :] if failures else []

    def _discard(self, lane: Lane, batch: list[Record], condition: str) -> None:
        first, last = (batch[place]["dynamodb"]["SequenceNumber"] for place in (0, -1))
        self.world.log(f"stream discards {first} to {last}: {condition}")
        info = {
            "shardId": lane.shard, "startSequenceNumber": first, "endSequenceNumber": last, "streamArn": STREAM_ARN,
        }  # fmt: skip
        self.give_up(json.dumps({"requestContext": {"condition": condition}, "DDBStreamBatchInfo": info}))


@dataclass
class StreamsClient:
    """The client `dynamodbstreams`."""

    stream: Stream
    exceptions = EXCEPTIONS

    def get_shard_iterator(self, *, ShardId: str, SequenceNumber: str, **_rest: str) -> dict[str, str]:
        return {"ShardIterator": f"{ShardId} {SequenceNumber}"}

    def get_records(self, *, ShardIterator: str) -> dict[str, Any]:
        shard, first = ShardIterator.rsplit(" ", 1)
        records = [
            record
            for record in self.stream.records
            if record["dynamodb"]["Keys"]["pk"]["S"] == shard and record["dynamodb"]["SequenceNumber"] >= first
        ]
        return {"Records": records[:10], **({"NextShardIterator": _after(shard, records)} if records[10:] else {})}


def _after(shard: str, records: list[Record]) -> str:
    return f"{shard} {records[10]['dynamodb']['SequenceNumber']}"


@dataclass
class LambdaClient:
    """The client `lambda`."""

    functions: Functions
    exceptions = EXCEPTIONS

    def invoke(self, *, FunctionName: str, Payload: str) -> dict[str, Any]:
        try:
            answer = self.functions.call(FunctionName, json.loads(Payload))
        except FailedCall as failed:
            return {"FunctionError": "Unhandled", "Payload": BytesIO(json.dumps({"errorType": failed.name}).encode())}
        return {"Payload": BytesIO(json.dumps(answer).encode())}
