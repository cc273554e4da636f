"""The operator's command against the whole local system: traces, and redrives that complete."""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import boto3
import pytest

from local.ministack import boto3_arguments
from local.settings import CHECKOUT, LOOPBACK
from taskbell.application.serialization import event_to_dict
from taskbell.domain.events import event_between
from tests.e2e.aws import stretch_of
from tests.e2e.waiting import until
from tests.support.examples import example_task, fresh_id
from tests.support.local_system import LocalSystem, free_settings

CREATE = "mutation ($input: CreateTaskInput!) { createTask(input: $input) { task { id ownerId } errors { code } } }"

Answer = dict[str, Any]


class Operator:
    """Runs `taskbell` as a person does, in a process of its own."""

    def __init__(self, system: LocalSystem) -> None:
        self.system = system
        client: Any = boto3.client
        self.sqs, self.states, self.stacks = (
            client(name, **boto3_arguments(system.settings)) for name in ("sqs", "stepfunctions", "cloudformation")
        )

    def says(self, *arguments: str, status: int = 0) -> str:
        """What the command prints."""
        done = self._run(*arguments)
        assert done.returncode == status, done.stdout + done.stderr
        return done.stdout

    def fails(self, *arguments: str) -> str:
        """What the command says on stderr, and nothing elsewhere, when it is refused."""
        done = self._run(*arguments)
        assert (done.returncode, done.stdout) == (1, "")
        return done.stderr

    def run_json(self, *arguments: str, status: int = 0) -> Answer:
        """What it answers with --json."""
        answer: Answer = json.loads(self.says(*arguments, "--json", status=status))
        return answer

    def _run(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [sys.executable, "-m", "taskbell.cli", *arguments],
            cwd=CHECKOUT, env=self.system.environment, capture_output=True, text=True, check=False, timeout=60,
        )  # fmt: skip

    def dead_letter(self, task_id: str, *others: str) -> Answer | None:
        """The dead letter about a task, if there is one but the others."""
        dead_letters: list[Answer] = self.run_json("dlq", "list")["letters"]
        return next((each for each in dead_letters if each["taskId"] == task_id and each["id"] not in others), None)

    async def is_told(self, task_id: str, *others: str) -> Answer:
        """Wait for the dead letter about a task; the command runs only after another message has arrived."""
        looked_at = -1

        def look() -> Answer | None:
            nonlocal looked_at
            there, looked_at = looked_at, self._count_letters()
            return None if there == looked_at else self.dead_letter(task_id, *others)

        dead_letter = await until(look, patience=90)
        assert dead_letter is not None
        return dead_letter

    def _count_letters(self) -> int:
        names = ("ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible")
        answer = self.sqs.get_queue_attributes(
            QueueUrl=self.output("TaskEventsDeadLettersUrl"), AttributeNames=list(names)
        )
        return sum(int(answer["Attributes"][name]) for name in names)

    def output(self, name: str) -> str:
        """An output of the stack."""
        stack = self.stacks.describe_stacks(StackName="taskbell-local")["Stacks"][0]
        return str(next(each["OutputValue"] for each in stack["Outputs"] if each["OutputKey"] == name))

    def send(self, queue: str, body: object, group: str, **attributes: str) -> str:
        """Put a message into a FIFO queue; its id."""
        answer = self.sqs.send_message(
            QueueUrl=self.output(queue),
            MessageBody=json.dumps(body),
            MessageGroupId=group,
            MessageDeduplicationId=str(uuid4()),
            MessageAttributes={
                name: {"DataType": "String", "StringValue": value} for name, value in attributes.items()
            },
        )
        return str(answer["MessageId"])


@pytest.fixture(scope="module")
def operator(system: LocalSystem) -> Operator:
    return Operator(system)


def an_event(**fields: Any) -> Answer:
    """The creation of a new task of the guest's, as the queue carries it."""
    return event_to_dict(event_between(None, example_task(id=f"dead-{uuid4()}", owner_id="guest", **fields)))


@dataclass(frozen=True)
class GivenUp:
    """What the pipeline cannot do: an event that cannot be pushed, and the name of a run that fails."""

    event: Answer
    run: str


