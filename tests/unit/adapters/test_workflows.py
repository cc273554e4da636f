"""Runs of the workflow, by name."""

import re
from dataclasses import replace

import boto3
import pytest
from botocore.stub import Stubber

from taskbell.adapters.stepfunctions import StepFunctionsWorkflows, retried_name, run_name
from taskbell.domain.exceptions import MisconfigurationError, UnavailableError
from taskbell.domain.task import Task
from tests.support.examples import example_task


def test_a_run_that_has_ended_by_itself_counts_as_stopped() -> None:
    client = boto3.client("stepfunctions", "eu-central-1", aws_access_key_id="x", aws_secret_access_key="x")
    workflows = StepFunctionsWorkflows(client, "arn:aws:states:eu-central-1:000000000000:stateMachine:TaskLifecycle")
    with Stubber(client) as stubber:
        for code in ("ValidationException", "ExecutionDoesNotExist"):
            stubber.add_client_error("stop_execution", code)
            workflows.stop(example_task(), 1)
        stubber.add_client_error("stop_execution", "AccessDeniedException")
        with pytest.raises(MisconfigurationError):
            workflows.stop(example_task(), 1)


@pytest.mark.parametrize("code", ["ThrottlingException", "ExecutionLimitExceeded", "KmsThrottlingException"])
def test_a_run_that_cannot_be_started_now_can_be_started_later(code: str) -> None:
    client = boto3.client("stepfunctions", "eu-central-1", aws_access_key_id="x", aws_secret_access_key="x")
    workflows = StepFunctionsWorkflows(client, "arn:aws:states:eu-central-1:000000000000:stateMachine:TaskLifecycle")
    with Stubber(client) as stubber:
        stubber.add_client_error("start_execution", code)
        stubber.add_client_error("stop_execution", code)
        with pytest.raises(UnavailableError):
            workflows.start(example_task())
        with pytest.raises(UnavailableError):
            workflows.stop(example_task(), 1)


def test_a_run_that_was_started_before_counts_as_started() -> None:
    client = boto3.client("stepfunctions", "eu-central-1", aws_access_key_id="x", aws_secret_access_key="x")
    workflows = StepFunctionsWorkflows(client, "arn:aws:states:eu-central-1:000000000000:stateMachine:TaskLifecycle")
    with Stubber(client) as stubber:
        stubber.add_client_error("start_execution", "ExecutionAlreadyExists")
        workflows.start(example_task())


@pytest.mark.parametrize("task", [example_task(), example_task(id="x" * 64, owner_id="o" * 128)])
def test_a_runs_name_is_one_that_step_functions_takes(task: Task) -> None:
    assert re.fullmatch(r"[A-Za-z0-9_-]{1,80}", run_name(task, 1_000_000_000))


def test_every_schedule_of_every_task_has_a_run_of_its_own() -> None:
    task = example_task()
    names = {run_name(task, 1), run_name(task, 2), run_name(replace(task, owner_id="grace"), 1)}
    assert len(names) == 3


def test_names_of_executions_stay_within_eighty_characters() -> None:
    assert retried_name("x" * 80, 2) == "x" * 77 + "_r2"
    assert retried_name(retried_name("essay-1", 2), 3) == "essay-1_r3"
