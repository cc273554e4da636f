"""No accepted change is lost: changes that cannot be forwarded, stops, interrupted starts, kills."""

import json
import signal
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any
from uuid import uuid4

import boto3

from local.ministack import boto3_arguments
from local.settings import Settings
from tests.e2e.waiting import until
from tests.support.local_system import LocalSystem, free_settings, running, start

CREATE = "mutation ($input: CreateTaskInput!) { createTask(input: $input) { errors { code } } }"
PROCESSING = "query ($id: ID!) { task(id: $id) { processing { state } } }"


def create(system: LocalSystem, id_: str, **details: str) -> None:
    """Create a task, as the guest; the mutation must be accepted."""
    _, answer = system.graphql(CREATE, {"input": {"key": id_, "title": "T", **details}})
    assert answer == {"data": {"createTask": {"errors": []}}}


def has_come_to(system: LocalSystem, id_: str, state: str) -> Callable[[], bool]:
    """Ask whether a task's processing is in a state."""

    def ask() -> bool:
        _, answer = system.graphql(PROCESSING, {"id": id_})
        return bool(answer["data"]["task"]["processing"]["state"] == state)

    return ask


def client(name: str, settings: Settings) -> Any:
    """A client of the local AWS."""
    make: Any = boto3.client
    return make(name, **boto3_arguments(settings))


def executions(settings: Settings, status: str) -> list[str]:
    """The names of the executions with this status."""
    states = client("stepfunctions", settings)
    machine = states.list_state_machines()["stateMachines"][0]["stateMachineArn"]
    found = states.list_executions(stateMachineArn=machine, statusFilter=status)["executions"]
    return sorted(execution["name"] for execution in found)


async def test_a_change_that_can_never_be_forwarded_is_put_aside_and_holds_nobody_up(system: LocalSystem) -> None:
    dynamodb, sqs = client("dynamodb", system.settings), client("sqs", system.settings)
    table = dynamodb.list_tables()["TableNames"][0]
    queue = sqs.get_queue_url(QueueName="taskbell-local-UnforwardedChanges")["QueueUrl"]
    poison, behind = f"poison-{uuid4()}", f"behind-{uuid4()}"
    key = {"pk": {"S": f"OWNER#{poison}"}, "sk": {"S": f"TASK#{poison}"}}  # nobody else's lists have it
    dynamodb.put_item(TableName=table, Item=key)
    create(system, behind)
    await until(has_come_to(system, behind, "SUCCEEDED"))
    visible = "ApproximateNumberOfMessages"  # what the alarm's metric counts
    counts = partial(sqs.get_queue_attributes, QueueUrl=queue, AttributeNames=[visible])
    await until(lambda: int(counts()["Attributes"][visible]) > 0)
    receive = partial(sqs.receive_message, QueueUrl=queue, MessageAttributeNames=["All"])
    [message] = await until(lambda: receive().get("Messages"))
    sqs.delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])
    assert json.loads(message["Body"])["record"]["dynamodb"]["Keys"]["sk"] == {"S": f"TASK#{poison}"}
    assert message["MessageAttributes"]["cause"]["StringValue"] == "KeyError: 'schedule'"


async def test_what_was_accepted_before_a_stop_under_load_goes_on_after_it(tmp_path: Path) -> None:
    settings = free_settings(tmp_path)
    ids = [f"t{number}" for number in range(40)]
    with running(settings) as before:
        with ThreadPoolExecutor(4) as threads:
            list(threads.map(lambda id_: create(before, id_, dueAt="2099-01-01T00:00:00Z"), ids))
        assert before.stop(signal.SIGINT) == 0  # most of them are still on their way
    stop_when_aws_is_up(settings)
    with running(settings) as after:
        assert after.seconds_to_ready < 10
        for id_ in ids:
            await until(has_come_to(after, id_, "WAITING"))
        await until(lambda: len(executions(settings, "RUNNING")) == len(ids))
        assert executions(settings, "FAILED") == []


def stop_when_aws_is_up(settings: Settings) -> None:
    """A start that is stopped between the local AWS and the stack."""
    process = start(settings)
    assert process.stdout is not None
    with process.stdout:
        assert "Recovered 40 tasks" in process.stdout.readline()
        assert "Local AWS is up" in process.stdout.readline()
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=60) == 0
