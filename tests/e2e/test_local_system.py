"""The local system for a developer: start, connection, identities, the example, stop."""

import asyncio
import base64
import json
import os
import signal
import socket
import ssl
import subprocess
import sys
import urllib.request
from pathlib import Path
from typing import Any
from uuid import uuid4

import boto3
import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from local.ministack import boto3_arguments
from local.settings import CHECKOUT, LOOPBACK
from taskbell.api.graphql_documents import push_document
from taskbell.domain.events import event_between
from tests.support.examples import example_task
from tests.support.local_system import LocalSystem, environment_of, free_settings, processes_of, running, start

PUBLISH = "mutation ($event: TaskEventPayloadInput!) { publishTaskEvent(event: $event) { taskId } }"
PUBLISH_FIELD = "arn:aws:appsync:eu-central-1:000000000000:apis/taskbelllocal/types/Mutation/fields/publishTaskEvent"


def test_the_connection_file_has_every_address_and_is_private(system: LocalSystem) -> None:
    connection = system.connection
    assert set(connection) == {
        "graphqlUrl",
        "realtimeUrl",
        "restUrl",
        "tlsUrl",
        "certificateAuthority",
        "apiKey",
        "awsAccessKeyId",
        "awsEndpoint",
        "awsSecretAccessKey",
        "region",
        "userPoolClientId",
        "userPoolId",
        "userPoolUrl",
        "users",
    }
    assert [(user["name"], user["groups"]) for user in connection["users"]] == [
        ("ada", ["students"]),
        ("grace", ["staff"]),
        ("linus", ["admins"]),
    ]


def test_the_api_is_served_over_tls_with_a_certificate_that_can_be_trusted(system: LocalSystem) -> None:
    trusting = ssl.create_default_context(cafile=system.connection["certificateAuthority"])
    url, key = system.connection["tlsUrl"], {"x-api-key": system.connection["apiKey"]}
    request = urllib.request.Request(url, b'{"query": "{ viewer { ownerId } }"}', key)  # noqa: S310 - always https
    with urllib.request.urlopen(request, timeout=30, context=trusting) as answer:  # noqa: S310 - always https
        assert json.load(answer) == {"data": {"viewer": {"ownerId": "guest"}}}


def test_amplify_finds_its_outputs(system: LocalSystem) -> None:
    outputs = json.loads((system.settings.state / "amplify_outputs.json").read_text())
    assert outputs["version"] == "1"
    assert outputs["data"]["url"] == system.connection["graphqlUrl"].replace("http://127.0.0.1", "HTTP://localhost")
    assert outputs["data"]["default_authorization_type"] == "API_KEY"
    assert outputs["auth"]["user_pool_id"].startswith("eu-central-1_")


def test_the_connection_is_served_without_passwords(system: LocalSystem) -> None:
    status, connection = system.fetch("/local/connection")
    assert status == 200
    assert [set(user) for user in connection["users"]] == [{"name", "groups"}] * 3


@pytest.mark.parametrize(("name", "group"), [("ada", "students"), ("grace", "staff"), ("linus", "admins")])
def test_each_user_can_sign_in_and_is_known_to_the_api(system: LocalSystem, name: str, group: str) -> None:
    status, answer = system.graphql("{ viewer { name groups } }", authorization=system.token(name))
    assert (status, answer) == (200, {"data": {"viewer": {"name": name, "groups": [group]}}})


def test_staff_finds_a_student_and_reads_their_tasks(system: LocalSystem) -> None:
    def ask(name: str, query: str, **variables: str) -> Any:
        status, answer = system.graphql(query, variables, authorization=system.token(name))
        assert status == 200
        return answer

    find = "query ($search: String) { students(search: $search, first: 10) { nodes { ownerId name } } }"
    title = f"Read {uuid4()}"
    create = "mutation ($title: String!) { createTask(input: { title: $title }) { task { ownerId } } }"
    owner_id = ask("ada", create, title=title)["data"]["createTask"]["task"]["ownerId"]
    for search in ("", "Ada"):
        students = ask("grace", find, search=search)["data"]["students"]["nodes"]
        assert students == [{"ownerId": owner_id, "name": "ada"}]
    read = "query ($ownerId: ID) { tasks(ownerId: $ownerId, first: 100) { nodes { title } } }"
    assert {"title": title} in ask("grace", read, ownerId=owner_id)["data"]["tasks"]["nodes"]
    refused = ask("ada", find)
    assert (refused["data"], refused["errors"][0]["errorType"]) == ({"students": None}, "Unauthorized")


def test_nobody_else_can_sign_in(system: LocalSystem) -> None:
    status, answer = system.fetch("/local/token/mallory")
    assert status == 404
    assert "ada, grace, linus" in answer["message"]


