"""`taskbell trace`."""

import json
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from taskbell.adapters.stepfunctions import run_name
from taskbell.application.serialization import event_to_dict
from taskbell.cli.errors import CommandError
from taskbell.cli.stage import Target
from taskbell.cli.trace import owner_of
from taskbell.domain.events import event_between
from taskbell.domain.lifecycle import accepted
from tests.support.cli import Operated
from tests.support.examples import LATER, example_task

TASK = example_task(owner_id="guest")
RUNNING = accepted(TASK, LATER)
EVENTS = (event_between(None, TASK), event_between(TASK, RUNNING))


def start(operated: Operated, name: str) -> None:
    machine = operated.stage.output("TaskLifecycleArn")
    operated.clients["stepfunctions"].start_execution(stateMachineArn=machine, name=name, input="{}")


def test_a_trace_holds_the_item_the_events_and_the_executions(operated: Operated) -> None:
    operated.store(RUNNING, *EVENTS)
    start(operated, run_name(TASK, 1))
    start(operated, f"{run_name(TASK, 1)}_r2")
    traced = operated.run_json("trace", "essay")
    assert set(traced) == {
        "stage", "ownerId", "taskId", "task", "schedule", "events", "executions", "deadLetters", "unseenDeadLetters"
    }  # fmt: skip
    assert (traced["stage"], traced["ownerId"], traced["task"]["title"]) == ("local", "guest", "Write the essay")
    assert "requestDigest" not in traced["task"]
    assert traced["schedule"]["version"] == 1
    assert [(event["type"], event["actor"]) for event in traced["events"]] == [
        ("CREATED", "guest"),
        ("PROCESSING_CHANGED", None),
    ]
    assert {"field": "processing", "before": "QUEUED", "after": "RUNNING"} in traced["events"][1]["changes"]
    names = [(execution["name"], execution["scheduleVersion"]) for execution in traced["executions"]]
    assert names == [(run_name(TASK, 1), 1), (f"{run_name(TASK, 1)}_r2", 1)]


def test_a_trace_is_readable_without_a_terminal(operated: Operated) -> None:
    operated.store(RUNNING, *EVENTS)
    start(operated, run_name(TASK, 1))
    said = operated.run("trace", "essay").stdout
    assert "title\tWrite the essay" in said
    assert "processing: QUEUED -> RUNNING" in said
    assert f"Execution {run_name(TASK, 1)} (schedule 1)" in said
    assert "Dead letters: none" in said


def test_a_trace_holds_dead_letters_of_both_shapes_and_no_others(operated: Operated) -> None:
    event = operated.add_dead_letter(event_to_dict(EVENTS[0]), "guest/essay", cause="OSError: gone")
    cause = json.dumps({"errorMessage": "no such step", "errorType": "ValueError", "stackTrace": []})
    failed = {
        "execution": "arn:aws:states:eu-central-1:1:execution:lifecycle:x",
        "input": {"ownerId": "guest", "taskId": "essay"},
        "error": "ValueError",
        "cause": cause,
    }
    run = operated.add_dead_letter(failed, "guest/essay")
    operated.add_dead_letter(event_to_dict(event_between(None, replace(TASK, id="other"))), "guest/other")
    dead_letters = operated.run_json("trace", "essay")["deadLetters"]
    assert [(dead_letter["id"], dead_letter["kind"], dead_letter["cause"]) for dead_letter in dead_letters] == [
        (event, "event", "OSError: gone"),
        (run, "execution", "ValueError: no such step"),
    ]


def test_an_execution_known_only_by_a_dead_letter_is_found(operated: Operated) -> None:
    start(operated, "by-hand")
    arn = operated.stage.output("TaskLifecycleArn").replace(":stateMachine:", ":execution:") + ":by-hand"
    operated.add_dead_letter(
        {"execution": arn, "input": {"ownerId": "guest", "taskId": "essay"}, "error": "E", "cause": "C"}
    )
    assert [execution["arn"] for execution in operated.run_json("trace", "essay")["executions"]] == [arn]


def test_a_task_that_has_left_the_table_still_has_its_events_and_executions(operated: Operated) -> None:
    operated.store(RUNNING, *EVENTS)
    start(operated, run_name(TASK, 1))
    key = {"pk": {"S": "OWNER#guest"}, "sk": {"S": "TASK#essay"}}
    operated.clients["dynamodb"].delete_item(TableName="tasks", Key=key)
    traced = operated.run_json("trace", "essay")
    assert traced["task"] is None
    assert len(traced["events"]) == 2
    assert len(traced["executions"]) == 1
    assert operated.run("trace", "essay").stdout.startswith("Task: none\nEvents\n")


