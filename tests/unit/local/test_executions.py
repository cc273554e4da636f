"""Interrupted executions are started again, and none is lost before."""

import json
import threading
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from local.executions import Resumption
from local.ministack_patches.interrupted_executions import add_interrupted, read_interrupted, remove_interrupted


def execution(name: str, waits_until: str = "") -> dict[str, Any]:
    """An execution as ministack has it: waiting, or at work."""
    plan = {"answer": {"plan": {"next": "wait", "at": waits_until}}}
    kind = "WaitStateEntered" if waits_until else "TaskStateEntered"
    last = {"type": kind, "stateEnteredEventDetails": {"input": json.dumps(plan)}}
    return {
        "stateMachineArn": "arn:machine",
        "name": name,
        "input": "{}",
        "events": [{"type": "ExecutionStarted"}, last],
    }


def names(file: Path) -> list[str]:
    return [each["name"] for each in read_interrupted(file)]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "interrupted.json"


class Workflows:
    """Step Functions, which answers as a test says."""

    exceptions = boto3.client("stepfunctions", region_name="eu-central-1").exceptions

    def __init__(self, refusal: str = "", last_events: tuple[str, ...] = ("WaitStateEntered",)) -> None:
        self.started: list[str] = []
        self.history_requests = 0
        self._refusal = refusal
        self._last_events = last_events

    def start_execution(self, *, stateMachineArn: str, name: str, input: str) -> dict[str, str]:  # noqa: A002, N803
        if self._refusal:
            kind = getattr(self.exceptions, self._refusal, ClientError)
            raise kind({"Error": {"Code": self._refusal, "Message": "No."}}, "StartExecution")
        self.started.append(name)
        return {"executionArn": f"arn:{name}"}

    def get_execution_history(self, **_: Any) -> dict[str, Any]:
        self.history_requests += 1
        return {"events": [{"type": self._last_events[min(self.history_requests, len(self._last_events)) - 1]}]}


def resume(file: Path, workflows: Any, stopping: threading.Event | None = None) -> list[bool]:
    resumption = Resumption(file, workflows, stopping or threading.Event())
    return [resumption.resume(each) for each in read_interrupted(file)]


def test_what_is_noted_twice_is_there_once(file: Path) -> None:
    add_interrupted(file, [execution("a")])
    add_interrupted(file, [{**execution("a"), "status": "RUNNING"}, execution("b")])
    assert names(file) == ["a", "b"]


def test_executions_that_did_not_wait_go_first_then_those_due_first(file: Path) -> None:
    add_interrupted(
        file, [execution("next week", "2026-11-29T08:00:00.000Z"), execution("overdue", "2026-11-22T08:00:00.000Z")]
    )
    add_interrupted(file, [execution("tomorrow", "2026-11-23T08:00:00.000Z"), execution("at work")])
    workflows = Workflows()
    resume(file, workflows)
    assert workflows.started == ["at work", "overdue", "tomorrow", "next week"]


def test_nothing_to_note_makes_no_file(file: Path) -> None:
    add_interrupted(file, [])
    assert not file.exists()


def test_the_last_one_forgotten_removes_the_file(file: Path) -> None:
    add_interrupted(file, [execution("a"), execution("b")])
    remove_interrupted(file, execution("a"))
    assert names(file) == ["b"]
    remove_interrupted(file, execution("b"))
    assert not file.exists()


def test_what_was_started_is_forgotten(file: Path) -> None:
    add_interrupted(file, [execution("a"), execution("b")])
    workflows = Workflows()
    assert resume(file, workflows) == [True, True]
    assert (workflows.started, read_interrupted(file)) == (["a", "b"], [])


def test_what_runs_already_is_forgotten(file: Path) -> None:
    add_interrupted(file, [execution("a")])
    assert resume(file, Workflows("ExecutionAlreadyExists")) == [True]
    assert read_interrupted(file) == []


@pytest.mark.parametrize("refusal", ["StateMachineDoesNotExist", "ThrottlingException"])
def test_what_could_not_be_started_stays_noted(file: Path, refusal: str) -> None:
    add_interrupted(file, [execution("a")])
    assert resume(file, Workflows(refusal)) == [False]
    assert names(file) == ["a"]


def test_after_a_stop_nothing_is_started_and_all_stays_noted(file: Path) -> None:
    add_interrupted(file, [execution("a")])
    stopping = threading.Event()
    stopping.set()
    assert resume(file, Workflows(), stopping) == [False]
    assert names(file) == ["a"]


def test_the_next_one_waits_until_the_one_before_has_settled(file: Path) -> None:
    add_interrupted(file, [execution("a")])
    workflows = Workflows(last_events=("ExecutionStarted", "TaskStateEntered", "WaitStateEntered"))
    resume(file, workflows)
    assert workflows.history_requests == 3