@pytest.fixture(scope="module", autouse=True)
def given_up(operator: Operator) -> GivenUp:
    """Begun before the first test: the pipeline tries for half a minute, and the other tests need not wait for it."""
    event, task_id = an_event(), f"failed-{uuid4()}"
    event["task"]["version"] = 2**31  # more than GraphQL's Int holds
    operator.send("TaskEventsUrl", event, f"guest/{event['taskId']}")
    run = {"ownerId": "guest", "taskId": task_id, "scheduleVersion": "none"}
    operator.states.start_execution(
        stateMachineArn=operator.output("TaskLifecycleArn"), name=task_id, input=json.dumps(run)
    )
    return GivenUp(event, task_id)


async def test_a_finished_task_is_traced_from_its_item_to_the_last_state(operator: Operator) -> None:
    id_ = f"traced-{uuid4()}"
    operator.system.graphql(CREATE, {"input": {"key": id_, "title": "Read chapter 4"}})

    def finished() -> Answer | None:
        traced = operator.run_json("trace", id_)
        done = len(traced["events"]) == 3 and [each["status"] for each in traced["executions"]] == ["SUCCEEDED"]
        return traced if done else None

    traced = await until(finished)
    assert traced is not None
    assert (traced["task"]["title"], traced["task"]["version"]) == ("Read chapter 4", 3)
    assert traced["schedule"]["version"] == 1
    assert [(event["type"], event["processing"]) for event in traced["events"]] == [
        ("CREATED", "QUEUED"),
        ("PROCESSING_CHANGED", "RUNNING"),
        ("PROCESSING_CHANGED", "SUCCEEDED"),
    ]
    (execution,) = traced["executions"]
    names = [state["name"] for state in execution["states"]]
    assert (names[0], names[-1]) == ("Accept task", "Finished")
    assert execution["startedAt"] < execution["stoppedAt"]
    assert traced["deadLetters"] == []
    assert "SUCCEEDED" in operator.says("trace", id_)


async def test_a_users_task_is_traced_by_the_users_name(operator: Operator) -> None:
    id_ = f"traced-{uuid4()}"
    operator.system.graphql(
        CREATE, {"input": {"key": id_, "title": "Ada's"}}, authorization=operator.system.token("ada")
    )
    traced = operator.run_json("trace", id_, "--owner", "ada")
    assert traced["task"]["ownerId"] == traced["ownerId"] != "ada"


def test_a_task_that_never_was_is_not_found(operator: Operator) -> None:
    assert operator.run_json("trace", "never", status=1)["task"] is None


async def test_an_event_that_cannot_be_pushed_is_listed_shown_and_redriven(
    operator: Operator, given_up: GivenUp
) -> None:
    event = given_up.event
    task_id = event["taskId"]
    dead_letter = await operator.is_told(task_id)
    assert (dead_letter["kind"], dead_letter["ownerId"]) == ("event", "guest")
    assert dead_letter["cause"].startswith("InvalidPushError")
    assert operator.run_json("dlq", "show", dead_letter["id"])["body"] == event
    assert [each["id"] for each in operator.run_json("trace", task_id)["deadLetters"]] == [dead_letter["id"]]
    (outcome,) = operator.run_json("dlq", "redrive", dead_letter["id"])["letters"]
    assert (outcome["id"], outcome["outcome"]) == (dead_letter["id"], "sent")
    again = await operator.is_told(task_id, dead_letter["id"])
    assert again["cause"] == dead_letter["cause"]


async def test_a_redriven_event_is_handled_when_its_cause_is_gone(operator: Operator) -> None:
    event = an_event()
    id_ = operator.send("TaskEventsDeadLettersUrl", event, f"guest/{event['taskId']}", cause="OSError: once")
    assert operator.run_json("dlq", "redrive", id_)["notFound"] == []
    traced = await until(lambda: (found := operator.run_json("trace", event["taskId"]))["events"] and found)
    assert [each["type"] for each in traced["events"]] == ["CREATED"]
    assert operator.dead_letter(event["taskId"]) is None


def test_looking_hides_nothing(operator: Operator) -> None:
    event = an_event()
    id_ = operator.send("TaskEventsDeadLettersUrl", event, f"guest/{event['taskId']}")
    for _ in range(3):
        assert operator.run_json("dlq", "show", id_)["id"] == id_
    operator.run_json("dlq", "redrive", id_)


def test_what_makes_no_sense_stays_until_it_is_removed(operator: Operator) -> None:
    id_ = operator.send("TaskEventsDeadLettersUrl", {"nonsense": True}, f"nobody/{uuid4()}")
    (outcome,) = operator.run_json("dlq", "redrive", id_, status=1)["letters"]
    assert (outcome["kind"], outcome["outcome"]) == ("unknown", "kept")
    assert operator.run_json("dlq", "show", id_)["body"] == {"nonsense": True}
    assert operator.run_json("dlq", "remove", id_, "--yes")["removed"] == [id_]
    assert operator.run_json("dlq", "show", id_, status=1)["notFound"] == [id_]


