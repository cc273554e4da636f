"""Workflow runs: each is started once, and stopping one that is not active changes nothing."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pytest
from moto import mock_aws

from taskbell.adapters.stepfunctions import StepFunctionsWorkflows, run_name
from tests.support.aws import client, create_state_machine
from tests.support.examples import NOW, example_task
from tests.support.simulated_aws.state_machine import Json
from tests.support.simulated_aws.stepfunctions import SimulatedStepFunctions

TASK = example_task()


@dataclass
class Standstill:
    """Surroundings in which time stands still."""

    planned: list[Callable[[], None]] = field(default_factory=list)

    def now(self) -> datetime:
        return NOW

    def at(self, when: datetime, action: Callable[[], None]) -> None:
        self.planned.append(action)

    def transition_seconds(self, execution: str) -> float:
        return 0

    def jitter(self, execution: str) -> float:
        return 0

    def call(self, resource: str, parameters: Json) -> Json:
        raise AssertionError(resource)


@dataclass(frozen=True)
class Runs:
    """The adapter, over a Step Functions."""

    step_functions: Any
    arn: str

    @property
    def workflows(self) -> StepFunctionsWorkflows:
        return StepFunctionsWorkflows(self.step_functions, self.arn)

    def status(self, schedule_version: int = 1) -> str:
        execution = f"{self.arn.replace(':stateMachine:', ':execution:')}:{run_name(TASK, schedule_version)}"
        return str(self.step_functions.describe_execution(executionArn=execution)["status"])


@pytest.fixture(params=["Step Functions", "simulated Step Functions"])
def runs(request: pytest.FixtureRequest) -> Iterator[Runs]:
    """Runs, of which there is none."""
    if request.param == "simulated Step Functions":
        arn = "arn:aws:states:eu-central-1:123456789012:stateMachine:TaskLifecycle"
        yield Runs(SimulatedStepFunctions(Standstill()), arn)
        return
    with mock_aws():
        yield Runs(client("stepfunctions"), create_state_machine("TaskLifecycle"))


def test_a_started_run_is_active_and_can_be_started_again_without_effect(runs: Runs) -> None:
    for _ in range(2):
        runs.workflows.start(TASK)
    assert runs.status() == "RUNNING"


def test_a_stopped_run_cannot_be_started_again(runs: Runs) -> None:
    runs.workflows.start(TASK)
    runs.workflows.stop(TASK, 1)
    runs.workflows.start(TASK)
    assert runs.status() == "ABORTED"


def test_stopping_a_run_that_is_not_active_changes_nothing(runs: Runs) -> None:
    runs.workflows.stop(TASK, 1)
    runs.workflows.start(TASK)
    for _ in range(2):
        runs.workflows.stop(TASK, 1)
    assert runs.status() == "ABORTED"


def test_another_schedule_has_another_run(runs: Runs) -> None:
    runs.workflows.start(TASK)
    runs.workflows.stop(TASK, 2)
    assert runs.status() == "RUNNING"
    with pytest.raises(runs.step_functions.exceptions.ExecutionDoesNotExist):
        runs.status(2)
