"""What web pages can do to the running system: every port, in raw HTTP, as browsers and attackers speak it."""

import io
import json
import os
import stat
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import boto3
import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from local.ministack import boto3_arguments
from local.settings import CHECKOUT
from tests.flow.local_system import LocalSystem
from tests.flow.raw import Headers, Port, environment_of_a_function, ports_of

EVIL = "https://evil.example"
PORTS = ["graphql", "tls", "rest", "aws", "runtime"]
OPEN_PATH = {
    "graphql": "/",
    "tls": "/",
    "rest": "/tasks",
    "aws": "/_ministack/ready",
    "runtime": "/2018-06-01/runtime/none",
}
GRAPHQL = ["graphql", "tls"]
PAGES = [*GRAPHQL, "rest"]
FORMS = ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"]
VIEWER = b'{"query": "{ viewer { id } }"}'


@pytest.fixture(scope="module")
def ports(system: LocalSystem) -> dict[str, Port]:
    system.graphql("{ viewer { id } }")  # so that a function runs
    return ports_of(system)


@pytest.fixture(scope="module")
def key(system: LocalSystem) -> Headers:
    return [("x-api-key", system.connection["apiKey"])]


@pytest.fixture
def title(system: LocalSystem) -> Iterator[str]:
    """A title that no task may have at the end."""
    title = f"Made by a page {uuid4()}"
    yield title
    query = "query ($title: String!) { tasks(filter: {titlePrefix: $title}) { nodes { id } } }"
    assert system.graphql(query, {"title": title})[1]["data"]["tasks"]["nodes"] == []


@pytest.mark.parametrize("name", PORTS)
def test_the_port_serves_a_program_of_this_machine(ports: dict[str, Port], name: str) -> None:
    """Without this the refusals below would prove nothing."""
    expected = {"runtime": 404}.get(name, 200)
    for host in ("127.0.0.1", "localhost:1234", "[::1]"):
        assert ports[name].send("GET", OPEN_PATH[name], host=host).status == expected


@pytest.mark.parametrize("name", PORTS)
@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example:4000", "0.0.0.0"])
def test_a_rebound_name_is_refused(ports: dict[str, Port], name: str, host: str) -> None:
    reply = ports[name].send("GET", OPEN_PATH[name], host=host)
    assert (reply.status, reply.is_readable) == (403, False)


@pytest.mark.parametrize("name", PORTS)
def test_a_request_without_a_host_or_with_two_is_refused(ports: dict[str, Port], name: str) -> None:
    assert ports[name].send("GET", OPEN_PATH[name], host=None).status in {400, 403}
    two = [("Host", "evil.example")]
    assert ports[name].send("GET", OPEN_PATH[name], two).status in {400, 403}


@pytest.mark.parametrize("name", PORTS)
def test_the_host_of_an_absolute_target_counts_not_the_header(ports: dict[str, Port], name: str) -> None:
    reply = ports[name].send("GET", f"http://evil.example{OPEN_PATH[name]}")
    assert reply.status in {400, 403, 404}
    assert b"data" not in reply.body
    own = ports[name].send("GET", f"http://localhost{OPEN_PATH[name]}", host="evil.example")
    assert own.status in ({200} if name in PAGES else {400, 403})


@pytest.mark.parametrize("name", PORTS)
@pytest.mark.parametrize(
    "target", ["*", "evil.example:443", "//evil.example/", "http://127.0.0.1@evil.example/", "http://["]
)
def test_an_odd_target_reaches_nothing(ports: dict[str, Port], name: str, target: str) -> None:
    for method in ("GET", "OPTIONS", "CONNECT"):
        reply = ports[name].send(method, target)
        assert reply.status in {0, 400, 403, 404, 405, 501}
        assert not reply.is_readable


@pytest.mark.parametrize("name", PORTS)
@pytest.mark.parametrize("origin", [EVIL, "null", "http://localhost.evil.example"])
def test_another_page_can_read_nothing(ports: dict[str, Port], name: str, origin: str) -> None:
    for method, path in (
        ("GET", OPEN_PATH[name]),
        ("GET", "/openapi.json"),
        ("GET", "/local/connection"),
        ("POST", "/"),
    ):
        reply = ports[name].send(method, path, [("Origin", origin)])
        assert not reply.is_readable
        assert reply.status != 200