def test_a_token_with_another_signature_is_refused(system: LocalSystem) -> None:
    head, claims, _ = system.token("ada").split(".")
    forged = ".".join((head, claims, base64.urlsafe_b64encode(bytes(256)).rstrip(b"=").decode()))
    status, _ = system.graphql("{ viewer { id } }", authorization=forged)
    assert status == 401


def test_the_example_prints_every_push(system: LocalSystem) -> None:
    title = f"Read {uuid4()}"  # the guest is pushed what becomes of other tests' tasks, too
    said = subprocess.run(
        [sys.executable, CHECKOUT / "examples/live_status.py", "--title", title],
        env=system.environment, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert (said.returncode, said.stderr) == (0, "")
    event_types = [line.split()[2] for line in said.stdout.splitlines() if title in line]
    assert event_types == ["CREATED", "PROCESSING_CHANGED", "PROCESSING_CHANGED", "STATUS_CHANGED", "STATUS_CHANGED"]


def test_functions_keep_their_logs(system: LocalSystem) -> None:
    system.graphql("{ viewer { id } }")
    assert (system.settings.logs / "taskbell-local-readTasks.log").exists()


# Signatures


@pytest.fixture(scope="module")
def iam(system: LocalSystem) -> Any:
    return boto3.client("iam", **boto3_arguments(system.settings))


@pytest.fixture(scope="module")
def publisher(iam: Any) -> Credentials:
    """An IAM user who may publish, and nothing else."""
    return _user(iam, "publisher", {"Effect": "Allow", "Action": "appsync:GraphQL", "Resource": PUBLISH_FIELD})


def _user(iam: Any, name: str, *statements: dict[str, str]) -> Credentials:
    iam.create_user(UserName=name)
    policy = json.dumps({"Version": "2012-10-17", "Statement": statements})
    if statements:
        iam.put_user_policy(UserName=name, PolicyName="all", PolicyDocument=policy)
    key = iam.create_access_key(UserName=name)["AccessKey"]
    return Credentials(key["AccessKeyId"], key["SecretAccessKey"])


def _publish(system: LocalSystem, credentials: Credentials, tamper: bytes = b"", service: str = "appsync") -> Any:
    task = example_task(id="t", owner_id="o")
    event = push_document(event_between(None, task), task, "", None)
    body = json.dumps({"query": PUBLISH, "variables": {"event": event}}).encode()
    request = AWSRequest("POST", system.connection["graphqlUrl"], {"content-type": "application/json"}, body)
    SigV4Auth(credentials, service, system.settings.region).add_auth(request)
    return system.fetch("/graphql", body + tamper, **dict(request.headers.items()))


def test_an_iam_user_may_publish_when_a_policy_says_so(system: LocalSystem, publisher: Credentials) -> None:
    assert _publish(system, publisher) == (200, {"data": {"publishTaskEvent": {"taskId": "Task:o:t"}}})


def test_a_role_may_publish_when_its_policy_says_so(system: LocalSystem, iam: Any) -> None:
    anyone = {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}
    may = {"Effect": "Allow", "Action": "appsync:GraphQL", "Resource": PUBLISH_FIELD}
    trust, policy = (json.dumps({"Version": "2012-10-17", "Statement": [said]}) for said in (anyone, may))
    role = iam.create_role(RoleName="visitor", AssumeRolePolicyDocument=trust)["Role"]
    iam.put_role_policy(RoleName="visitor", PolicyName="may", PolicyDocument=policy)
    sts = boto3.client("sts", **boto3_arguments(system.settings))
    given = sts.assume_role(RoleArn=role["Arn"], RoleSessionName="visit")["Credentials"]
    keys = given["AccessKeyId"], given["SecretAccessKey"]
    assert _publish(system, Credentials(*keys, given["SessionToken"]))[0] == 200
    assert _publish(system, Credentials(*keys, "another token"))[0] == 403


def test_an_administrator_may_publish(system: LocalSystem, iam: Any) -> None:
    administrator = _user(iam, "administrator", {"Effect": "Allow", "Action": "*", "Resource": "*"})
    assert _publish(system, administrator)[1]["data"] == {"publishTaskEvent": {"taskId": "Task:o:t"}}


@pytest.mark.parametrize("body", [None, b'{"query": "{ __typename }"}'])
@pytest.mark.parametrize("query", ["?query=%7B%20__typename%20%7D", "?query=%7B__typename%7D&b=a%2Fb&a=%2B"])
def test_a_signature_covers_the_query_string(
    system: LocalSystem, publisher: Credentials, query: str, body: bytes | None
) -> None:
    kind = {"content-type": "application/json"}
    request = AWSRequest("POST" if body else "GET", system.connection["graphqlUrl"] + query, kind, body)
    SigV4Auth(publisher, "appsync", system.settings.region).add_auth(request)
    headers = dict(request.headers.items())
    assert system.fetch(f"/graphql{query}", body, **headers) == (200, {"data": {"__typename": "Query"}})
    assert system.fetch(f"/graphql{query}&c=1", body, **headers)[0] == 403


def test_an_iam_user_without_the_permission_is_denied_the_field(system: LocalSystem, iam: Any) -> None:
    status, answer = _publish(system, _user(iam, "nobody"))
    assert (status, answer["data"]) == (200, {"publishTaskEvent": None})
    assert answer["errors"][0]["errorType"] == "Unauthorized"


@pytest.mark.parametrize(
    ("how", "code"),
    [
        ("another secret", "InvalidSignatureException"),
        ("another body", "InvalidSignatureException"),
        ("another service", "InvalidSignatureException"),
        ("an unknown key", "UnrecognizedClientException"),
        ("the root's key", "UnrecognizedClientException"),
    ],
)
def test_a_signature_that_does_not_hold_is_refused(
    system: LocalSystem, publisher: Credentials, how: str, code: str
) -> None:
    credentials = {
        "another secret": Credentials(publisher.access_key, "x" * 40),
        "an unknown key": Credentials("AKIAUNKNOWNUNKNOWN00", "x" * 40),
        "the root's key": Credentials(system.settings.account, "test"),
    }.get(how, publisher)
    service = "sqs" if how == "another service" else "appsync"
    status, answer = _publish(system, credentials, b" " if how == "another body" else b"", service)
    assert (status, answer["errors"][0]["errorType"]) == (403, code)


# Start and stop


def test_a_second_start_on_the_same_state_is_refused_in_one_line(system: LocalSystem, tmp_path: Path) -> None:
    second = free_settings(tmp_path)
    environment = {**environment_of(second), "TASKBELL_STATE": os.fspath(system.settings.state)}
    assert _refusal(environment).startswith("Taskbell already runs here (process ")


@pytest.mark.parametrize("name", ["PORT", "AWS_PORT", "REST_PORT"])
def test_a_taken_port_is_told_in_one_line_and_leaves_nothing(name: str, tmp_path: Path) -> None:
    with socket.create_server((LOOPBACK, 0)) as taken:
        port = taken.getsockname()[1]
        stderr = _refusal({**environment_of(free_settings(tmp_path / "state")), name: str(port)})
    assert stderr.startswith(f"Port {port} is not free at {LOOPBACK} (")
    assert stderr.endswith(f"Choose another one with {name}.\n")
    assert list(tmp_path.iterdir()) == []


def _refusal(environment: dict[str, str]) -> str:
    start = [sys.executable, "-m", "local"]
    said = subprocess.run(start, cwd=CHECKOUT, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert (said.returncode, said.stdout, said.stderr.count("\n")) == (1, "", 1)
    return said.stderr


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_stop_leaves_no_process_and_no_temporary_file(tmp_path: Path, number: int) -> None:
    with running(free_settings(tmp_path)) as system:
        system.graphql("{ viewer { id } }")
        assert any("awslambdaric" in command for command in processes_of(tmp_path).values())
        assert system.stop(number) == 0
    assert processes_of(tmp_path) == {}
    assert {path.name for path in tmp_path.iterdir()} & {"tmp", "connection.json", "amplify_outputs.json"} == set()


def test_a_stop_during_the_start_leaves_nothing(tmp_path: Path) -> None:
    process = start(free_settings(tmp_path))
    assert process.stdout is not None
    with process.stdout:
        process.stdout.readline()  # the local AWS is up, the template is being compiled
        process.terminate()
        assert process.wait(timeout=30) == 0
    assert processes_of(tmp_path) == {}
    assert not (tmp_path / "tmp").exists()


async def test_what_was_there_goes_on_after_a_restart(tmp_path: Path) -> None:
    settings = free_settings(tmp_path)
    create = (
        'mutation { createTask(input: {key: "kept", title: "T", dueAt: "2099-01-01T00:00:00Z"}) { errors { code } } }'
    )
    with running(settings) as before:
        before.graphql(create)
        await _until_processing(before, "kept", "WAITING")
        assert before.stop() == 0
    with running(settings) as after:
        assert after.seconds_to_ready < 10
        client = boto3.client("stepfunctions", **boto3_arguments(settings))
        machine = client.list_state_machines()["stateMachines"][0]["stateMachineArn"]
        running_now = client.list_executions(stateMachineArn=machine, statusFilter="RUNNING")
        assert len(running_now["executions"]) == 1
        after.graphql('mutation { createTask(input: {key: "new", title: "N"}) { errors { code } } }')
        await _until_processing(after, "new", "SUCCEEDED")
        await _until_processing(after, "kept", "WAITING")


async def _until_processing(system: LocalSystem, task: str, state: str) -> None:
    """Ask for the task until the pipeline has brought it to a state."""
    query = "query ($id: ID!) { task(id: $id) { processing { state } } }"
    async with asyncio.timeout(30):
        while True:
            _, answer = await asyncio.to_thread(system.graphql, query, {"id": task})
            if answer["data"]["task"]["processing"]["state"] == state:
                return
