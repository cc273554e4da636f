"""Finds a stage and what belongs to it: the outputs of its CloudFormation stack, on this machine or in AWS."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError, EndpointConnectionError

from taskbell.adapters.dynamodb.records import DynamoTaskRecords
from taskbell.adapters.dynamodb.statistics import DynamoStatistics
from taskbell.adapters.redrive_targets import AwsWaysBack, SqsMessageMover
from taskbell.adapters.sqs_dead_letters import GIVEN_UP, UNFORWARDED, SqsDeadLetters
from taskbell.adapters.stepfunctions import StepFunctionsExecutions
from taskbell.bootstrap import operator_settings
from taskbell.cli.errors import Refused

LOCAL = "local"
SERVICE = "taskbell"
HOME_REGION = "eu-central-1"  # as in serverless.yml

_CONFIG = Config(
    connect_timeout=5, read_timeout=30, retries={"mode": "standard", "total_max_attempts": 3}, user_agent="taskbell"
)


@dataclass(frozen=True, slots=True)
class Target:
    """What the operator asked for: a deployed stage by name, or the local system by its state folder."""

    stage: str | None = None
    region: str | None = None
    state: Path | None = None


@dataclass(frozen=True, slots=True)
class Queue:
    """A queue of dead letters, by the name that the template gives it."""

    name: str
    url: str


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage that was found.

    `client` makes the client of an AWS service. `connection` is what .local/connection.json holds, None for a deployed
    stage. `patience` is how many seconds a queue is asked before it counts as empty: one machine knows at once, while
    AWS must ask all of its own.
    """

    name: str
    client: Callable[[str], Any]
    outputs: Mapping[str, str]
    connection: Mapping[str, Any] | None = None
    patience: int = 1

    def output(self, name: str) -> str:
        """An output of the stack; raises Refused when the stack has none of that name."""
        if name not in self.outputs:
            raise Refused(f"The stack {stack_name(self.name)} has no output {name}: it is older than this command.")
        return self.outputs[name]

    @property
    def dead_letters(self) -> Queue:
        """Where events go that nobody could handle, and the workflow's failures."""
        return Queue(GIVEN_UP, self.output("TaskEventsDeadLettersUrl"))

    @property
    def unforwarded_changes(self) -> Queue:
        """Where Lambda tells of changes in the stream that never became events."""
        return Queue(UNFORWARDED, self.output("UnforwardedChangesUrl"))

    @property
    def queues(self) -> tuple[Queue, Queue]:
        """Both queues of dead letters."""
        return self.dead_letters, self.unforwarded_changes

    @property
    def letters(self) -> SqsDeadLetters:
        """What lies in them."""
        return SqsDeadLetters(self.client("sqs"), {queue.name: queue.url for queue in self.queues}, self.patience)

    @property
    def ways_back(self) -> AwsWaysBack:
        """Where dead letters are passed on to."""
        return AwsWaysBack(
            self.client, self.output("TaskEventsUrl"), self.output("TaskLifecycleArn"), self._forward_changes
        )

    @property
    def mover(self) -> SqsMessageMover:
        """Moves all dead letters of events back at once."""
        return SqsMessageMover(self.client("sqs"), self.dead_letters.url, self.output("TaskEventsUrl"))

    @property
    def records(self) -> DynamoTaskRecords:
        """What the table holds of tasks."""
        return DynamoTaskRecords(self.client("dynamodb"), self.output("TasksTableName"))

    @property
    def statistics(self) -> DynamoStatistics:
        """The counts of owners' tasks."""
        return DynamoStatistics(self.client("dynamodb"), self.output("TasksTableName"))

    @property
    def executions(self) -> StepFunctionsExecutions:
        """How runs of the workflow went."""
        return StepFunctionsExecutions(self.client("stepfunctions"), self.output("TaskLifecycleArn"))

    def _forward_changes(self) -> str:
        resource = self.client("cloudformation").describe_stack_resource(
            StackName=stack_name(self.name), LogicalResourceId="ForwardChangesLambdaFunction"
        )["StackResourceDetail"]
        return str(resource["PhysicalResourceId"])


def stack_name(stage: str) -> str:
    """The name of a stage's CloudFormation stack."""
    return f"{SERVICE}-{stage}"


def open_stage(target: Target) -> Stage:
    """The stage; raises Refused when it is not there."""
    if target.stage and target.stage != LOCAL:
        return _deployed(target.stage, target.region)
    return _local(target.state or operator_settings().state)


def _local(state: Path) -> Stage:
    file = state / "connection.json"
    try:
        connection = json.loads(file.read_text(encoding="utf-8"))
        where = {"endpoint_url": connection["awsEndpoint"], "region_name": connection["region"]}
        root = boto3.Session(connection["awsAccessKeyId"], connection["awsSecretAccessKey"])
    except FileNotFoundError:
        hint = "Start it with `make start`, or name a deployed stage with --stage."
        raise Refused(f"No local system runs here: there is no {file}. {hint}") from None
    except (OSError, KeyError, TypeError, ValueError) as error:
        raise Refused(f"{file} cannot be read: {error!r}") from error
    client = _clients(root, where)
    try:
        outputs = outputs_of(LOCAL, client("cloudformation"))
    except EndpointConnectionError:
        raise Refused(f"The local system does not answer at {connection['awsEndpoint']}, as {file} says.") from None
    return Stage(LOCAL, client, outputs, connection, patience=0)


def _deployed(stage: str, region: str | None) -> Stage:
    session = boto3.Session()
    client = _clients(
        session, {"region_name": region or operator_settings().region or session.region_name or HOME_REGION}
    )
    return Stage(stage, client, outputs_of(stage, client("cloudformation")))


def _clients(session: boto3.Session, where: Mapping[str, Any]) -> Callable[[str], Any]:
    create: Callable[..., Any] = session.client

    @cache
    def client(service: str) -> Any:
        return create(service, config=_CONFIG, **where)

    return client


def outputs_of(stage: str, cloudformation: Any) -> dict[str, str]:
    """The outputs of a stage's stack; raises Refused when there is no such stack."""
    try:
        (stack,) = cloudformation.describe_stacks(StackName=stack_name(stage))["Stacks"]
    except ClientError as error:
        if "does not exist" not in error.response["Error"].get("Message", ""):
            raise
        where = cloudformation.meta.region_name
        raise Refused(f"There is no stage {stage!r} in {where}: no stack is called {stack_name(stage)}.") from None
    return {output["OutputKey"]: output["OutputValue"] for output in stack.get("Outputs", [])}
