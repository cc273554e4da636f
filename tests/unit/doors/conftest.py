"""The doors with the real wiring, on the AWS of moto."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import boto3
import pytest
from moto import mock_aws

from taskbell import bootstrap
from tests.table import create_table

ADA = {"sub": "ada", "username": "ada", "claims": {"sub": "ada"}, "groups": ["students"]}
LINUS = {"sub": "linus", "username": "linus", "claims": {"sub": "linus"}, "groups": ["admins"]}
GRACE = {"sub": "grace", "username": "grace", "claims": {"sub": "grace"}, "groups": ["staff"]}
_MACHINE = {"StartAt": "Rest", "States": {"Rest": {"Type": "Succeed"}}}


@dataclass
class Aws:
    """The AWS that the doors work on."""

    dynamodb: Any
    sqs: Any
    stepfunctions: Any
    events_url: str
    dead_letters_url: str
    unforwarded_url: str
    machine_arn: str

    def items(self, prefix: str) -> list[dict[str, Any]]:
        """The table's items whose sort keys begin so."""
        items: list[dict[str, Any]] = self.dynamodb.scan(TableName="tasks")["Items"]
        return [item for item in items if item["sk"]["S"].startswith(prefix)]

    def messages(self, url: str) -> list[dict[str, Any]]:
        """What lies in a queue."""
        answer = self.sqs.receive_message(
            QueueUrl=url, MaxNumberOfMessages=10, AttributeNames=["All"], MessageAttributeNames=["All"]
        )
        messages: list[dict[str, Any]] = answer.get("Messages", [])
        return messages


def set_settings(**days: Any) -> None:
    """Write the parameter that an operator can change."""
    boto3.client("ssm").put_parameter(
        Name="/taskbell/test/settings", Type="String", Value=json.dumps(days), Overwrite=True
    )


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[Aws]:
    """Everything that the functions' environment names."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "CURSOR_SECRET"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
    with mock_aws():
        made = _make_aws()
        environment = {
            "TASKS_TABLE": "tasks",
            "SETTINGS_PARAMETER": "/taskbell/test/settings",
            "EVENTS_QUEUE_URL": made.events_url,
            "DEAD_LETTERS_URL": made.dead_letters_url,
            "UNFORWARDED_CHANGES_URL": made.unforwarded_url,
            "FORWARD_CHANGES": "forwardChanges",
            "RECEIVE_WAIT_SECONDS": "0",
            "STATE_MACHINE_ARN": made.machine_arn,
            "GRAPHQL_URL": "http://127.0.0.1:9/graphql",
            "RETRY_SECONDS": "1",
        }
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        bootstrap.reset()
        yield made
    bootstrap.reset()


def _make_aws() -> Aws:
    client: Any = boto3.client
    dynamodb, sqs, states = (client(name) for name in ("dynamodb", "sqs", "stepfunctions"))
    create_table(dynamodb, "tasks")
    boto3.client("secretsmanager").create_secret(Name="testing", SecretString="not a secret")
    set_settings(deletedTaskRetentionDays=30, notificationRetentionDays=14)
    urls = [
        sqs.create_queue(QueueName=f"{name}.fifo", Attributes={"FifoQueue": "true"})["QueueUrl"]
        for name in ("events", "dead-letters")
    ]
    machine = states.create_state_machine(
        name="TaskLifecycle", definition=json.dumps(_MACHINE), roleArn="arn:aws:iam::123456789012:role/machine"
    )
    unforwarded = sqs.create_queue(QueueName="unforwarded")["QueueUrl"]
    return Aws(dynamodb, sqs, states, urls[0], urls[1], unforwarded, machine["stateMachineArn"])


@dataclass(frozen=True)
class _Context:
    """What Lambda tells a function of its invocation."""

    function_name: str = "function"
    memory_limit_in_mb: int = 128
    invoked_function_arn: str = "arn:aws:lambda:eu-central-1:123456789012:function:function"
    aws_request_id: str = "the-request"
    milliseconds_left: int = 30_000

    def get_remaining_time_in_millis(self) -> int:
        """How long the function may still run."""
        return self.milliseconds_left


CONTEXT: Any = _Context()
NO_TIME_LEFT: Any = _Context(milliseconds_left=100)


def appsync_event(type_name: str, field: str, arguments: dict[str, Any], identity: Any = None) -> dict[str, Any]:
    """The event of a direct Lambda resolver."""
    return {
        "arguments": arguments,
        "identity": identity,
        "source": None,
        "request": {"headers": {"x-amzn-trace-id": "Root=1"}, "domainName": None},
        "prev": None,
        "info": {
            "fieldName": field,
            "parentTypeName": type_name,
            "variables": {},
            "selectionSetList": [],
            "selectionSetGraphQL": "",
        },
        "stash": {},
    }