@pytest.mark.parametrize("content_type", FORMS)
@pytest.mark.parametrize("origin", [EVIL, "null"])
def test_a_form_of_another_page_makes_no_task(
    ports: dict[str, Port], title: str, content_type: str, origin: str
) -> None:
    sent = [("Origin", origin), ("Content-Type", content_type)]
    for path in ("/task", "/tasks"):
        reply = ports["rest"].send("POST", path, sent, json.dumps({"title": title}).encode())
        assert (reply.status, reply.is_readable) == (403, False)
    mutation = f'mutation {{ createTask(input: {{title: "{title}"}}) {{ task {{ id }} }} }}'
    for name in GRAPHQL:
        reply = ports[name].send("POST", "/graphql", sent, json.dumps({"query": mutation}).encode())
        assert (reply.status, reply.is_readable) == (401, False)


def test_an_image_of_another_page_is_no_guest(ports: dict[str, Port]) -> None:
    site = [("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Mode", "no-cors"), ("Sec-Fetch-Dest", "image")]
    assert ports["rest"].send("GET", "/tasks", site).status == 403
    assert ports["aws"].send("GET", OPEN_PATH["aws"], site).status == 403
    for headers in (site, [("Accept-Language", "en")], [("Referer", EVIL)]):  # not all browsers tell the site
        assert ports["runtime"].send("GET", "/2018-06-01/runtime/invocation/next", headers).status == 403


@pytest.mark.parametrize("name", PAGES)
def test_another_page_needs_what_it_cannot_have(
    ports: dict[str, Port], system: LocalSystem, key: Headers, name: str
) -> None:
    method, path, body = ("GET", "/tasks", b"") if name == "rest" else ("POST", "/graphql", VIEWER)
    token = [("Authorization", system.token("ada"))]
    for credentials, good in ((key, True), (token, True), ([("x-api-key", "da2-guessed")], False), ([], False)):
        reply = ports[name].send(method, path, [("Origin", EVIL), *credentials], body)
        assert (reply.status == 200, reply.is_readable) == (good, good)


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("origin", ["http://localhost:3000", "http://127.0.0.1:5173", "https://[::1]"])
def test_a_page_of_this_machine_may_call(ports: dict[str, Port], key: Headers, name: str, origin: str) -> None:
    method, path, body = ("GET", "/tasks", b"") if name == "rest" else ("POST", "/graphql", VIEWER)
    reply = ports[name].send(method, path, [("Origin", origin), *key], body)
    assert (reply.status, reply.is_readable) == (200, True)
    if name == "rest":
        assert ports[name].send("GET", path, [("Origin", origin)]).status == 200


@pytest.mark.parametrize("name", PORTS)
def test_a_preflight_opens_nothing_at_the_local_aws(ports: dict[str, Port], name: str) -> None:
    asked = [
        ("Access-Control-Request-Method", "POST"),
        ("Access-Control-Request-Headers", "x-amz-target,authorization"),
    ]
    for origin in (EVIL, "http://localhost:3000"):
        reply = ports[name].send("OPTIONS", OPEN_PATH[name], [("Origin", origin), *asked])
        if name in {"aws", "runtime"}:
            assert (reply.status, reply.is_readable) == (403, False)


@pytest.mark.parametrize("name", GRAPHQL)
def test_a_socket_is_opened_for_known_pages_and_programs_alone(ports: dict[str, Port], name: str) -> None:
    for known in ([], [("Origin", "http://localhost:3000")]):
        assert ports[name].shake_hands("/graphql", known).status == 101
    for origin in (EVIL, "null", "http://127.0.0.1.evil.example"):
        for path in ("/graphql", "/graphql/realtime"):
            assert ports[name].shake_hands(path, [("Origin", origin)]).status == 403
    assert ports[name].shake_hands("/graphql", host="evil.example").status == 403


@pytest.mark.parametrize("name", ["rest", "aws", "runtime"])
def test_no_other_port_opens_a_socket(ports: dict[str, Port], name: str) -> None:
    for headers in ([], [("Origin", EVIL)]):
        assert ports[name].shake_hands("/", headers).status in {400, 403, 404}


def test_what_is_for_pages_of_the_gateway_is_for_no_other(ports: dict[str, Port]) -> None:
    for path in ("/local/connection", "/local/token/linus"):
        assert ports["graphql"].send("GET", path).status == 200
        for headers in ([("Origin", EVIL)], [("Origin", "http://localhost:3000")], [("Sec-Fetch-Site", "same-site")]):
            reply = ports["graphql"].send("GET", path, headers)
            assert (reply.status, reply.is_readable) == (403, False)


