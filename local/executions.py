"""Starts again the workflow executions that were running when the local system last stopped.

They begin at their first state, under the same name and with the same input. That is safe for this workflow: it
plans its next moment from the task as it is stored.
"""

import contextlib
import json

import boto3

from local.ministack import boto3_arguments
from local.settings import Settings


def resume_executions(settings: Settings) -> int:
    """Start what was interrupted, and answer how many executions that were; blocking."""
    noted = settings.state / "aws" / "interrupted.json"
    executions = json.loads(noted.read_text(encoding="utf-8")) if noted.exists() else []
    client = boto3.client("stepfunctions", **boto3_arguments(settings))
    for execution in executions:
        with contextlib.suppress(client.exceptions.StateMachineDoesNotExist, client.exceptions.ExecutionAlreadyExists):
            client.start_execution(**execution)
    noted.unlink(missing_ok=True)
    return len(executions)
