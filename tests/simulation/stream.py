"""The event source mappings of the table's stream: filters, order, retries, bisecting, and what is given up.

Source: AWS Lambda Developer Guide, "Using AWS Lambda with Amazon DynamoDB", "Retaining discarded batches"
and "Control which events Lambda sends to your function".
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

from tests.simulation.functions import FailedCall, Functions, event_source
from tests.simulation.world import World
from tests.support.simulated_aws.dynamodb import Record
from tests.support.simulated_aws.errors import EXCEPTIONS

READERS = ("forwardChanges", "pushNotifications")
STREAM_ARN = "arn:aws:dynamodb:eu-central-1:123456789012:table/tasks/stream/1"


@dataclass
class Lane:
    """The records of one partition key that a function takes: they are processed in their order."""

    function: str
    shard: str
    waiting: list[Record] = field(default_factory=list)
    busy: bool = False


@dataclass
class Stream:
    """The stream and its mappings. `give_up` gets the message of a discarded batch."""

    world: World
    functions: Functions
    give_up: Callable[[str], None]
    records: list[Record] = field(default_factory=list)
    lanes: dict[tuple[str, str], Lane] = field(default_factory=dict)

    def append(self, record: Record) -> None:
        """Add a change of the table."""
        record["committed"] = self.world.seconds
        record["caller"] = self.world.processes[-1].caller if self.world.processes else ""
        self.records.append(record)
        shard = record["dynamodb"]["Keys"]["pk"]["S"]
        for function in READERS:
            if any(_matches(record, pattern) for pattern in event_source(function, "stream")["filterPatterns"]):
                lane = self.lanes.setdefault((function, shard), Lane(function, shard))
                lane.waiting.append({**record, "eventSourceARN": STREAM_ARN})
                self._wake(lane)

    def _wake(self, lane: Lane) -> None:
        if lane.waiting and not lane.busy:
            lane.busy = True
            name = f"stream of {lane.function}#{self.world.number(f'stream of {lane.function}')}"
            late = self.world.fault(f"{name} late")
            delay = self.world.chance.draw(name)
            self.world.later(delay * (120 if late else 0.6), lambda: self._take(lane))

    def _take(self, lane: Lane) -> None:
        size = 1 + int(self.world.chance.next(f"batch of {lane.function}") * 8)
        batch, lane.waiting[:] = lane.waiting[:size], lane.waiting[size:]
        self._process(lane, [(batch, 0)])

    def _process(self, lane: Lane, batches: list[tuple[list[Record], int]]) -> None:
        """Process batches in their order, each with the number of its retries."""
        if not batches:
            lane.busy = False
            self._wake(lane)
            return
        (batch, retries), *others = batches
        settings = event_source(lane.function, "stream")
        again = self._failed(lane.function, batch)
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

    def _failed(self, function: str, batch: list[Record]) -> list[Record]:
        """Call a function; the records to try again."""
        try:
            answer = self.functions.call(function, {"Records": batch})
        except FailedCall:
            return batch
        failures = [failure["itemIdentifier"] for failure in answer["batchItemFailures"]]
        numbers = [record["dynamodb"]["SequenceNumber"] for record in batch]
        return batch[min(map(numbers.index, failures)) :] if failures else []

    def _discard(self, lane: Lane, batch: list[Record], condition: str) -> None:
        first, last = (batch[place]["dynamodb"]["SequenceNumber"] for place in (0, -1))
        self.world.log(f"the stream of {lane.function} discards {first} to {last}: {condition}")
        info = {
            "shardId": lane.shard, "startSequenceNumber": first, "endSequenceNumber": last, "streamArn": STREAM_ARN,
        }  # fmt: skip
        self.give_up(json.dumps({"requestContext": {"condition": condition}, "DDBStreamBatchInfo": info}))


def _matches(value: Any, pattern: Any) -> bool:
    """Whether a value of a record is what a filter wants: one of texts, prefixes, or that there is one."""
    if isinstance(pattern, Mapping):
        return isinstance(value, Mapping) and all(_matches(value.get(name), each) for name, each in pattern.items())
    return any(_matches_rule(value, rule) for rule in pattern)


def _matches_rule(value: Any, rule: Any) -> bool:
    match rule:
        case {"prefix": prefix}:
            return isinstance(value, str) and value.startswith(prefix)
        case {"exists": exists}:
            return (value is not None) is bool(exists)
    return bool(value == rule)


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
