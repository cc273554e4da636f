"""Executions of workflows are kept with their histories, and continue at the state that they were in."""

import contextlib
import json
import threading
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from local.ministack_patches.durability.continuation import continue_execution
from local.ministack_patches.durability.database import StateDatabase
from local.ministack_patches.durability.executions import Executions, StoredExecution
from tests.unit.local.durability.fakes import SCOPE, Store

ARN = "arn:aws:states:eu-central-1:000000000000:execution:m:e"
DEFINITION = {"StartAt": "A", "States": {"A": {"Next": "B"}, "B": {"Next": "C"}, "C": {}}}
# Runs an execution as ministack does: by the globals of its module, which a continuation replaces.
RUN = """
def _run_execution(arn):
    time.sleep(0.15)
    execution = _executions.get(arn)
    definition = json.loads(_state_machines.get(execution["stateMachineArn"])["definition"])
    name, value = definition["StartAt"], json.loads(execution["input"])
    while name:
        state = definition["States"][name]
        _add_event(execution, "StateEntered", {"stateEnteredEventDetails": {"name": name, "input": json.dumps(value)}})
        value = state.get("Result", value)
        invoked.append((name, value))
        _add_event(execution, "StateExited")
        name = state.get("Next")
    execution["status"] = "SUCCEEDED"
    _add_event(execution, "ExecutionSucceeded")
    _emit_execution_status_event(execution)
"""


def add_event(execution: Any, type_: str, details: Any = None) -> Any:
    execution["events"].append({"type": type_, **(details or {})})


def entered(name: str, value: Any) -> dict[str, Any]:
    return {"type": "StateEntered", "stateEnteredEventDetails": {"name": name, "input": json.dumps(value)}}


def machine() -> Any:
    """Step Functions with a state machine of three states."""
    module: Any = ModuleType("stepfunctions")
    module.__dict__.update(
        json=json, time=None, invoked=[], _executions=Store(), _add_event=add_event,
        _state_machines=Store(m={"definition": json.dumps(DEFINITION)}),
        _emit_execution_status_event=lambda _: None,
    )  # fmt: skip
    exec(RUN, module.__dict__)  # noqa: S102 - a function of that module
    return module


def execution(*events: dict[str, Any], status: str = "RUNNING") -> dict[str, Any]:
    return {
        "executionArn": ARN, "stateMachineArn": "m", "status": status, "input": '"in"',
        "events": [{"type": "ExecutionStarted"}, *events],
    }  # fmt: skip


def continued(module: Any, running: dict[str, Any]) -> list[tuple[str, Any]]:
    module._executions._data[*SCOPE, ARN] = running
    continue_execution(module, running, contextlib.nullcontext())
    return [step for step in module.invoked if not step[0].startswith("(")]


def test_an_execution_continues_at_its_state_with_the_input_that_this_had() -> None:
    running = execution(entered("A", "in"), {"type": "StateExited"}, entered("B", "between"), {"type": "TaskScheduled"})
    assert continued(machine(), running) == [("B", "between"), ("C", "between")]
    types = [event["type"] for event in running["events"]]
    assert types == ["ExecutionStarted", *["StateEntered", "StateExited"] * 3, "ExecutionSucceeded"]
    assert running["input"] == '"in"'


def test_an_execution_that_had_entered_no_state_begins() -> None:
    assert [name for name, _ in continued(machine(), execution())] == ["A", "B", "C"]


def test_an_execution_whose_state_is_gone_begins_anew() -> None:
    assert continued(machine(), execution(entered("Old", "x")))[0] == ("A", "in")


class Kept:
    """Executions that are loaded from a folder and saved to it."""

    def __init__(self, folder: Path) -> None:
        self.module = machine()
        self._database = StateDatabase(folder)
        self.executions = Executions(self.module, lambda *_: contextlib.nullcontext(), threading.RLock())
        self.executions.load(self._database)

    def save(self) -> int:
        changes = list(self.executions.cut())
        self._database.commit(changes)
        return len(changes)

    @property
    def execution(self) -> Any:
        return self.module._executions._data[*SCOPE, ARN]


@pytest.fixture
def kept(tmp_path: Path) -> Kept:
    kept = Kept(tmp_path)
    started = kept.module._executions._data[*SCOPE, ARN] = execution()
    kept.module._emit_execution_status_event(started)
    kept.save()
    return kept


def test_an_execution_is_kept_from_its_start_on(kept: Kept, tmp_path: Path) -> None:
    after = Kept(tmp_path)
    assert isinstance(after.execution, StoredExecution)
    assert "events" not in after.execution  # until they are needed
    assert after.execution == {name: value for name, value in execution().items() if name != "events"}
    assert after.execution["events"] == [{"type": "ExecutionStarted"}]


def test_only_executions_that_changed_are_written(kept: Kept, tmp_path: Path) -> None:
    assert kept.save() == 0
    kept.module._add_event(kept.execution, "StateEntered")
    assert kept.save() == 2
    assert [event["type"] for event in Kept(tmp_path).execution["events"]] == ["ExecutionStarted", "StateEntered"]


def test_an_end_is_written_with_its_event(kept: Kept, tmp_path: Path) -> None:
    kept.module._add_event(kept.execution, "StateExited")
    kept.execution["status"] = "SUCCEEDED"
    assert kept.save() == 0
    kept.module._add_event(kept.execution, "ExecutionSucceeded")
    kept.save()
    after = Kept(tmp_path)
    assert (after.execution["status"], after.execution["events"][-1]["type"]) == ("SUCCEEDED", "ExecutionSucceeded")


def test_a_key_that_no_execution_has_is_missing() -> None:
    with pytest.raises(KeyError):
        StoredExecution({}, lambda _: [])["output"]