async def test_a_failed_execution_is_started_anew(operator: Operator, given_up: GivenUp) -> None:
    task_id = given_up.run
    dead_letter = await operator.is_told(task_id)
    assert dead_letter["kind"] == "execution"
    assert dead_letter["cause"].startswith("ValidationError: ")
    (outcome,) = operator.run_json("dlq", "redrive", dead_letter["id"])["letters"]
    assert (outcome["outcome"], outcome["detail"]) == ("started", f"the execution {task_id}_r2")
    await operator.is_told(task_id, dead_letter["id"])
    traced = operator.run_json("trace", task_id)
    assert {each["name"] for each in traced["executions"]} == {task_id, f"{task_id}_r2"}


async def test_changes_that_were_never_forwarded_are_forwarded_again(operator: Operator) -> None:
    id_ = fresh_id()
    operator.system.graphql(CREATE, {"input": {"key": id_, "title": "Unforwarded"}})
    streams: Any = boto3.client("dynamodbstreams", **boto3_arguments(operator.system.settings))
    stretch = stretch_of(streams, operator.output("TasksTableName"), f"TASK#{id_}")
    body = {"requestContext": {"condition": "RetryAttemptsExhausted"}, "DDBStreamBatchInfo": stretch}
    sent = operator.sqs.send_message(QueueUrl=operator.output("UnforwardedChangesUrl"), MessageBody=json.dumps(body))
    shown = operator.run_json("dlq", "show", sent["MessageId"])
    assert (shown["kind"], shown["cause"]) == ("changes", "RetryAttemptsExhausted")
    (outcome,) = operator.run_json("dlq", "redrive", sent["MessageId"])["letters"]
    assert (outcome["outcome"], outcome["detail"]) == ("forwarded", "1 changes, passed on again")
    operator.fails("dlq", "show", sent["MessageId"])


async def test_a_change_that_was_set_aside_is_forwarded_again_when_it_is_valid(operator: Operator) -> None:
    id_ = fresh_id()
    operator.system.graphql(CREATE, {"input": {"key": id_, "title": "Aside"}})
    dynamodb: Any = boto3.client("dynamodb", **boto3_arguments(operator.system.settings))
    key = {"pk": {"S": "OWNER#guest"}, "sk": {"S": f"TASK#{id_}"}}
    stored = dynamodb.get_item(TableName=operator.output("TasksTableName"), Key=key)["Item"]
    change = {"Keys": key, "SequenceNumber": "1"}
    valid, invalid = ({"record": {"eventName": "INSERT", "dynamodb": {**change, **more}}} for more in (
        {"NewImage": stored}, {"NewImage": key},
    ))  # fmt: skip
    sent = [
        operator.sqs.send_message(QueueUrl=operator.output("UnforwardedChangesUrl"), MessageBody=json.dumps(body))
        for body in (valid, invalid)
    ]
    outcomes = [
        operator.run_json("dlq", "redrive", message["MessageId"], status=status)["letters"][0]
        for message, status in zip(sent, (0, 1), strict=True)
    ]
    assert [(each["kind"], each["outcome"]) for each in outcomes] == [("changes", "forwarded"), ("changes", "kept")]
    assert operator.run_json("dlq", "show", sent[1]["MessageId"])["taskId"] == id_
    operator.run_json("dlq", "remove", sent[1]["MessageId"], "--yes")


def test_a_token_of_a_local_user_opens_the_api(operator: Operator) -> None:
    token = operator.run_json("token", "grace")["accessToken"]
    _, answer = operator.system.graphql("{ viewer { name } }", authorization=token)
    assert answer["data"]["viewer"]["name"] == "grace"
    operator.says("token", "nobody", status=1)


def test_a_system_that_has_gone_is_told_in_one_line(operator: Operator, tmp_path: Path) -> None:
    gone = operator.system.connection | {"awsEndpoint": f"http://{LOOPBACK}:{free_settings(tmp_path).port}"}
    (tmp_path / "connection.json").write_text(json.dumps(gone))
    stderr = operator.fails("dlq", "list", "--state", str(tmp_path))
    assert stderr.startswith(f"The local system does not answer at {gone['awsEndpoint']}")
    assert stderr.count("\n") == 1
