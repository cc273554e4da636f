"""Workflow runs as executions of the state machine TaskLifecycle."""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from taskbell.adapters.aws_errors import translate_transient_errors
from taskbell.application.ports import Execution, ScheduledRun, StateVisit
from taskbell.domain.dead_letters import FailedExecution
from taskbell.domain.task import Task

if TYPE_CHECKING:
    from mypy_boto3_stepfunctions import SFNClient
    from mypy_boto3_stepfunctions.type_defs import DescribeExecutionOutputTypeDef

_MAX_NAME_LENGTH = 80  # characters


@dataclass(frozen=True, slots=True)
class StepFunctionsWorkflows:
    """Implements `Workflows`. Executions are named after task and schedule, which makes starting idempotent."""

    client: "SFNClient"
    state_machine_arn: str

    @translate_transient_errors()
    def start(self, task: Task) -> None:
        """Start the run of the task's schedule; nothing happens if it was started before."""
        run = {"ownerId": task.owner_id, "taskId": task.id, "scheduleVersion": task.schedule.version}
        try:
            self.client.start_execution(
                stateMachineArn=self.state_machine_arn,
                name=run_name(task, task.schedule.version),
                input=json.dumps(run),
            )
        except self.client.exceptions.ExecutionAlreadyExists:
            return

    @translate_transient_errors()
    def stop(self, task: Task, schedule_version: int) -> None:
        """Stop the run of an earlier schedule, if it is active."""
        machine = self.state_machine_arn.replace(":stateMachine:", ":execution:")
        try:
            self.client.stop_execution(
                executionArn=f"{machine}:{run_name(task, schedule_version)}",
                cause="The task was completed, deleted or given another schedule.",
            )
        except self.client.exceptions.ExecutionDoesNotExist:
            return
        except ClientError as error:
            # An execution that has ended cannot be stopped.
            if error.response["Error"]["Code"] != "ValidationException":
                raise


@dataclass(frozen=True, slots=True)
class StepFunctionsExecutions:
    """Implements `Executions`: at least two requests per execution, and one to find no later execution."""

    client: "SFNClient"
    state_machine_arn: str

    def of(self, runs: Iterable[ScheduledRun | FailedExecution]) -> Iterator[Execution]:
        """Yield the executions of the runs, each followed by those that restarted it."""
        versions: dict[str, int | None] = {}
        for run in runs:
            versions.setdefault(_first_name_of(run), run.schedule_version)
        seen: set[str] = set()
        for first, version in versions.items():
            name, attempt = first, 1
            while name not in seen and (described := self._describe(name)):
                seen.add(name)
                yield self._execution(described, version)
                attempt += 1
                name = retried_name(first, attempt)

    def _describe(self, name: str) -> "DescribeExecutionOutputTypeDef | None":
        arn = f"{self.state_machine_arn.replace(':stateMachine:', ':execution:')}:{name}"
        try:
            return self.client.describe_execution(executionArn=arn)
        except self.client.exceptions.ExecutionDoesNotExist:
            return None

    def _execution(self, described: "DescribeExecutionOutputTypeDef", version: int | None) -> Execution:
        return Execution(
            name=described["name"],
            id=described["executionArn"],
            schedule_version=version,
            status=described["status"],
            started_at=described["startDate"],
            stopped_at=described.get("stopDate"),
            error=described.get("error"),
            cause=described.get("cause"),
            states=tuple(self._states(described["executionArn"])),
        )

    def _states(self, arn: str) -> list[StateVisit]:
        """Return the states of an execution in order; the last one may still be active."""
        states: list[StateVisit] = []
        pages = self.client.get_paginator("get_execution_history").paginate(
            executionArn=arn, includeExecutionData=False, PaginationConfig={"PageSize": 1000}
        )
        for event in (event for page in pages for event in page["events"]):
            if "stateEnteredEventDetails" in event:
                states.append(StateVisit(event["stateEnteredEventDetails"]["name"], event["timestamp"]))
            elif "stateExitedEventDetails" in event and states:
                states[-1] = replace(states[-1], left_at=event["timestamp"])
        return states


def run_name(task: Task, schedule_version: int) -> str:
    """Return the name of a task's execution for that schedule."""
    return _name(ScheduledRun(task.owner_id, task.id, schedule_version))


def _name(run: ScheduledRun) -> str:
    """Return a name of at most 80 characters: a readable part of the id, a hash of the identity, and the schedule.

    An id that a client chose is unique only among its owner's tasks.
    """
    identity = f"{run.owner_id}/{run.task_id}"
    return f"{run.task_id[:48]}-{sha256(identity.encode()).hexdigest()[:16]}-{run.schedule_version}"


def retried_name(name: str, attempt: int) -> str:
    """Return the name of a restarted execution; `attempt` is 2 for the first restart."""
    suffix = f"_r{attempt}"
    return first_name(name)[: _MAX_NAME_LENGTH - len(suffix)] + suffix


def _first_name_of(run: ScheduledRun | FailedExecution) -> str:
    return _name(run) if isinstance(run, ScheduledRun) else first_name(run.id.rpartition(":")[2])


def first_name(name: str) -> str:
    """Return the name of the original execution."""
    return re.sub(r"_r\d+$", "", name)
