"""The command `taskbell`: its output with --json, its exit statuses, and its options."""

import io
import json
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
import typer.main
from botocore.exceptions import ClientError
from typer.testing import CliRunner

from tests.characterization import subjects
from tests.characterization.golden import agree
from tests.characterization.stage import Item, MotoStage, id_of, queue_event, stored, stream_record

STREAM = "arn:aws:dynamodb:eu-central-1:123456789012:table/tasks/stream/now"
UNFORWARDED = {
    "requestContext": {"condition": "RetryAttemptsExhausted"},
    "DDBStreamBatchInfo": {
        "streamArn": STREAM,
        "shardId": "shard",
        "startSequenceNumber": "1",
        "endSequenceNumber": "2",
    },
}


class Service:
    """Services of AWS with canned responses: Cognito, the stack, the stream and forwardChanges."""

    exceptions = SimpleNamespace(TrimmedDataAccessException=KeyError, ResourceNotFoundException=KeyError)

    def __init__(self, records: list[Item]) -> None:
        self.records = records

    def initiate_auth(self, **request: Any) -> Item:
        """Cognito knows one password."""
        if request["AuthParameters"]["PASSWORD"] == "right":
            result = {"AccessToken": "access", "IdToken": "id", "RefreshToken": "refresh", "ExpiresIn": 3600}
            return {"AuthenticationResult": result}
        raise ClientError(
            {"Error": {"Code": "NotAuthorizedException", "Message": "Incorrect username or password."}}, "InitiateAuth"
        )

    def describe_stack_resource(self, **_: str) -> Item:
        """The stack knows one function."""
        return {"StackResourceDetail": {"PhysicalResourceId": "forwardChanges"}}

    def get_shard_iterator(self, **_: str) -> Item:
        """The stream has one shard."""
        return {"ShardIterator": "0"}

    def get_records(self, **_: str) -> Item:
        """The shard has one page."""
        return {"Records": self.records}

    def invoke(self, **_: str) -> Item:
        """The function takes everything."""
        return {"Payload": io.BytesIO(b'{"batchItemFailures": []}')}


class Operator:
    """Someone who runs the command upon a world."""

    def __init__(self, stage: MotoStage) -> None:
        service = Service([stream_record(None, stored("essay"), 1)])
        others = dict.fromkeys(("cognito-idp", "cloudformation", "dynamodbstreams", "lambda"), service)
        self.clients = stage.clients | others
        self.outputs = stage.outputs
        self.seen: list[Item] = []

    def run(self, *arguments: str, stdin: str | None = None, as_json: bool = True) -> Any:
        """Run it, keep all that is seen of it, and give back what it answered."""
        given = [*arguments, "--json"] if as_json else arguments
        result = CliRunner().invoke(subjects.taskbell, given, obj=self._open, input=stdin)
        said = json.loads(result.stdout) if as_json and result.stdout else result.stdout
        errors = result.stderr.splitlines()[-1:]  # above it stands how wide the terminal is
        self.seen.append({"arguments": arguments, "status": result.exit_code, "stdout": said, "stderr": errors})
        return said

    def _open(self, target: Any) -> Any:
        return subjects.stage(target.stage or "local", self.clients, self.outputs)


@pytest.fixture
def operator(stage: MotoStage) -> Operator:
    """An operator of the world."""
    return Operator(stage)


def test_the_trace_is_unchanged(stage: MotoStage, operator: Operator) -> None:
    stage.call("forwardChanges", {"Records": [stream_record(None, stored("report"))]})
    messages = stage.receive("events")
    stage.call("handleEvents", queue_event(messages))
    stage.send("dead", messages[0]["Body"], "ada/report", cause="OSError: gone")
    operator.run("trace", "report", "--owner", "ada")
    operator.run("trace", "report", "--owner", "ada", "--stage", "dev")
    operator.run("trace", "errand")
    operator.run("trace", "missing", "--owner", "ada")
    operator.run("trace", "report", "--stage", "dev")
    operator.run("trace", "report", "--owner", "ada", as_json=False)
    agree("cli/trace.json", _without_stamps(operator.seen))


