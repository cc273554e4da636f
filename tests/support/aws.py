"""The AWS of moto, reset for each test; the clients are kept, because creating them is slow."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import boto3
import moto  # noqa: F401 - has to be there before the first client, or that one reaches for the real AWS
from aws_lambda_powertools.utilities.parameters.constants import DEFAULT_PROVIDERS

from tests.support import quick_moto
from tests.support.table import create_table

REGION = "eu-central-1"
ACCOUNT = "123456789012"
SETTINGS = "/taskbell/test/settings"
_QUEUES = f"https://sqs.{REGION}.amazonaws.com/{ACCOUNT}"
ENVIRONMENT = {
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "AWS_DEFAULT_REGION": REGION,
    "TASKS_TABLE": "tasks",
    "CURSOR_SECRET": "testing",
    "SETTINGS_PARAMETER": SETTINGS,
    "EVENTS_QUEUE_URL": f"{_QUEUES}/events.fifo",
    "DEAD_LETTERS_URL": f"{_QUEUES}/dead-letters.fifo",
    "UNFORWARDED_CHANGES_URL": f"{_QUEUES}/unforwarded",
    "FETCHES_QUEUE_URL": f"{_QUEUES}/fetches.fifo",
    "FORWARD_CHANGES": "forwardChanges",
    "PUSH_NOTIFICATIONS": "pushNotifications",
    "RECEIVE_WAIT_SECONDS": "0",
    "STATE_MACHINE_ARN": f"arn:aws:states:{REGION}:{ACCOUNT}:stateMachine:TaskLifecycle",
    "GRAPHQL_API_ID": "the-api",
    "GRAPHQL_URL": "http://127.0.0.1:9/graphql",
    "RETRY_SECONDS": "1",
    "GUEST": "refused",
    "API_PAGE": "hidden",
    "REST_URL": "https://rest.example",
    "USER_POOL_ID": f"{REGION}_17e5361181c840bd7eb59c99bef2532ab3630e0521",
    "MOTO_COGNITO_IDP_USER_POOL_ID_STRATEGY": "HASH",  # of the region and the pool's name
}
GROUP_BY_USER = {"ada": "students", "bob": "students", "grace": "staff", "linus": "admins"}
_MACHINE = {"StartAt": "Rest", "States": {"Rest": {"Type": "Succeed"}}}


quick_moto.speed_up()


@cache
def _session() -> boto3.Session:
    return boto3.Session("testing", "testing", region_name=REGION)


@cache
def client(service: str) -> Any:
    """A client of a service. It takes 20 to 100 ms to make, a new moto 3 ms: clients are kept, what they see is not."""
    create: Any = _session().client
    return create(service)


def forget_parameters() -> None:
    """Let Powertools read parameters and secrets again, by the clients that it has."""
    for provider in DEFAULT_PROVIDERS.values():
        provider.clear_cache()


def set_settings(value: str | None = None, **days: Any) -> None:
    """Write the parameter that an operator can change: as JSON, or as the text that is given."""
    text = json.dumps(days) if value is None else value
    client("ssm").put_parameter(Name=SETTINGS, Type="String", Value=text, Overwrite=True)


def create_queue(name: str) -> str:
    """Create a queue, a FIFO queue where the name says so; its URL."""
    attributes = {"FifoQueue": "true"} if name.endswith(".fifo") else {}
    return str(client("sqs").create_queue(QueueName=name, Attributes=attributes)["QueueUrl"])


def create_state_machine(name: str) -> str:
    """Create a state machine that does nothing; its ARN."""
    machine = client("stepfunctions").create_state_machine(
        name=name, definition=json.dumps(_MACHINE), roleArn=f"arn:aws:iam::{ACCOUNT}:role/machine"
    )
    return str(machine["stateMachineArn"])


def create_user_pool(group_by_user: Mapping[str, str | None] = GROUP_BY_USER) -> dict[str, str]:
    """Create the user pool that ENVIRONMENT names, which takes a tenth of a second; the owner ids of its users."""
    cognito = client("cognito-idp")
    pool = cognito.create_user_pool(PoolName="taskbell-test")["UserPool"]["Id"]
    assert pool == ENVIRONMENT["USER_POOL_ID"]
    for group in ("students", "staff", "admins"):
        cognito.create_group(UserPoolId=pool, GroupName=group)
    owner_ids = {}
    for name, member_of in group_by_user.items():
        user = cognito.admin_create_user(UserPoolId=pool, Username=name)["User"]
        owner_ids[name] = next(each["Value"] for each in user["Attributes"] if each["Name"] == "sub")
        if member_of:
            cognito.admin_add_user_to_group(UserPoolId=pool, Username=name, GroupName=member_of)
    return owner_ids


def empty_table() -> Any:
    """Create the table `tasks`; the client of DynamoDB."""
    dynamodb = client("dynamodb")
    create_table(dynamodb, "tasks")
    return dynamodb


@dataclass(frozen=True)
class Aws:
    """The AWS that ENVIRONMENT names."""

    dynamodb: Any
    sqs: Any
    events_url: str
    dead_letters_url: str
    unforwarded_url: str
    fetches_url: str

    def items(self, prefix: str) -> list[dict[str, Any]]:
        """The table's items whose sort keys begin so."""
        items: list[dict[str, Any]] = self.dynamodb.scan(TableName="tasks")["Items"]
        return [item for item in items if item["sk"]["S"].startswith(prefix)]

    def messages(self, url: str) -> list[dict[str, Any]]:
        """The messages of a queue."""
        answer = self.sqs.receive_message(
            QueueUrl=url, MaxNumberOfMessages=10, AttributeNames=["All"], MessageAttributeNames=["All"]
        )
        messages: list[dict[str, Any]] = answer.get("Messages", [])
        return messages


def make_aws() -> Aws:
    """Make everything that ENVIRONMENT names."""
    client("secretsmanager").create_secret(Name="testing", SecretString="not a secret")
    set_settings(deletedTaskRetentionDays=30, notificationRetentionDays=14)
    create_state_machine("TaskLifecycle")
    queues = (create_queue(name) for name in ("events.fifo", "dead-letters.fifo", "unforwarded", "fetches.fifo"))
    return Aws(empty_table(), client("sqs"), *queues)