def test_an_unparsable_item_is_shown_as_it_is_stored(operated: Operated) -> None:
    item = {"pk": {"S": "OWNER#guest"}, "sk": {"S": "TASK#odd"}, "version": {"N": "3"}}
    operated.clients["dynamodb"].put_item(TableName="tasks", Item=item)
    assert operated.run_json("trace", "odd")["task"] == {"pk": "OWNER#guest", "sk": "TASK#odd", "version": 3}


@pytest.mark.parametrize(
    "odd",
    [
        {"schedule": {"S": "odd"}},
        {"schedule": {"M": {"version": {"S": "odd"}}}},
        {"schedule": {"M": {"version": {"N": "1"}}}},
        {"schedule": {"M": {"version": {"N": "1"}}}, "id": {"N": "1"}, "blob": {"B": b"\xff"}},
    ],
)
def test_an_item_that_names_no_execution_is_shown_without_one(operated: Operated, odd: dict[str, Any]) -> None:
    operated.put({"pk": {"S": "OWNER#guest"}, "sk": {"S": "TASK#odd"}, **odd})
    assert operated.run_json("trace", "odd")["executions"] == []
    assert "schedule" in operated.run("trace", "odd").stdout


@pytest.mark.parametrize(
    "odd",
    [
        {},
        {"task": {"S": "odd"}, "changes": {"S": "odd"}},
        {"task": {"M": {"processing": {"S": "odd"}}}, "changes": {"L": [{"S": "odd"}]}},
        {"task": {"M": {"processing": {"M": {"state": {"S": "QUEUED"}}}}}, "version": {"S": "odd"}},
    ],
)
def test_an_invalid_event_is_shown_beside_the_others(operated: Operated, odd: dict[str, Any]) -> None:
    operated.store(RUNNING, *EVENTS)
    operated.put({"pk": {"S": "LOG#guest"}, "sk": {"S": "EVENT#essay#odd"}, **odd})
    start(operated, run_name(TASK, 1))
    traced = operated.run_json("trace", "essay")
    assert (len(traced["events"]), len(traced["executions"])) == (3, 1)
    assert "EVENT" not in operated.run("trace", "essay").stderr


@pytest.mark.parametrize("execution", ["", "odd", "arn:aws:states:eu-central-1:1:execution:lifecycle:o d<d>"])
def test_a_dead_letter_that_names_no_execution_is_shown(operated: Operated, execution: str) -> None:
    operated.store(RUNNING)
    about = {"ownerId": "guest", "taskId": "essay", "scheduleVersion": {"odd": 1}}
    id_ = operated.add_dead_letter({"execution": execution, "input": about, "error": 1, "cause": ["odd"]})
    traced = operated.run_json("trace", "essay")
    assert (traced["executions"], [letter["id"] for letter in traced["deadLetters"]]) == ([], [id_])


def test_no_trace_of_a_task_is_status_1_and_one_line(operated: Operated) -> None:
    result = operated.run("trace", "never", status=1)
    assert result.stdout == ""
    assert result.stderr == "There is no task 'never' of the owner 'guest', and no trace of one.\n"
    assert operated.run_json("trace", "never", status=1)["events"] == []


def test_a_deployed_stage_needs_an_owner(operated: Operated) -> None:
    assert "--owner" in operated.run("trace", "essay", "--stage", "dev", status=2).stderr
    operated.store(replace(TASK, owner_id="sub-of-ada"))
    assert operated.run_json("trace", "essay", "--stage", "dev", "--owner", "sub-of-ada")["task"]["id"] == "essay"
    assert operated.targets[-1] == Target("dev")


def test_locally_an_owner_can_be_given_by_name(operated: Operated) -> None:
    answer = {"UserAttributes": [{"Name": "sub", "Value": "sub-of-ada"}]}
    operated.clients["cognito-idp"] = SimpleNamespace(admin_get_user=lambda **_: answer)
    local = replace(operated.stage, connection={"users": [{"name": "ada"}]})
    assert [owner_of(local, owner) for owner in (None, "ada", "sub-of-x")] == ["guest", "sub-of-ada", "sub-of-x"]
    with pytest.raises(CommandError):
        owner_of(replace(local, name="dev"), None)


def test_control_characters_of_stored_text_are_escaped(operated: Operated) -> None:
    operated.store(replace(TASK, title="\x1b[2Jgone"))
    said = operated.run("trace", "essay").stdout
    assert "\x1b" not in said
    assert r"\x1b[2Jgone" in said
