"""Reads from the local AWS what the pipeline left behind."""

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import boto3

from local.ministack import boto3_arguments
from local.settings import Settings
from tests.support.pipeline_outcome import Execution, Item, Outcome

_COUNTS = ("ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible", "ApproximateNumberOfMessagesDelayed")
_OF_OUTAGES = ("UnavailableError", "ClientError", "ConnectionError", "ConnectTimeoutError", "ReadTimeoutError",
               "ConnectionClosedError", "EndpointConnectionError", "ProtocolError", "GetParameterError",
               "NothingForwardedError")  # fmt: skip

_OF_AWS_KILLED = ("BrokenPipeError", "ConnectionRefusedError", "RemoteDisconnected")
_TORN = "Traceback (most recent call last):"


class LocalState:
    """What the local AWS of a system holds."""

    def __init__(self, settings: Settings) -> None:
        client: Any = boto3.client
        arguments = boto3_arguments(settings)
        services = ("dynamodb", "dynamodbstreams", "sqs", "stepfunctions")
        self._dynamodb, self._streams, self._sqs, self._states = (client(name, **arguments) for name in services)
        self._table = self._dynamodb.list_tables()["TableNames"][0]

    def outcome(self) -> Outcome:
        """Everything, as of one time after another: while the pipeline works, it need not fit together."""
        now = datetime.now(UTC)
        pages = self._dynamodb.get_paginator("scan").paginate(TableName=self._table, ConsistentRead=True)
        items = [item for page in pages for item in page["Items"]]

        def beginning(prefix: str) -> Iterator[Item]:
            return (item for item in items if item["sk"]["S"].startswith(prefix))

        return Outcome(now, self._records(), beginning, self._executions())

    def messages(self) -> Mapping[str, int]:
        """The number of messages in each queue that has any, dead letters among them."""
        found = {}
        for url in self._sqs.list_queues()["QueueUrls"]:
            attributes = self._sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
            found[url.rpartition("/")[2]] = sum(int(attributes.get(name, 0)) for name in _COUNTS)
        return {name: count for name, count in found.items() if count}

    def _records(self) -> Iterator[Mapping[str, Any]]:
        stream = self._streams.list_streams(TableName=self._table)["Streams"][0]["StreamArn"]
        (shard,) = self._streams.describe_stream(StreamArn=stream)["StreamDescription"]["Shards"]
        place = {"StreamArn": stream, "ShardId": shard["ShardId"], "ShardIteratorType": "TRIM_HORIZON"}
        page = {"NextShardIterator": self._streams.get_shard_iterator(**place)["ShardIterator"]}
        while (page := self._streams.get_records(ShardIterator=page["NextShardIterator"]))["Records"]:
            yield from page["Records"]

    def _executions(self) -> Iterator[Execution]:
        machine = self._states.list_state_machines()["stateMachines"][0]["stateMachineArn"]
        for page in self._states.get_paginator("list_executions").paginate(stateMachineArn=machine):
            for each in page["executions"]:
                described = each
                if each["status"] != "SUCCEEDED":
                    described = self._states.describe_execution(executionArn=each["executionArn"])
                of = json.loads(described.get("input", '{"ownerId": "", "taskId": "", "scheduleVersion": 0}'))
                place = of["ownerId"], of["taskId"], of["scheduleVersion"]
                yield Execution(each["name"], each["status"], place, described.get("error"))


def unexpected_traces(logs: Path, *, aws_killed: bool) -> Iterator[str]:
    """The lines of the functions' logs with a stack trace that no injected fault explains.

    A function that outlives the local AWS ends when it writes to it, perhaps after the first line of a trace.
    """
    expected = _OF_OUTAGES + (_OF_AWS_KILLED if aws_killed else ())
    for log in sorted(logs.glob("taskbell-*.log")):
        for line in log.read_text().splitlines():
            torn = aws_killed and line == _TORN
            if "Traceback" in line and not torn and not any(name in line for name in expected):
                yield f"{log.name}: {line[:2000]}"
