"""Dead letters as AppSync asks for them."""

import json
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from botocore.exceptions import EndpointConnectionError

from resolvers.dispatch import InternalError
from resolvers.manage_dead_letters import handler
from resolvers.responses import RequestError
from taskbell import bootstrap
from taskbell.application.serialization import event_to_dict
from taskbell.domain.events import event_between
from tests.examples import example_task
from tests.support.aws import Aws
from tests.support.lambdas import ADA, CONTEXT, GRACE, LINUS, NO_TIME_LEFT, appsync_event

EVENT = json.dumps(event_to_dict(event_between(None, example_task())))


def see(identity: Any = LINUS, **arguments: Any) -> Any:
    return handler(appsync_event("Query", "deadLetters", arguments, identity), CONTEXT)


def redrive(identity: Any = LINUS, context: Any = CONTEXT, **input_: Any) -> Any:
    return handler(appsync_event("Mutation", "redriveDeadLetters", {"input": input_}, identity), context)


def bury(aws: Aws, body: str = EVENT, group: str = "ada/essay", cause: str = "KeyError: 'title'") -> str:
    answer = aws.sqs.send_message(
        QueueUrl=aws.dead_letters_url,
        MessageBody=body,
        MessageGroupId=group,
        MessageDeduplicationId=str(uuid4()),
        MessageAttributes={"cause": {"DataType": "String", "StringValue": cause}},
    )
    return str(answer["MessageId"])


def told(answer: Any) -> list[tuple[str, str]]:
    return [(each["letter"]["id"], each["outcome"]) for each in answer["letters"]]


def errors(answer: Any) -> list[tuple[str, list[str]]]:
    return [(error["code"], error["field"]) for error in answer["errors"]]


@pytest.mark.parametrize("identity", [None, ADA, GRACE])
def test_nobody_but_admins_sees_or_redrives_anything(aws: Aws, identity: Any) -> None:
    id_ = bury(aws)
    with pytest.raises(RequestError, match="FORBIDDEN"):
        see(identity)
    with pytest.raises(RequestError, match="FORBIDDEN"):
        redrive(identity, ids=[id_])
    assert [node["id"] for node in see()["nodes"]] == [id_]


def test_a_letter_tells_what_it_is_about_and_why_it_lies_there(aws: Aws) -> None:
    id_ = bury(aws)
    answer = see()
    assert answer["unseen"] == 0
    (node,) = answer["nodes"]
    assert node.pop("sentAt").endswith("Z")
    assert node == {
        "id": id_,
        "queue": "TaskEventsDeadLetters",
        "kind": "EVENT",
        "ownerId": "ada",
        "taskId": "essay",
        "cause": "KeyError: 'title'",
        "receiveCount": 1,
        "body": EVENT,
    }


def test_first_counts_over_both_queues_and_the_rest_is_told(aws: Aws) -> None:
    ids = [bury(aws, group=f"ada/{number}") for number in range(3)]
    aws.sqs.send_message(QueueUrl=aws.unforwarded_url, MessageBody="{}")
    answer = see(first=2)
    assert ([node["id"] for node in answer["nodes"]], answer["unseen"]) == (ids[:2], 2)
    assert [node["queue"] for node in see(first=None)["nodes"]][-1] == "UnforwardedChanges"


@pytest.mark.parametrize("first", [0, 101])
def test_no_more_than_a_hundred_can_be_asked_for(aws: Aws, first: int) -> None:
    with pytest.raises(RequestError, match="VALIDATION: first"):
        see(first=first)


def test_what_is_named_is_sent_again_and_what_is_not_found_is_told(aws: Aws) -> None:
    first, second = bury(aws, group="a"), bury(aws, group="b")
    answer = redrive(ids=["nowhere", second])
    assert told(answer) == [(second, "SENT")]
    assert (errors(answer), answer["remaining"]) == ([("NOT_FOUND", ["input", "ids", "0"])], 1)
    assert [message["Body"] for message in aws.messages(aws.events_url)] == [EVENT]
    assert [node["id"] for node in see()["nodes"]] == [first]


def test_all_are_redriven_and_what_makes_no_sense_stays(aws: Aws) -> None:
    odd, event = bury(aws, '"nonsense"', "odd"), bury(aws)
    failed = {"execution": "arn:aws:states:::execution:m:run", "input": {}, "error": "E", "cause": "C"}
    execution = bury(aws, json.dumps(failed), "run")
    answer = redrive(all=True)
    assert told(answer) == [(odd, "KEPT"), (event, "SENT"), (execution, "STARTED")]
    assert answer["letters"][2]["detail"] == "the execution run_r2"
    assert (answer["errors"], answer["remaining"]) == ([], 1)


@pytest.mark.parametrize(
    ("input_", "field"),
    [
        ({}, ["input", "ids"]),
        ({"ids": None, "all": False}, ["input", "ids"]),
        ({"ids": ["x"], "all": True}, ["input", "all"]),
        ({"ids": []}, ["input", "ids"]),
        ({"ids": ["x"] * 26}, ["input", "ids"]),
    ],
)
def test_what_is_asked_for_must_be_clear(aws: Aws, input_: dict[str, Any], field: list[str]) -> None:
    bury(aws)
    answer = redrive(**input_)
    assert errors(answer) == [("VALIDATION", field)]
    assert (answer["letters"], answer["remaining"]) == ([], 1)


def test_without_time_nothing_is_begun_and_that_is_told(aws: Aws) -> None:
    id_ = bury(aws)
    assert errors(redrive(context=NO_TIME_LEFT, ids=[id_])) == [("UNAVAILABLE", ["input", "ids", "0"])]
    assert errors(redrive(context=NO_TIME_LEFT, all=True)) == [("UNAVAILABLE", ["input", "all"])]
    assert [node["id"] for node in see()["nodes"]] == [id_]


def test_what_aws_says_stays_in_the_log(aws: Aws, caplog: pytest.LogCaptureFixture) -> None:
    id_ = bury(aws)
    aws.sqs.delete_queue(QueueUrl=aws.events_url)
    (kept,) = redrive(ids=[id_])["letters"]
    assert (kept["outcome"], kept["detail"]) == ("KEPT", "AWS rejected the request.")
    assert ["NonExistentQueue" in vars(record).get("error", "") for record in caplog.records].count(True) == 1


@pytest.fixture
def own_bootstrap(aws: Aws) -> Iterator[None]:
    """What bootstrap has assembled is forgotten after the test, which may spoil it."""
    yield
    bootstrap.reset()


@pytest.mark.usefixtures("own_bootstrap")
def test_what_was_done_is_told_even_if_sqs_then_stops_answering(aws: Aws) -> None:
    id_ = bury(aws)

    def stop(params: Any, **_: Any) -> None:
        if aws.unforwarded_url in str(params["body"]):
            raise EndpointConnectionError(endpoint_url=aws.unforwarded_url)

    lying: Any = bootstrap.dead_letter_queues()
    lying.client.meta.events.register("before-call.sqs", stop)
    answer = redrive(all=True)
    assert told(answer) == [(id_, "SENT")]
    assert ([error["code"] for error in answer["errors"]], answer["remaining"]) == (["UNAVAILABLE"], None)
    with pytest.raises(RequestError, match="UNAVAILABLE"):
        see()


def test_a_queue_that_is_not_there_is_a_fault(aws: Aws) -> None:
    aws.sqs.delete_queue(QueueUrl=aws.unforwarded_url)
    with pytest.raises(InternalError, match="the-request"):
        see()
