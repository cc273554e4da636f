"""Runs of the workflow TaskLifecycle, in Step Functions."""

import json
import re
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from taskbell.domain.task import Task
from taskbell.domain.timestamps import instant_text

if TYPE_CHECKING:
    from mypy_boto3_stepfunctions import SFNClient

_LONGEST_NAME = 80  # characters


@dataclass(frozen=True, slots=True)
class StepFunctionsWorkflows:
    """The port `Workflows`. A run is named after the task and its schedule, so that starting it twice makes one."""

    client: "SFNClient"
    state_machine_arn: str

    def start(self, task: Task) -> None:
        """See the port."""
        run = {"ownerId": task.owner_id, "taskId": task.id, "scheduleVersion": task.schedule.version}
        try:
            self.client.start_execution(
                stateMachineArn=self.state_machine_arn,
                name=run_name(task, task.schedule.version),
                input=json.dumps(run),
            )
        except self.client.exceptions.ExecutionAlreadyExists:
            return

    def stop(self, task: Task, schedule_version: int) -> None:
        """See the port."""
        machine = self.state_machine_arn.replace(":stateMachine:", ":execution:")
        try:
            self.client.stop_execution(
                executionArn=f"{machine}:{run_name(task, schedule_version)}",
                cause="The task was completed, deleted or given another schedule.",
            )
        except self.client.exceptions.ExecutionDoesNotExist:
            return
        except ClientError as refusal:
            # What has come to its end by itself cannot be stopped any more.
            if refusal.response["Error"]["Code"] != "ValidationException":
                raise


def run_name(task: Task, schedule_version: int) -> str:
    """At most 80 characters: a readable part of the id, what tells apart tasks of one id, and the schedule.

    Ids are unique only among one owner's tasks, and free again when a deleted task has left the table.
    """
    identity = f"{task.owner_id}/{task.id}/{instant_text(task.created_at)}"
    return f"{task.id[:48]}-{sha256(identity.encode()).hexdigest()[:16]}-{schedule_version}"


def retried_name(name: str, attempt: int) -> str:
    """The name of a run that is started anew, for the second time (2) or a later one."""
    suffix = f"_r{attempt}"
    return first_name(name)[: _LONGEST_NAME - len(suffix)] + suffix


def first_name(name: str) -> str:
    """The name under which a run was started at first."""
    return re.sub(r"_r\d+$", "", name)
