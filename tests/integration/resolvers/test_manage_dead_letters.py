"""The resolvers of dead letters."""

import json
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from botocore.exceptions import EndpointConnectionError

from resolvers.manage_dead_letters import handler
from taskbell import bootstrap
from taskbell.application.serialization import event_to_dict
from taskbell.domain.events import event_between
from tests.support.aws import Aws
from tests.support.examples import example_task
from tests.support.lambdas import ADA, CONTEXT, GRACE, LINUS, NO_TIME_LEFT, GraphqlError, appsync_event, call

EVENT = json.dumps(event_to_dict(event_between(None, example_task())))


def see(identity: Any = LINUS, **arguments: Any) -> Any:
    return call(handler, appsync_event("Query", "deadLetters", arguments, identity))


def redrive(identity: Any = LINUS, context: Any = CONTEXT, **input_: Any) -> Any:
    return call(handler, appsync_event("Mutation", "redriveDeadLetters", {"input": input_}, identity), context)


def add_dead_letter(aws: Aws, body: str = EVENT, group: str = "ada/essay", cause: str = "KeyError: 'title'") -> str:
    answer = aws.sqs.send_message(
        QueueUrl=aws.dead_letters_url,
        MessageBody=body,
        MessageGroupId=group,
        MessageDeduplicationId=str(uuid4()),
        MessageAttributes={"cause": {"DataType": "String", "StringValue": cause}},
    )
    return str(answer["MessageId"])


def outcomes(answer: Any) -> list[tuple[str, str]]:
    return [(each["letter"]["id"], each["outcome"]) for each in answer["letters"]]


def errors(answer: Any) -> list[tuple[str, list[str]]]:
    return [(error["code"], error["field"]) for error in answer["errors"]]


@pytest.mark.parametrize("identity", [None, ADA, GRACE])
def test_only_admins_can_list_and_redrive_dead_letters(aws: Aws, identity: Any) -> None:
    id_ = add_dead_letter(aws)
    with pytest.raises(GraphqlError, match="FORBIDDEN"):
        see(identity)
    with pytest.raises(GraphqlError, match="FORBIDDEN"):
        redrive(identity, ids=[id_])
    assert [node["id"] for node in see()["nodes"]] == [id_]


def test_a_dead_letter_has_its_task_and_its_cause(aws: Aws) -> None:
    id_ = add_dead_letter(aws)
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


def test_first_limits_both_queues_together_and_the_rest_is_counted(aws: Aws) -> None:
    ids = [add_dead_letter(aws, group=f"ada/{number}") for number in range(3)]
    aws.sqs.send_message(QueueUrl=aws.unforwarded_url, MessageBody="{}")
    answer = see(first=2)
    assert ([node["id"] for node in answer["nodes"]], answer["unseen"]) == (ids[:2], 2)
    assert [node["queue"] for node in see(first=None)["nodes"]][-1] == "UnforwardedChanges"


@pytest.mark.parametrize("first", [0, 101])
def test_first_is_at_most_a_hundred(aws: Aws, first: int) -> None:
    with pytest.raises(GraphqlError, match="VALIDATION") as refusal:
        see(first=first)
    assert refusal.value.info == {"field": ["first"]}


def test_the_given_ids_are_redriven_and_missing_ones_are_errors(aws: Aws) -> None:
    first, second = add_dead_letter(aws, group="a"), add_dead_letter(aws, group="b")
    answer = redrive(ids=["nowhere", second])
    assert outcomes(answer) == [(second, "SENT")]
    assert (errors(answer), answer["remaining"]) == ([("NOT_FOUND", ["input", "ids", "0"])], 1)
    assert [message["Body"] for message in aws.messages(aws.events_url)] == [EVENT]
    assert [node["id"] for node in see()["nodes"]] == [first]


def test_all_are_redriven_except_unknown_messages(aws: Aws) -> None:
    odd, event = add_dead_letter(aws, '"nonsense"', "odd"), add_dead_letter(aws)
    failed = {"execution": "arn:aws:states:::execution:m:run", "input": {}, "error": "E", "cause": "C"}
    execution = add_dead_letter(aws, json.dumps(failed), "run")
    answer = redrive(all=True)
    assert outcomes(answer) == [(odd, "KEPT"), (event, "SENT"), (execution, "STARTED")]
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
def test_exactly_one_of_ids_and_all_must_be_given(aws: Aws, input_: dict[str, Any], field: list[str]) -> None:
    add_dead_letter(aws)
    answer = redrive(**input_)
    assert errors(answer) == [("VALIDATION", field)]
    assert (answer["letters"], answer["remaining"]) == ([], 1)


def test_without_time_nothing_is_redriven_and_that_is_an_error(aws: Aws) -> None:
    id_ = add_dead_letter(aws)
    assert errors(redrive(context=NO_TIME_LEFT, ids=[id_])) == [("UNAVAILABLE", ["input", "ids", "0"])]
    assert errors(redrive(context=NO_TIME_LEFT, all=True)) == [("UNAVAILABLE", ["input", "all"])]
    assert [node["id"] for node in see()["nodes"]] == [id_]


def test_errors_of_aws_are_logged_and_not_returned(aws: Aws, caplog: pytest.LogCaptureFixture) -> None:
    id_ = add_dead_letter(aws)
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
def test_results_are_returned_even_if_sqs_then_stops_answering(aws: Aws) -> None:
    id_ = add_dead_letter(aws)

    def stop(params: Any, **_: Any) -> None:
        if aws.unforwarded_url in str(params["body"]):
            raise EndpointConnectionError(endpoint_url=aws.unforwarded_url)

    queues: Any = bootstrap.dead_letter_queues()
    queues.client.meta.events.register("before-call.sqs", stop)
    answer = redrive(all=True)
    assert outcomes(answer) == [(id_, "SENT")]
    assert ([error["code"] for error in answer["errors"]], answer["remaining"]) == (["UNAVAILABLE"], None)
    with pytest.raises(GraphqlError, match="UNAVAILABLE"):
        see()


def test_a_queue_that_is_not_there_is_a_fault(aws: Aws) -> None:
    aws.sqs.delete_queue(QueueUrl=aws.unforwarded_url)
    with pytest.raises(GraphqlError, match=r"^INTERNAL: .*the-request"):
        see()