def test_listing_and_redriving_dead_letters_are_unchanged(stage: MotoStage, operator: Operator) -> None:
    stage.call("forwardChanges", {"Records": [stream_record(None, stored("report"))]})
    (event,) = stage.receive("events")
    run = {"ownerId": "ada", "taskId": id_of("report"), "scheduleVersion": 1}
    execution = f"{stage.machine.replace(':stateMachine:', ':execution:')}:report-1"
    failure = {"execution": execution, "input": run, "error": "E", "cause": '{"errorMessage": "gone"}'}
    first = stage.send("dead", event["Body"], "ada/report", cause="OSError: gone")
    stage.send("dead", failure, "failure")
    odd = stage.send("dead", "no JSON", "odd")
    changes = stage.send("unforwarded", UNFORWARDED)
    operator.run("dlq", "list")
    operator.run("dlq", "list", "--limit", "1")
    operator.run("dlq", "list", as_json=False)
    operator.run("dlq", "show", first)
    operator.run("dlq", "show", changes)
    operator.run("dlq", "show", "missing")
    operator.run("dlq", "redrive", first, "missing")
    operator.run("dlq", "redrive", "--all")
    operator.run("dlq", "redrive")
    operator.run("dlq", "redrive", "--all", "some")
    operator.run("dlq", "remove", odd, stdin="n\n", as_json=False)
    operator.run("dlq", "remove", odd, "missing", "--yes")
    operator.run("dlq", "list")
    agree("cli/dlq.json", _without_stamps(operator.seen))


def test_rebuilding_statistics_is_unchanged(stage: MotoStage, operator: Operator) -> None:
    stage.store({"pk": "STATS#ada#0", "sk": "STATS", "PENDING": 1, "COMPLETED": 2, "OVERDUE": 1, "2020-03-02": 2})
    operator.run("stats", "rebuild", "--owner", "ada", "--check")
    operator.run("stats", "rebuild", "--owner", "ada")
    operator.run("stats", "rebuild", "--owner", "ada", "--check")
    operator.run("stats", "rebuild", "--owner", "nobody")
    operator.run("stats", "rebuild", "--stage", "dev")
    agree("cli/stats.json", operator.seen)


def test_printed_tokens_are_unchanged(operator: Operator) -> None:
    operator.run("token", "ada", "--stage", "dev", stdin="right\n")
    operator.run("token", "ada", "--stage", "dev", stdin="right\n", as_json=False)
    operator.run("token", "ada", "--stage", "dev", stdin="wrong\n")
    agree("cli/token.json", operator.seen)


def test_usage_errors_are_unchanged(operator: Operator) -> None:
    operator.run("dlq", "list", "--region", "eu-west-1")
    operator.run("dlq", "list", "--stage", "no such name")
    operator.run("dlq", "list", "--stage", "dev", "--state", "somewhere")
    operator.run("dlq", "list", "--limit", "0")
    operator.run("dance")
    agree("cli/usage.json", operator.seen)


def test_commands_take_the_options_that_they_took() -> None:
    command = typer.main.get_command(subjects.taskbell)
    agree("cli/options.json", dict(_options(command, "taskbell")))


def _options(command: Any, name: str) -> Iterator[tuple[str, Any]]:
    """The arguments and options of a command and of those below it."""
    given = [
        {"names": parameter.opts, "kind": parameter.param_type_name, "required": parameter.required}
        for parameter in command.params
    ]
    yield name, given
    for part in getattr(command, "commands", {}):
        yield from _options(command.commands[part], f"{name} {part}")


def _without_stamps(seen: Any) -> Any:
    """Without what SQS alone puts upon a message."""
    match seen:
        case dict():
            kept = {name: value for name, value in seen.items() if name not in {"SequenceNumber", "SenderId"}}
            return {name: _without_stamps(value) for name, value in kept.items()}
        case list() | tuple():
            return [_without_stamps(part) for part in seen]
    return seen
