"""Access to the local AWS: forged and mixed requests, roles, uploaded code, and files."""

import io
import json
import os
import stat
import subprocess
import sys
import time
import zipfile
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
from tests.e2e.raw import Port, Reply, environment_of_a_function, ports_of
from tests.e2e.waiting import until
from tests.support.local_system import LocalSystem

EVIL = "https://evil.example"
FORM = "application/x-www-form-urlencoded"
JSON = {"content_type": "application/x-amz-json-1.0"}
SCAN = {"x_amz_target": "DynamoDB_20120810.Scan", "content_type": "application/x-amz-json-1.0"}


@pytest.fixture(scope="module")
def ports(system: LocalSystem) -> dict[str, Port]:
    system.graphql("{ viewer { id } }")  # so that a function runs
    return ports_of(system)


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


@pytest.fixture
def role(ports: dict[str, Port], system: LocalSystem) -> Credentials:
    """The credentials of a function's role."""
    assert ports
    variables = environment_of_a_function(system.settings.logs)
    names = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN")
    return Credentials(*(variables[name] for name in names))


def send_signed(
    system: LocalSystem, credentials: Credentials, service: str, query: str = "", body: bytes = b"", **headers: str
) -> Reply:
    """POST a request that is signed rightly, whatever it says."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    request = AWSRequest("POST", f"{system.settings.aws_endpoint}/{query}", data=body, headers=named)
    SigV4Auth(credentials, service, system.settings.region).add_auth(request)
    port = system.settings.aws_port
    return Port(port).send("POST", f"/{query}", list(request.headers.items()), body, host=f"127.0.0.1:{port}")


def test_a_function_may_do_what_its_role_says_and_no_more(system: LocalSystem, role: Credentials) -> None:
    session: Any = boto3.Session(role.access_key, role.secret_key, role.token)
    where: Any = {"endpoint_url": system.settings.aws_endpoint, "region_name": system.settings.region}
    caller = session.client("sts", **where).get_caller_identity()["Arn"]
    assert ":assumed-role/" in caller
    for service, call in (("iam", "list_users"), ("lambda", "list_functions"), ("cognito-idp", "list_user_pools")):
        client = session.client(service, **where)
        with pytest.raises(client.exceptions.ClientError, match="AccessDenied"):
            getattr(client, call)(**({"MaxResults": 1} if service == "cognito-idp" else {}))


@pytest.mark.parametrize(
    "request_",
    [
        ("iam", "", {}, b"Action=ListUsers&Version=2010-05-08"),
        ("iam", "", {"content_type": FORM}, b"Action=GetUser&Action=ListUsers&Version=2010-05-08"),
        ("iam", "", {"content_type": FORM}, b"Action=&Action=ListRoles&Version=2010-05-08"),
        ("cloudformation", "", {}, b"Action=ListStacks&Version=2010-05-15"),
        ("sns", "", {}, b"Action=ListTopics"),
        ("sqs", "", {}, b"Action=ListQueues"),
        ("dynamodb", "?Action=GetItem", SCAN, b'{"TableName": "taskbell-local-Tasks"}'),
        ("dynamodb", "", {**SCAN, "content_type": FORM}, b"Action=GetItem"),
        (
            "dynamodb",
            "",
            {**SCAN, "content_type": "application/x-amz-json-1.0; x-www-form-urlencoded"},
            b'{"TableName": "taskbell-local-Tasks", "z": "&Action=ListStreams&"}',
        ),
        ("sqs", "", {"x_amz_target": "X.GetQueueAttributes", **JSON}, b"&Action=ListQueues&"),
        ("sqs", "", {"content_type": FORM}, b"Action=ListQueues"),
        ("s3", "v2/_catalog", {}, b""),
        ("glue", "", {"x_amz_target": "AWSGlue.GetJobs", "content_type": "application/x-amz-json-1.1"}, b"{}"),
    ],
)
def test_a_role_gains_nothing_by_naming_another_action(
    system: LocalSystem, role: Credentials, request_: tuple[str, str, dict[str, str], bytes]
) -> None:
    service, query, headers, body = request_
    assert send_signed(system, role, service, query, body, **headers).status in {400, 403}


async def test_a_state_machine_calls_no_other_service(system: LocalSystem) -> None:
    states: Any = boto3.client("stepfunctions", **boto3_arguments(system.settings))
    machines = states.list_state_machines()["stateMachines"]
    role = states.describe_state_machine(stateMachineArn=machines[0]["stateMachineArn"])["roleArn"]
    call = {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:iam:createUser", "Parameters": {"UserName": "eve"}}
    definition = json.dumps({"StartAt": "Call", "States": {"Call": {**call, "End": True}}})
    machine = states.create_state_machine(name=f"other-{uuid4()}", definition=definition, roleArn=role)
    run = states.start_execution(stateMachineArn=machine["stateMachineArn"])["executionArn"]
    await until(lambda: states.describe_execution(executionArn=run)["status"] == "FAILED")
    users = boto3.client("iam", **boto3_arguments(system.settings)).list_users()["Users"]
    assert "eve" not in [user["UserName"] for user in users]
    states.delete_state_machine(stateMachineArn=machine["stateMachineArn"])


def test_nothing_unsigned_is_done_as_the_root(ports: dict[str, Port], system: LocalSystem) -> None:
    pool = system.connection["userPoolId"]
    mixed = [("Content-Type", FORM), ("X-Amz-Target", "AWSCognitoIdentityProviderService.ListUserPools")]
    for path in (f"/{pool}/.well-known/jwks.json", "/eu-central-1_nobody/.well-known/jwks.json", "/_ministack/ready"):
        reply = ports["aws"].send("GET", path, mixed, b'{"MaxResults": 10, "z": "&Action=SignUp&"}')
        assert b"UserPools" not in reply.body
    assert b'"keys"' in ports["aws"].send("GET", f"/{pool}/.well-known/jwks.json").body


@pytest.mark.parametrize("challenge", ["SOFTWARE_TOKEN_MFA", "MFA_SETUP", "NEW_PASSWORD_REQUIRED", "SMS_MFA"])
def test_nobody_signs_in_without_the_password(ports: dict[str, Port], system: LocalSystem, challenge: str) -> None:
    answers = {"USERNAME": "linus", "NEW_PASSWORD": "Mallory-123456", "SOFTWARE_TOKEN_MFA_CODE": "123456"}
    body = {
        "ClientId": system.connection["userPoolClientId"],
        "ChallengeName": challenge,
        "ChallengeResponses": answers,
    }
    headers = [
        ("Content-Type", "application/x-amz-json-1.1"),
        ("X-Amz-Target", "AWSCognitoIdentityProviderService.RespondToAuthChallenge"),
    ]
    for port, path in ((ports["aws"], "/"), (ports["graphql"], "/cognito-idp")):
        reply = port.send("POST", path, headers, json.dumps(body).encode())
        assert reply.status in {400, 403}
        assert b"AccessToken" not in reply.body


def test_nobody_signs_up_where_administrators_make_the_accounts(ports: dict[str, Port], system: LocalSystem) -> None:
    who = {"Username": "mallory", "Password": "Mallory-12345678"}
    body = json.dumps({"ClientId": system.connection["userPoolClientId"], **who}).encode()
    headers = {
        "Content-Type": "application/x-amz-json-1.1",
        "X-Amz-Target": "AWSCognitoIdentityProviderService.SignUp",
    }
    names = {name.replace("-", "_").lower(): value for name, value in headers.items()}
    root = Credentials(system.connection["awsAccessKeyId"], system.connection["awsSecretAccessKey"])
    for reply in (
        ports["aws"].send("POST", "/", list(headers.items()), body),
        ports["graphql"].send("POST", "/cognito-idp", list(headers.items()), body),
        send_signed(system, root, "cognito-idp", "", body, **names),
    ):
        answer = json.loads(reply.body)
        assert (reply.status, answer["__type"]) == (400, "NotAuthorizedException")
        assert answer["message"] == "SignUp is not permitted for this user pool"
    pool: Any = boto3.client("cognito-idp", **boto3_arguments(system.settings))
    listed = pool.list_users(UserPoolId=system.connection["userPoolId"])["Users"]
    assert sorted(user["Username"] for user in listed) == ["ada", "grace", "linus"]


def test_a_function_with_another_handler_or_environment_does_not_run(system: LocalSystem) -> None:
    client: Any = boto3.client("lambda", **boto3_arguments(system.settings))
    functions = client.list_functions()["Functions"]
    own = next(each for each in functions if each["FunctionName"].endswith("readTasks"))
    for changed in (
        {"Handler": "cProfile.run"},
        {"Environment": {"Variables": {**own["Environment"]["Variables"], "PYTHONSTARTUP": "/x.py"}}},
    ):
        name = f"another-{uuid4()}"
        code = {"S3Bucket": "taskbell-local-functions", "S3Key": _own_package(system)}
        settings = {"Handler": own["Handler"], "Environment": own["Environment"], **changed}
        client.create_function(FunctionName=name, Runtime="provided.al2023", Role=own["Role"], Code=code, **settings)
        reply = client.invoke(FunctionName=name, Payload=b"{}")
        assert json.load(reply["Payload"])["errorType"] == "CodeVerificationFailedException"
        client.delete_function(FunctionName=name)


def _own_package(system: LocalSystem) -> str:
    s3 = boto3.client("s3", **boto3_arguments(system.settings))
    found = s3.list_objects_v2(Bucket="taskbell-local-functions")["Contents"]
    return next(str(each["Key"]) for each in found if len(each["Key"]) == 64 + len(".zip"))


def test_the_aws_cli_finds_its_way_by_the_file_that_the_start_names(system: LocalSystem) -> None:
    environment = {"AWS_CONFIG_FILE": os.fspath(system.settings.state / "aws.config"), "AWS_PROFILE": "taskbell"}
    program = "import boto3; print(boto3.client('sts').get_caller_identity()['Arn'])"
    result = subprocess.run(
        [sys.executable, "-c", program], env={"PATH": os.environ["PATH"], **environment}, cwd=CHECKOUT,
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert result.stdout == "arn:aws:iam::000000000000:root\n"
