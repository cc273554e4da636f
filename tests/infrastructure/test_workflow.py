"""Every path of the workflow ends, and every failure of a step is recorded."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from random import Random
from statistics import fmean
from typing import Any

import pytest
import yaml

from taskbell.application.workflow_steps import Step
from taskbell.domain.lifecycle import TimerAction
from tests.infrastructure.compiled import Properties

State = dict[str, Any]
ENDS = {"Succeed", "Fail"}


@pytest.fixture(scope="module")
def source(checkout: Path) -> str:
    return (checkout / "infrastructure/task_lifecycle.asl.yml").read_text()


@pytest.fixture(scope="module")
def workflow(source: str) -> dict[str, Any]:
    definition: dict[str, Any] = yaml.safe_load(source)
    return definition


@pytest.fixture(scope="module")
def tasks(workflow: dict[str, Any]) -> dict[str, State]:
    return {name: state for name, state in workflow["States"].items() if state["Type"] == "Task"}


def test_the_machine_runs_this_workflow(
    of_type: Callable[[str], dict[str, Properties]], workflow: dict[str, Any]
) -> None:
    (machine,) = of_type("AWS::StepFunctions::StateMachine").values()
    assert machine["Definition"] == workflow


def test_every_placeholder_of_the_workflow_is_filled_in_and_none_is_left_over(
    of_type: Callable[[str], dict[str, Properties]], source: str
) -> None:
    (machine,) = of_type("AWS::StepFunctions::StateMachine").values()
    assert set(machine["DefinitionSubstitutions"]) == set(re.findall(r"\$\{(\w+)\}", source))


def test_every_state_is_reached_and_every_way_goes_on_to_an_end(workflow: dict[str, Any]) -> None:
    states = workflow["States"]
    reached, open_ends = set(), [workflow["StartAt"]]
    while open_ends:
        name = open_ends.pop()
        if name not in reached:
            reached.add(name)
            open_ends += _followers(states[name])
    assert reached == set(states)
    assert {state["Type"] for state in states.values() if not list(_followers(state))} == ENDS


def test_every_task_waits_only_so_long_and_tries_again_with_growing_random_pauses(tasks: dict[str, State]) -> None:
    for name, state in tasks.items():
        assert state["TimeoutSeconds"] <= 60, name
        for retry in state["Retry"]:
            assert (retry["BackoffRate"] >= 2, retry["JitterStrategy"]) == (True, "FULL"), name
            assert retry["MaxDelaySeconds"] <= 600, name


def test_every_step_repeats_what_may_pass_for_hours(tasks: dict[str, State]) -> None:
    random = Random(7)  # noqa: S311 - no secret
    for name, state in tasks.items():
        last = state["Retry"][-1]
        assert last["ErrorEquals"] == ["States.ALL"], name
        durations = [sum(random.uniform(0, pause) for pause in _pauses(last)) for _ in range(1000)]
        assert min(durations) > timedelta(hours=2.5).total_seconds(), name
        assert fmean(durations) > timedelta(hours=4).total_seconds(), name


def test_every_step_gives_up_soon_what_is_wrong_with_the_task_itself(tasks: dict[str, State]) -> None:
    for name, state in tasks.items():
        for retry in state["Retry"][:-1]:
            assert {"ValidationError", "ValueError", "KeyError", "TypeError"} <= set(retry["ErrorEquals"]), name
            assert {"UnavailableError", "InvalidSettingError", "MisconfigurationError"}.isdisjoint(retry["ErrorEquals"])
            assert sum(_pauses(retry)) <= 60, name


def test_a_wait_ends_at_a_whole_second_and_its_action_knows_the_exact_time(workflow: dict[str, Any]) -> None:
    states = workflow["States"]
    assert states["Wait until due"]["TimestampPath"] == "$.answer.plan.until"
    actions = (choice["Next"] for choice in states["Which action?"]["Choices"])
    assert {states[name]["Parameters"]["Payload"]["at.$"] for name in actions} == {"$.answer.plan.at"}


def test_every_failure_is_recorded_on_the_task_and_then_sent_to_the_dead_letters(tasks: dict[str, State]) -> None:
    rescue = {"Record failure": "Send to dead letters", "Send to dead letters": "Failed"}
    for name, state in tasks.items():
        (catch,) = state["Catch"]
        assert catch["ErrorEquals"] == ["States.ALL"], name
        assert catch["Next"] == rescue.get(name, "Record failure")


def test_each_step_has_its_own_name_and_the_same_input(tasks: dict[str, State]) -> None:
    payloads = {
        name: state["Parameters"]["Payload"] for name, state in tasks.items() if "lambda:invoke" in state["Resource"]
    }
    assert sorted(payload["step"] for payload in payloads.values()) == sorted(step.value for step in Step)
    for payload in payloads.values():
        assert {"ownerId.$", "taskId.$", "scheduleVersion.$"} <= set(payload)


def test_every_answer_of_the_function_leads_on(workflow: dict[str, Any]) -> None:
    known = {
        choice["StringEquals"]
        for name in ("Which plan?", "Which action?")
        for choice in workflow["States"][name]["Choices"]
    }
    assert known == {"wait", "finish", "leave"} | {action.value for action in TimerAction}


def _pauses(retry: dict[str, Any]) -> list[float]:
    """The longest pause before each retry, in seconds."""
    growing = (retry["IntervalSeconds"] * retry["BackoffRate"] ** count for count in range(retry["MaxAttempts"]))
    return [min(pause, retry["MaxDelaySeconds"]) for pause in growing]


def _followers(state: State) -> Iterator[str]:
    for part in (state, *state.get("Choices", []), *state.get("Catch", [])):
        if "Next" in part:
            yield part["Next"]
    if "Default" in state:
        yield state["Default"]
