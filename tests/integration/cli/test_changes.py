"""Changes that Lambda could not forward, redriven from the stream."""

import io
import json
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from tests.support.cli import Operated

STREAM = "arn:aws:dynamodb:eu-central-1:1:table/tasks/stream/now"
AT = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)


class Gone(Exception):
    """The stream does not have it any more."""


def record(number: int, sk: str) -> dict[str, Any]:
    keys = {"pk": {"S": "OWNER#ada"}, "sk": {"S": sk}}
    change = {"Keys": keys, "SequenceNumber": str(number), "ApproximateCreationDateTime": AT}
    return {"eventID": str(number), "eventName": "INSERT", "dynamodb": change}


class Stream:
    """A shard in pages, and forwardChanges behind it."""

    def __init__(self, pages: list[list[dict[str, Any]]], answer: object, *, failed: bool = False) -> None:
        self.exceptions = SimpleNamespace(TrimmedDataAccessException=Gone, ResourceNotFoundException=Gone)
        self.invoked: list[dict[str, Any]] = []
        self._pages = pages
        self._answer = answer
        self._failed = failed

    def get_shard_iterator(self, **request: str) -> dict[str, str]:
        assert (request["StreamArn"], request["SequenceNumber"]) == (STREAM, "10")
        if not self._pages:
            raise Gone
        return {"ShardIterator": "0"}

    def get_records(self, ShardIterator: str) -> dict[str, Any]:  # noqa: N803
        page = int(ShardIterator)
        return {"Records": self._pages[page], "NextShardIterator": str(page + 1)}

    def describe_stack_resource(self, **request: str) -> dict[str, Any]:
        assert request == {"StackName": "taskbell-local", "LogicalResourceId": "ForwardChangesLambdaFunction"}
        return {"StackResourceDetail": {"PhysicalResourceId": "taskbell-local-forwardChanges"}}

    def invoke(self, FunctionName: str, Payload: str) -> dict[str, Any]:  # noqa: N803
        self.invoked.append(json.loads(Payload))
        answer = {"Payload": io.BytesIO(json.dumps(self._answer).encode())}
        return answer | ({"FunctionError": "Unhandled"} if self._failed else {})


def add_dead_letter(operated: Operated, stream: Stream) -> str:
    for service in ("dynamodbstreams", "cloudformation", "lambda"):
        operated.clients[service] = stream
    body = {
        "requestContext": {"condition": "RetryAttemptsExhausted"},
        "DDBStreamBatchInfo": {
            "streamArn": STREAM, "shardId": "shard", "startSequenceNumber": "10", "endSequenceNumber": "30"
        },
    }  # fmt: skip
    url = operated.stage.unforwarded_changes.url
    return str(operated.clients["sqs"].send_message(QueueUrl=url, MessageBody=json.dumps(body))["MessageId"])


def test_stream_records_of_tasks_are_passed_to_forward_changes(operated: Operated) -> None:
    pages = [[record(10, "TASK#a"), record(15, "EVENT#a#1")], [record(30, "TASK#b"), record(31, "TASK#c")]]
    stream = Stream(pages, {"batchItemFailures": []})
    id_ = add_dead_letter(operated, stream)
    shown = operated.run_json("dlq", "show", id_)
    assert (shown["kind"], shown["cause"], shown["taskId"]) == ("changes", "RetryAttemptsExhausted", None)
    (outcome,) = operated.run_json("dlq", "redrive", "--all")["letters"]
    assert (outcome["outcome"], outcome["detail"]) == ("forwarded", "2 changes, passed on again")
    (event,) = stream.invoked
    assert [each["dynamodb"]["SequenceNumber"] for each in event["Records"]] == ["10", "30"]
    assert event["Records"][0]["eventSourceARN"] == STREAM
    assert event["Records"][0]["dynamodb"]["ApproximateCreationDateTime"] == AT.timestamp()
    assert operated.run_json("dlq", "list")["letters"] == []


@pytest.mark.parametrize(
    ("stream", "detail"),
    [
        (Stream([], {}), "24 hours"),
        (Stream([[record(10, "TASK#a")], []], {"errorMessage": "no"}, failed=True), "see its log"),
        (Stream([[record(10, "TASK#a")], []], {"batchItemFailures": [{"itemIdentifier": "10"}]}), "see its log"),
    ],
)
def test_stream_records_that_cannot_be_replayed_are_kept(operated: Operated, stream: Stream, detail: str) -> None:
    id_ = add_dead_letter(operated, stream)
    (outcome,) = operated.run_json("dlq", "redrive", id_, status=1)["letters"]
    assert outcome["outcome"] == "kept"
    assert detail in outcome["detail"]
    assert [each["id"] for each in operated.run_json("dlq", "list")["letters"]] == [id_]
