"""Events that are sent again, and records of the stream that are replayed."""

import json
from io import BytesIO
from typing import Any

import pytest

from taskbell.adapters.redrive_targets import AwsRedriveTargets
from taskbell.domain.dead_letters import DeadLetter
from tests.support.simulated_aws.errors import EXCEPTIONS


class _Sqs:
    """An SQS client that records what is sent."""

    def __init__(self) -> None:
        self.sent: list[dict[str, Any]] = []

    def send_message(self, **message: Any) -> None:
        self.sent.append(message)


class _Stream:
    """The clients `dynamodbstreams` and `lambda`: a shard with a page for each two records, and what is replayed."""

    exceptions = EXCEPTIONS

    def __init__(self, *numbers: int, key: str = "TASK#essay") -> None:
        self.numbers = numbers
        self.key = key
        self.replayed: list[str] = []
        self.functions: list[str] = []

    def get_shard_iterator(self, **request: str) -> dict[str, str]:
        return {"ShardIterator": str(self.numbers.index(int(request["SequenceNumber"])))}

    def get_records(self, **request: str) -> dict[str, Any]:
        place = int(request["ShardIterator"])
        page = self.numbers[place : place + 2]
        keys = self.key.split()
        records = [_record(number, keys[each % len(keys)]) for each, number in enumerate(page, place)]
        return {"Records": records, "NextShardIterator": str(place + 2)}

    def invoke(self, **request: str) -> dict[str, Any]:
        self.functions.append(request["FunctionName"])
        self.replayed += [record["dynamodb"]["SequenceNumber"] for record in json.loads(request["Payload"])["Records"]]
        return {"Payload": BytesIO(b"{}")}


def _record(number: int, key: str) -> dict[str, Any]:
    return {"dynamodb": {"SequenceNumber": str(number), "Keys": {"sk": {"S": key}}}}


def _letter(first: int, last: int) -> DeadLetter:
    batch_info = {
        "streamArn": "arn", "shardId": "shard", "startSequenceNumber": str(first), "endSequenceNumber": str(last),
    }  # fmt: skip
    return DeadLetter("a", "UnforwardedChanges", json.dumps({"DDBStreamBatchInfo": batch_info}))


@pytest.mark.parametrize(("first", "last"), [(8, 8), (8, 9), (9, 11), (8, 12)])
def test_records_are_replayed_from_the_first_to_the_last_and_none_beyond(first: int, last: int) -> None:
    stream = _Stream(7, 8, 9, 10, 11, 12)
    replayed = AwsRedriveTargets(lambda _: stream, "url", "arn", str).replay_records(_letter(first, last))
    assert stream.replayed == [str(number) for number in range(first, last + 1)]
    assert replayed == len(stream.replayed)


def test_each_record_is_replayed_to_the_function_that_takes_its_kind() -> None:
    stream = _Stream(1, 2, 3, 4, 5, key="NOTE#2026#essay EVENT#essay#1 TASK#essay PROFILE ATTEMPTS")
    replayed = AwsRedriveTargets(lambda _: stream, "url", "arn", "the {}".format).replay_records(_letter(1, 5))
    assert (stream.functions, stream.replayed) == (["the pushNotifications", "the forwardChanges"], ["1", "4", "3"])
    assert replayed == 3


@pytest.mark.parametrize(
    ("key", "function"), [("TASK#essay", "forwardChanges"), ("NOTE#x", "pushNotifications"), ("x", "forwardChanges")]
)
def test_a_record_that_was_set_aside_goes_back_to_the_function_that_has_done_so(key: str, function: str) -> None:
    stream = _Stream()
    letter = DeadLetter("a", "UnforwardedChanges", json.dumps({"record": _record(1, key)}))
    assert AwsRedriveTargets(lambda _: stream, "url", "arn", str).replay_records(letter) == 1
    assert stream.functions == [function]


@pytest.mark.parametrize(
    ("attributes", "cause"), [({}, "unknown"), ({"cause": "KeyError: 'title'"}, "KeyError: 'title'")]
)
def test_an_event_that_is_sent_again_has_a_cause_by_which_its_handler_knows_that_it_is_late(
    attributes: dict[str, str], cause: str
) -> None:
    sqs = _Sqs()
    dead_letter = DeadLetter("a", "TaskEventsDeadLetters", "{}", group_id="ada/essay", message_attributes=attributes)
    AwsRedriveTargets(lambda _: sqs, "url", "arn", str).resend_event(dead_letter, "again")
    (sent,) = sqs.sent
    assert sent["MessageAttributes"] == {"cause": {"DataType": "String", "StringValue": cause}}