@pytest.mark.skipif(sys.platform != "linux" or os.getuid() != 0, reason="needs Linux, and root to be somebody else")
def test_another_user_of_the_machine_gets_no_token(system: LocalSystem, ports: dict[str, Port]) -> None:
    for port, path in (
        (system.settings.port, "/local/token/linus"),
        (system.settings.port, "/local/connection"),
        (ports["runtime"].number, "/2018-06-01/runtime/invocation/next"),
    ):
        url = f"http://127.0.0.1:{port}{path}"
        command = ["curl", "-s", "--max-time", "10", "-o", "/dev/null", "-w", "%{http_code}", url]
        told = subprocess.run(
            command, user=65534, group=65534, extra_groups=[], cwd="/", capture_output=True, check=True
        )
        assert told.stdout == b"403"


def forged(service: str) -> str:
    """The query string of somebody who knows the root's key and not its secret."""
    now = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime())
    return (
        f"X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=000000000000/{now[:8]}/eu-central-1/{service}/aws4_request"
        f"&X-Amz-Date={now}&X-Amz-SignedHeaders=host&X-Amz-Signature={'00' * 32}"
    )


def test_no_page_uploads_a_function(ports: dict[str, Port], system: LocalSystem) -> None:
    request = {"FunctionName": "evil", "Runtime": "provided.al2023", "Handler": "x", "Code": {"ZipFile": "UEsFBg=="}}
    body = json.dumps({**request, "Role": "arn:aws:iam::000000000000:role/x"}).encode()
    target = f"/2015-03-31/functions?{forged('lambda')}"
    for headers, host in (([("Origin", EVIL)], "evil.example"), ([("Origin", EVIL)], "127.0.0.1"), ([], "127.0.0.1")):
        reply = ports["aws"].send("POST", target, [*headers, ("Content-Type", "text/plain")], body, host=host)
        assert (reply.status, reply.is_readable) == (403, False)
    functions = boto3.client("lambda", **boto3_arguments(system.settings)).list_functions()["Functions"]
    assert "evil" not in [function["FunctionName"] for function in functions]


@pytest.mark.parametrize(
    ("method", "target"),
    [
        ("GET", "/_ministack/sqs/messages"),
        ("POST", "/_ministack/reset"),
        ("POST", "/_ministack/config"),
        ("GET", "/_ministack/health"),
        ("GET", "/_localstack/health"),
        ("GET", "/"),
        ("GET", f"/?Action=ListUsers&{forged('iam')}"),
        ("GET", "/?Action=ListUsers&AWSAccessKeyId=test&Signature=x"),
        ("GET", "/oauth2/authorize"),
        ("GET", "/iceberg/v1/config"),
        ("GET", "/v2/"),
    ],
)
def test_whoever_has_no_secret_gets_nothing_from_the_local_aws(
    ports: dict[str, Port], method: str, target: str
) -> None:
    assert ports["aws"].send(method, target).status in {400, 403, 404}


def test_not_even_the_holder_of_the_secret_can_wipe_the_system(ports: dict[str, Port], system: LocalSystem) -> None:
    for service, path in (("s3", "/_ministack/reset"), ("sqs", "/_ministack/sqs/messages")):
        request = AWSRequest("POST", f"{system.settings.aws_endpoint}{path}", data=b"")
        root = Credentials(system.connection["awsAccessKeyId"], system.connection["awsSecretAccessKey"])
        SigV4Auth(root, service, system.settings.region).add_auth(request)
        reply = ports["aws"].send("POST", path, list(request.headers.items()), host=f"127.0.0.1:{ports['aws'].number}")
        assert reply.status == 404


@pytest.mark.parametrize("secret", ["not-checked", "test", ""])
@pytest.mark.parametrize("access_key", ["000000000000", "111111111111", "test"])
def test_the_root_is_whoever_knows_the_secret(system: LocalSystem, access_key: str, secret: str) -> None:
    arguments = {**boto3_arguments(system.settings), "aws_access_key_id": access_key, "aws_secret_access_key": secret}
    if not secret:
        arguments["aws_secret_access_key"] = boto3_arguments(system.settings)["aws_secret_access_key"][:-1]
    make: Any = boto3.client
    for service, call in (("sts", "get_caller_identity"), ("dynamodb", "list_tables"), ("s3", "list_buckets")):
        client = make(service, **arguments)
        with pytest.raises(
            client.exceptions.ClientError, match=r"Signature|Unrecognized|InvalidClientTokenId|InvalidAccessKeyId"
        ):
            getattr(client, call)()


def test_the_local_lambda_takes_no_package(system: LocalSystem) -> None:
    client: Any = boto3.client("lambda", **boto3_arguments(system.settings))
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("bootstrap", "#!/bin/sh\nid\n")
    package = buffer.getvalue()
    name = client.list_functions()["Functions"][0]["FunctionName"]
    refused = client.exceptions.CodeVerificationFailedException
    with pytest.raises(refused, match="code of this checkout only"):
        client.create_function(
            FunctionName="x", Runtime="provided.al2023", Handler="x", Role="arn:aws:iam::000000000000:role/x",
            Code={"ZipFile": package},
        )  # fmt: skip
    with pytest.raises(refused):
        client.update_function_code(FunctionName=name, ZipFile=package)
    with pytest.raises(refused):
        client.publish_layer_version(LayerName="x", Content={"ZipFile": package})


