"""Finding a stage, and errors if it cannot be reached."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.exceptions import (
    ClientError,
    EndpointConnectionError,
    NoCredentialsError,
    ProfileNotFound,
)
from botocore.stub import Stubber
from typer.testing import CliRunner, Result

from taskbell.cli.app import app
from taskbell.cli.errors import CommandError
from taskbell.cli.stage import Stage, Target, outputs_of


def run(*arguments: str, opener: Callable[[Target], Stage] | None = None) -> Result:
    return CliRunner().invoke(app, arguments, obj=opener)


def denied(code: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": "Said AWS."}}, "DescribeStacks")


def test_without_a_local_system_the_hint_says_how_to_start_one(tmp_path: Path) -> None:
    result = run("dlq", "list", "--state", str(tmp_path))
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == (
        f"No local system runs here: there is no {tmp_path / 'connection.json'}. "
        "Start it with `make start`, or name a deployed stage with --stage.\n"
    )


def test_an_invalid_connection_file_is_reported(tmp_path: Path) -> None:
    (tmp_path / "connection.json").write_text("[]")
    result = run("dlq", "list", "--state", str(tmp_path))
    assert result.exit_code == 1
    assert "connection.json cannot be read" in result.stderr


@pytest.fixture
def cloudformation() -> Iterator[tuple[Any, Stubber]]:
    """A client of CloudFormation, and what it is to answer."""
    keys: Any = {"aws_access_key_id": "testing", "aws_secret_access_key": "testing"}
    client = boto3.client("cloudformation", region_name="eu-west-1", **keys)
    with Stubber(client) as stubber:
        yield client, stubber


def test_a_stage_has_the_outputs_of_its_stack(cloudformation: tuple[Any, Stubber]) -> None:
    client, stubber = cloudformation
    stack = {
        "StackName": "taskbell-dev",
        "CreationTime": datetime.now(UTC),
        "StackStatus": "CREATE_COMPLETE",
        "Outputs": [{"OutputKey": "TaskEventsUrl", "OutputValue": "https://queue"}],
    }
    stubber.add_response("describe_stacks", {"Stacks": [stack]}, {"StackName": "taskbell-dev"})
    stage = Stage("dev", lambda _: client, outputs_of("dev", client))
    assert stage.output("TaskEventsUrl") == "https://queue"
    with pytest.raises(CommandError, match="taskbell-dev has no output TasksTableName"):
        stage.output("TasksTableName")


def test_an_unknown_stage_is_reported_with_its_region(cloudformation: tuple[Any, Stubber]) -> None:
    client, stubber = cloudformation
    message = "Stack with id taskbell-nowhere does not exist"
    stubber.add_client_error("describe_stacks", "ValidationError", message)
    result = run(
        "dlq",
        "list",
        "--stage",
        "nowhere",
        opener=lambda _: Stage("x", lambda _: client, outputs_of("nowhere", client)),
    )
    assert result.exit_code == 1
    assert result.stderr == "There is no stage 'nowhere' in eu-west-1: no stack has the name taskbell-nowhere.\n"


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (NoCredentialsError(), "No AWS credentials found: set AWS_PROFILE"),
        (ProfileNotFound(profile="x"), "The AWS credentials cannot be used"),
        (EndpointConnectionError(endpoint_url="https://sqs"), "AWS does not answer"),
        (denied("AccessDenied"), "Access denied: these credentials may not call DescribeStacks. Said AWS."),
        (denied("ExpiredToken"), "AWS rejected these credentials (ExpiredToken). Said AWS."),
        (denied("Throttling"), "AWS rejected DescribeStacks (Throttling). Said AWS."),
    ],
)
def test_an_error_is_reported_in_one_line(error: Exception, message: str) -> None:
    def fail(target: Target) -> Stage:
        raise error

    result = run("trace", "x", "--owner", "y", "--stage", "dev", "--json", opener=fail)
    assert (result.exit_code, result.stdout, result.stderr.count("\n")) == (1, "", 1)
    assert result.stderr.startswith(message)


@pytest.mark.parametrize(
    "arguments",
    [
        ["--stage", "no/such"],
        ["--stage", "dev", "--state", "here"],
        ["--region", "eu-west-1"],
        ["--nonsense"],
    ],
)
def test_invalid_options_are_wrong_usage(arguments: list[str]) -> None:
    assert run("dlq", "list", *arguments).exit_code == 2
    assert run(*arguments, "dlq", "list").exit_code == 2


@pytest.mark.parametrize(
    ("arguments", "target"),
    [
        (["--stage", "dev", "--region", "eu-west-1", "dlq", "list"], Target("dev", "eu-west-1")),
        (["--stage", "dev", "dlq", "list", "--stage", "staging"], Target("staging")),
        (["--state", "here", "dlq", "list"], Target(state=Path("here"))),
        (["--state", "here", "dlq", "list", "--state", "there"], Target(state=Path("there"))),
    ],
)
def test_options_after_the_command_take_precedence_over_those_before_it(arguments: list[str], target: Target) -> None:
    targets: list[Target] = []

    def remember(wanted: Target) -> Stage:
        targets.append(wanted)
        raise CommandError("That is all.")

    assert run(*arguments, opener=remember).exit_code == 1
    assert targets == [target]


@pytest.mark.parametrize(
    "command", [[], ["trace"], ["dlq"], ["dlq", "list"], ["dlq", "show"], ["dlq", "redrive"], ["token"]]
)
def test_every_command_has_help(command: list[str]) -> None:
    result = run(*command, "--help")
    assert result.exit_code == 0
    assert "Usage:" in result.stdout
