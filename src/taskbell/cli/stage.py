"""Finds a stage, local or deployed, and its resources by the outputs of its CloudFormation stack."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError, EndpointConnectionError

from taskbell.adapters.dynamodb.records import DynamoDBTaskRecords
from taskbell.adapters.dynamodb.statistics import DynamoDBStatisticsRepository
from taskbell.adapters.redrive_targets import AwsRedriveTargets, SqsMessageMover
from taskbell.adapters.sqs_dead_letters import TASK_EVENTS_DEAD_LETTERS, UNFORWARDED_CHANGES, SqsDeadLetterQueues
from taskbell.adapters.stepfunctions import StepFunctionsExecutions
from taskbell.application.task_trace import TaskTracer
from taskbell.bootstrap import operator_settings
from taskbell.cli.errors import CommandError

LOCAL = "local"
SERVICE = "taskbell"
DEFAULT_REGION = "eu-central-1"  # as in serverless.yml

_CONFIG = Config(
    connect_timeout=5, read_timeout=30, retries={"mode": "standard", "total_max_attempts": 3}, user_agent="taskbell"
)


@dataclass(frozen=True, slots=True)
class Target:
    """The stage that the options name: a deployed one by name, or the local system by its state folder."""

    stage: str | None = None
    region: str | None = None
    state: Path | None = None


@dataclass(frozen=True, slots=True)
class Queue:
    """A dead-letter queue and its name in the template."""

    name: str
    url: str


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage and its resources. Properties raise CommandError if the stack lacks an output that they need.

    Attributes:
        name: The stage's name.
        client: Creates the client of an AWS service, by the service's name.
        outputs: The outputs of the stack.
        connection: The content of .local/connection.json; None for a deployed stage.
        wait_seconds: How long a receive waits for messages (SQS `WaitTimeSeconds`).
    """

    name: str
    client: Callable[[str], Any]
    outputs: Mapping[str, str]
    connection: Mapping[str, Any] | None = None
    wait_seconds: int = 1

    def output(self, name: str) -> str:
        """An output of the stack. Raises CommandError if there is none of that name."""
        if name not in self.outputs:
            raise CommandError(
                f"The stack {stack_name(self.name)} has no output {name}: it was deployed by an older version."
            )
        return self.outputs[name]

    @property
    def task_events_dead_letters(self) -> Queue:
        """The queue of events that could not be handled, and of failed executions."""
        return Queue(TASK_EVENTS_DEAD_LETTERS, self.output("TaskEventsDeadLettersUrl"))

    @property
    def unforwarded_changes(self) -> Queue:
        """The queue of stream records that became no events."""
        return Queue(UNFORWARDED_CHANGES, self.output("UnforwardedChangesUrl"))

    @property
    def queues(self) -> tuple[Queue, Queue]:
        """Both dead-letter queues."""
        return self.task_events_dead_letters, self.unforwarded_changes

    @property
    def dead_letter_queues(self) -> SqsDeadLetterQueues:
        """Receives and deletes their messages."""
        urls = {queue.name: queue.url for queue in self.queues}
        return SqsDeadLetterQueues(self.client("sqs"), urls, self.wait_seconds)

    @property
    def redrive_targets(self) -> AwsRedriveTargets:
        """Where dead letters are redriven to."""
        return AwsRedriveTargets(
            self.client, self.output("TaskEventsUrl"), self.output("TaskLifecycleArn"), self._function_name
        )

    @property
    def mover(self) -> SqsMessageMover:
        """Redrives failed events in bulk."""
        return SqsMessageMover(self.client("sqs"), self.task_events_dead_letters.url, self.output("TaskEventsUrl"))

    @property
    def records(self) -> DynamoDBTaskRecords:
        """The table's items of tasks, unparsed."""
        return DynamoDBTaskRecords(self.client("dynamodb"), self.output("TasksTableName"))

    @property
    def statistics(self) -> DynamoDBStatisticsRepository:
        """The statistics of owners."""
        return DynamoDBStatisticsRepository(self.client("dynamodb"), self.output("TasksTableName"))

    @property
    def executions(self) -> StepFunctionsExecutions:
        """The executions of the workflow."""
        return StepFunctionsExecutions(self.client("stepfunctions"), self.output("TaskLifecycleArn"))

    @property
    def tracer(self) -> TaskTracer:
        """Traces tasks."""
        return TaskTracer(self.records, self.executions, self.dead_letter_queues, TASK_EVENTS_DEAD_LETTERS)

    def _function_name(self, function: str) -> str:
        resource = self.client("cloudformation").describe_stack_resource(
            StackName=stack_name(self.name), LogicalResourceId=f"{function[0].upper()}{function[1:]}LambdaFunction"
        )["StackResourceDetail"]
        return str(resource["PhysicalResourceId"])