def test_the_local_lambda_takes_no_package_from_a_bucket_or_a_template(system: LocalSystem) -> None:
    arguments = boto3_arguments(system.settings)
    make: Any = boto3.client
    s3, functions, stacks = (make(name, **arguments) for name in ("s3", "lambda", "cloudformation"))
    s3.put_object(Bucket="taskbell-local-functions", Key="evil.zip", Body=b"PK\x05\x06" + bytes(18))
    stored: Any = {"S3Bucket": "taskbell-local-functions", "S3Key": "evil.zip"}
    role = "arn:aws:iam::000000000000:role/x"
    with pytest.raises(functions.exceptions.CodeVerificationFailedException):
        functions.create_function(FunctionName="x", Runtime="provided.al2023", Handler="x", Role=role, Code=stored)
    for name, code in (("inline", {"ZipFile": "print(1)"}), ("stored", stored)):
        function = {"Handler": "index.handler", "Runtime": "python3.13", "Role": role, "Code": code}
        template = {"Resources": {"F": {"Type": "AWS::Lambda::Function", "Properties": function}}}
        stack = f"{name}-{uuid4()}"
        stacks.create_stack(StackName=stack, TemplateBody=json.dumps(template), OnFailure="DO_NOTHING")
        with pytest.raises(Exception, match="Waiter StackCreateComplete failed"):
            stacks.get_waiter("stack_create_complete").wait(
                StackName=stack, WaiterConfig={"Delay": 1, "MaxAttempts": 20}
            )
        reasons = [
            event.get("ResourceStatusReason", "")
            for event in stacks.describe_stack_events(StackName=stack)["StackEvents"]
        ]
        assert any("code of this checkout only" in reason for reason in reasons)


def test_nobody_else_may_read_what_the_system_keeps(system: LocalSystem) -> None:
    state = system.settings.state
    open_to_others = {
        os.fspath(path.relative_to(state)): oct(path.stat().st_mode)
        for path in [state, *state.rglob("*")]
        if not path.is_symlink() and path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO) and path.name != "bootstrap"
    }
    assert open_to_others == {}
    secrets = {"secrets.json", "connection.json", "amplify_outputs.json", "aws.config", "tls/authority-key.pem"}
    assert {os.fspath(path.relative_to(state)) for path in state.rglob("*")} >= secrets


def test_no_process_has_the_roots_secret_in_its_environment(system: LocalSystem) -> None:
    secret = system.connection["awsSecretAccessKey"].encode()
    assert secret
    for file in ("environ", "cmdline"):
        for path in Path("/proc").glob(f"[0-9]*/{file}"):
            try:
                assert secret not in path.read_bytes()
            except (FileNotFoundError, ProcessLookupError, PermissionError):
                continue


def test_a_function_may_do_what_its_role_says_and_no_more(ports: dict[str, Port], system: LocalSystem) -> None:
    assert ports
    variables = environment_of_a_function(system.settings.logs)
    session: Any = boto3.Session(
        variables["AWS_ACCESS_KEY_ID"], variables["AWS_SECRET_ACCESS_KEY"], variables["AWS_SESSION_TOKEN"]
    )
    where: Any = {"endpoint_url": system.settings.aws_endpoint, "region_name": system.settings.region}
    caller = session.client("sts", **where).get_caller_identity()["Arn"]
    assert ":assumed-role/" in caller
    for service, call in (("iam", "list_users"), ("lambda", "list_functions"), ("cognito-idp", "list_user_pools")):
        client = session.client(service, **where)
        with pytest.raises(client.exceptions.ClientError, match="AccessDenied"):
            getattr(client, call)(**({"MaxResults": 1} if service == "cognito-idp" else {}))


def test_the_aws_cli_finds_its_way_by_the_file_that_the_start_names(system: LocalSystem) -> None:
    environment = {"AWS_CONFIG_FILE": os.fspath(system.settings.state / "aws.config"), "AWS_PROFILE": "taskbell"}
    program = "import boto3; print(boto3.client('sts').get_caller_identity()['Arn'])"
    told = subprocess.run(
        [sys.executable, "-c", program], env={"PATH": os.environ["PATH"], **environment}, cwd=CHECKOUT,
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert told.stdout == "arn:aws:iam::000000000000:root\n"
