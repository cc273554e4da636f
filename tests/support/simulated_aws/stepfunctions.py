"""Step Functions in memory: executions of the workflow that infrastructure/task_lifecycle.asl.yml defines."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from tests.support.simulated_aws import state_machine
from tests.support.simulated_aws.errors import EXCEPTIONS, client_error
from tests.support.simulated_aws.state_machine import Json, State


class StatesError(Exception):
    """An error of a task, as Step Functions names it."""

    def __init__(self, name: str, cause: str = "") -> None:
        super().__init__(name)
        self.name = name
        self.cause = cause


class Surroundings(Protocol):
    """What executions need: time, and the services that tasks call."""

    def now(self) -> datetime:
        """Return the current time."""

    def at(self, when: datetime, action: Callable[[], None]) -> None:
        """Do something then."""

    def transition_seconds(self, execution: str) -> float:
        """Return how long the next transition takes."""

    def jitter(self, execution: str) -> float:
        """Return a number in [0, 1)."""

    def call(self, resource: str, parameters: Json) -> Json:
        """Call a service; the result of the task. Raises StatesError."""


@dataclass
class Execution:
    """An execution: its status, and where it stands."""

    name: str
    arn: str
    input: str
    started_at: datetime
    data: Json
    state: str
    status: str = "RUNNING"
    error: str | None = None
    tries: dict[int, int] = field(default_factory=dict)
    waits: list[tuple[datetime, Json]] = field(default_factory=list)
    visited: int = 0

    @property
    def running(self) -> bool:
        return self.status == "RUNNING"


@dataclass
class SimulatedStepFunctions:
    """One state machine; names of executions stay taken."""

    surroundings: Surroundings
    executions: dict[str, Execution] = field(default_factory=dict)
    exceptions = EXCEPTIONS

    def start_execution(self, *, stateMachineArn: str, name: str, input: str) -> dict[str, Any]:  # noqa: A002
        arn = f"{stateMachineArn.replace(':stateMachine:', ':execution:')}:{name}"
        existing = self.executions.get(arn)
        if existing and not (existing.running and existing.input == input):
            raise client_error("ExecutionAlreadyExists", "StartExecution")
        if existing is None:
            start, now = state_machine.definition()["StartAt"], self.surroundings.now()
            execution = Execution(name, arn, input, now, json.loads(input), start)
            self.executions[arn] = execution
            self._soon(execution)
        return {"executionArn": arn}

    def stop_execution(self, *, executionArn: str, cause: str = "") -> None:
        execution = self.executions.get(executionArn)
        if execution is None:
            raise client_error("ExecutionDoesNotExist", "StopExecution")
        if not execution.running:
            raise client_error("ValidationException", "StopExecution")
        execution.status = "ABORTED"

    def describe_execution(self, *, executionArn: str) -> dict[str, Any]:
        execution = self.executions.get(executionArn)
        if execution is None:
            raise client_error("ExecutionDoesNotExist", "DescribeExecution")
        return {"executionArn": execution.arn, "name": execution.name, "status": execution.status}

    def _soon(self, execution: Execution, seconds: float = 0) -> None:
        delay = seconds + self.surroundings.transition_seconds(execution.name)
        self._at(execution, self.surroundings.now().timestamp() + delay)

    def _at(self, execution: Execution, timestamp: float) -> None:
        when = datetime.fromtimestamp(timestamp, execution.started_at.tzinfo)
        self.surroundings.at(when, lambda: self._advance(execution))

    def _advance(self, execution: Execution) -> None:
        """Enter a state, unless the execution was stopped meanwhile."""
        if not execution.running:
            return
        state = state_machine.definition()["States"][execution.state]
        execution.visited += 1
        match state["Type"]:
            case "Task":
                self._task(execution, state)
            case "Choice":
                self._go(execution, state_machine.choose(state, execution.data))
            case "Wait":
                self._wait(execution, state)
            case "Pass":
                data = state_machine.write(state.get("ResultPath"), execution.data, state["Result"])
                self._go(execution, state["Next"], data)
            case "Succeed":
                execution.status = "SUCCEEDED"
            case "Fail":
                execution.status = "FAILED"
                execution.error = state_machine.look_up(state["ErrorPath"], execution.data, {})

    def _task(self, execution: Execution, state: State) -> None:
        context = {"Execution": {"Id": execution.arn, "Name": execution.name, "Input": json.loads(execution.input)}}
        parameters = state_machine.fill(state["Parameters"], execution.data, context)
        try:
            result = self.surroundings.call(state["Resource"], parameters)
        except StatesError as error:
            if execution.running:
                self._failed(execution, state, error)
            return
        if not execution.running:
            return
        selector = state.get("ResultSelector")
        selected = state_machine.fill(selector, result, context) if selector else result
        self._go(execution, state["Next"], state_machine.write(state.get("ResultPath"), execution.data, selected))

    def _failed(self, execution: Execution, state: State, error: StatesError) -> None:
        for position, retrier in enumerate(state.get("Retry", ())):
            if state_machine.matches(error.name, retrier["ErrorEquals"]):
                tries = execution.tries.get(position, 0)
                if tries < retrier.get("MaxAttempts", 3):
                    execution.tries[position] = tries + 1
                    self._soon(execution, self._delay(execution, retrier, tries))
                    return
                break
        for catcher in state.get("Catch", ()):
            if state_machine.matches(error.name, catcher["ErrorEquals"]):
                caught = {"Error": error.name, "Cause": error.cause}
                data = state_machine.write(catcher.get("ResultPath"), execution.data, caught)
                self._go(execution, catcher["Next"], data)
                return
        execution.status, execution.error = "FAILED", error.name

    def _delay(self, execution: Execution, retrier: Mapping[str, Any], tries: int) -> float:
        delay: float = retrier.get("IntervalSeconds", 1) * retrier.get("BackoffRate", 2) ** tries
        delay = min(delay, retrier.get("MaxDelaySeconds", delay))
        full = retrier.get("JitterStrategy") == "FULL"
        return delay * self.surroundings.jitter(execution.name) if full else delay

    def _wait(self, execution: Execution, state: State) -> None:
        until = state_machine.wait_until(state, execution.data, self.surroundings.now())
        execution.waits.append((self.surroundings.now(), execution.data))
        execution.state, execution.tries = state["Next"], {}
        later = max(until, self.surroundings.now())
        self._at(execution, later.timestamp() + self.surroundings.transition_seconds(execution.name))

    def _go(self, execution: Execution, state: str, data: Json = None) -> None:
        execution.state, execution.tries = state, {}
        if data is not None:
            execution.data = data
        self._soon(execution)