def stack_name(stage: str) -> str:
    """The name of a stage's CloudFormation stack."""
    return f"{SERVICE}-{stage}"


def web_stack_name(stage: str) -> str:
    """The name of the stack that serves the stage's pages (infrastructure/web.yml)."""
    return f"{SERVICE}-web-{stage}"


def open_stage(target: Target) -> Stage:
    """The stage. Raises CommandError if it does not exist or does not answer."""
    if target.stage and target.stage != LOCAL:
        return _deployed(target.stage, target.region)
    return _local(target.state or operator_settings().state)


def _local(state: Path) -> Stage:
    file = state / "connection.json"
    try:
        connection = json.loads(file.read_text(encoding="utf-8"))
        endpoint = {"endpoint_url": connection["awsEndpoint"], "region_name": connection["region"]}
        session = boto3.Session(connection["awsAccessKeyId"], connection["awsSecretAccessKey"])
    except FileNotFoundError:
        hint = "Start it with `make start`, or name a deployed stage with --stage."
        raise CommandError(f"No local system runs here: there is no {file}. {hint}") from None
    except (OSError, KeyError, TypeError, ValueError) as error:
        raise CommandError(f"{file} cannot be read: {error!r}") from error
    client = _clients(session, endpoint)
    try:
        outputs = outputs_of(LOCAL, client("cloudformation"))
    except EndpointConnectionError:
        raise CommandError(
            f"The local system does not answer at {connection['awsEndpoint']}, the endpoint in {file}."
        ) from None
    return Stage(LOCAL, client, outputs, connection, wait_seconds=0)


def _deployed(stage: str, region: str | None) -> Stage:
    session = boto3.Session()
    client = _clients(
        session, {"region_name": region or operator_settings().region or session.region_name or DEFAULT_REGION}
    )
    return Stage(stage, client, outputs_of(stage, client("cloudformation")))


def _clients(session: boto3.Session, endpoint: Mapping[str, Any]) -> Callable[[str], Any]:
    create: Callable[..., Any] = session.client

    @cache
    def client(service: str) -> Any:
        return create(service, config=_CONFIG, **endpoint)

    return client


def outputs_of(stage: str, cloudformation: Any) -> dict[str, str]:
    """The outputs of a stage's stack. Raises CommandError if there is no such stack."""
    outputs = _outputs(stack_name(stage), cloudformation)
    if outputs is None:
        region = cloudformation.meta.region_name
        raise CommandError(f"There is no stage {stage!r} in {region}: no stack has the name {stack_name(stage)}.")
    return outputs


def web_outputs_of(stage: Stage) -> dict[str, str]:
    """The outputs of the stack that serves a stage's pages. Raises CommandError if there is no such stack."""
    outputs = _outputs(web_stack_name(stage.name), stage.client("cloudformation"))
    if outputs is None:
        hint = "deploy infrastructure/web.yml first."
        raise CommandError(f"Nothing serves pages of {stage.name!r}: no stack {web_stack_name(stage.name)}; {hint}")
    return outputs


def _outputs(stack: str, cloudformation: Any) -> dict[str, str] | None:
    try:
        (found,) = cloudformation.describe_stacks(StackName=stack)["Stacks"]
    except ClientError as error:
        if "does not exist" not in error.response["Error"].get("Message", ""):
            raise
        return None
    return {output["OutputKey"]: output["OutputValue"] for output in found.get("Outputs", [])}
