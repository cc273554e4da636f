"""What reaches the local AWS: signed requests, and the few that AWS itself answers without a signature."""

import asyncio
import hashlib
import json
from collections.abc import Sequence
from typing import Any

import pytest

from local.ministack_patches.request_guard import Response, SignedRequestsOnly
from local.ministack_patches.signed_request import AccessError, Request, Signature

KEY = "000000000000"
SCOPE = f"{KEY}/20261126/eu-central-1/lambda/aws4_request"
AUTHORIZATION = f"AWS4-HMAC-SHA256 Credential={SCOPE}, SignedHeaders=host;x-amz-date, Signature={'0' * 64}"
SIGNED = [("authorization", AUTHORIZATION), ("x-amz-date", "20261126T120000Z")]
QUERY = {
    "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
    "X-Amz-Credential": SCOPE,
    "X-Amz-Date": "20261126T120000Z",
    "X-Amz-SignedHeaders": "host",
    "X-Amz-Signature": "0" * 64,
}
POOL = "eu-central-1_AbC123"
SIGN_IN = [
    ("content-type", "application/x-amz-json-1.1"),
    ("x-amz-target", "AWSCognitoIdentityProviderService.InitiateAuth"),
]


class Endpoint:
    """The guard before an application that only counts what reaches it; `good` says whose signature is good."""

    def __init__(self, good: str = KEY, service: str = "lambda") -> None:
        self.good = good
        self.service = service
        self.headers: dict[str, str] = {}
        self.claimed: list[Signature] = []
        self.reached: list[tuple[str, bytes]] = []

    async def ask(
        self,
        method: str = "POST",
        path: str = "/",
        headers: Sequence[tuple[str, str]] = (),
        body: bytes = b"",
        *,
        query: str = "",
        host: str | None = "127.0.0.1:4066",
    ) -> tuple[int, dict[str, str]]:
        listed = [*([("host", host)] if host is not None else []), *headers]
        scope = {
            "type": "http",
            "method": method,
            "path": path,
            "query_string": query.encode(),
            "headers": [(name.encode(), value.encode()) for name, value in listed],
        }
        sent: list[Any] = []

        async def receive() -> Any:
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: Any) -> None:
            sent.append(message)

        guard = SignedRequestsOnly(self._application, self)
        await asyncio.wait_for(guard(scope, receive, send), 5)
        return sent[0]["status"], {name.decode(): value.decode() for name, value in sent[0]["headers"]}

    async def _application(self, scope: Any, receive: Any, send: Any) -> None:
        self.reached.append((scope["path"], (await receive())["body"]))
        self.headers = {name.decode(): value.decode() for name, value in scope["headers"]}
        headers = [(b"Access-Control-Allow-Origin", b"*"), (b"content-type", b"text/plain")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b""})

    def verify(self, request: Request, signature: Signature) -> None:
        self.claimed.append(signature)
        if signature.key != self.good:
            raise AccessError("SignatureDoesNotMatch", "It is not that of its key.")

    def service_of(self, request: Request) -> str:
        return self.service

    def arn_of(self, signature: Signature) -> str:
        return f"arn:aws:iam::{KEY}:user/{signature.key}"

    def is_root(self, signature: Signature) -> bool:
        return signature.key == KEY

    def is_pool(self, pool_id: str) -> bool:
        return pool_id == POOL

    def respond(self, request: Request, error: AccessError) -> Response:
        return 403, {"x-amzn-errortype": error.code}, b""


def in_query(**changed: str) -> str:
    return "&".join(f"{name}={value}" for name, value in {**QUERY, **changed}.items())


async def test_a_signed_request_passes_with_its_body_and_without_an_invitation_to_web_pages() -> None:
    endpoint = Endpoint()
    status, headers = await endpoint.ask(headers=SIGNED, body=b"{}")
    assert (status, headers) == (200, {"content-type": "text/plain"})
    assert endpoint.reached == [("/", b"{}")]
    (claimed,) = endpoint.claimed
    assert (claimed.key, claimed.service, claimed.presigned) == (KEY, "lambda", False)


async def test_a_signature_in_the_query_string_is_proved_too() -> None:
    endpoint = Endpoint()
    assert (await endpoint.ask("GET", "/bucket/key", query=in_query()))[0] == 200
    assert endpoint.claimed[0].presigned
    assert (await Endpoint(good="another").ask("GET", "/bucket/key", query=in_query()))[0] == 403


async def test_a_signature_that_does_not_hold_stops_the_request() -> None:
    endpoint = Endpoint(good="another")
    status, headers = await endpoint.ask(headers=SIGNED)
    assert (status, headers["x-amzn-errortype"]) == (403, "SignatureDoesNotMatch")
    assert endpoint.reached == []


@pytest.mark.parametrize(
    ("headers", "query"),
    [
        ([], ""),
        ([("authorization", "Bearer x")], ""),
        ([("authorization", AUTHORIZATION)], ""),
        ([*SIGNED, ("authorization", AUTHORIZATION)], ""),
        (SIGNED, in_query()),
        (SIGNED, "AWSAccessKeyId=test&Signature=x"),
        ([], "AWSAccessKeyId=test&Signature=x&Expires=1"),
        ([], in_query(**{"x-amz-credential": "test/20261126/eu-central-1/lambda/aws4_request"})),
        ([], in_query() + "&X-Amz-Credential=test/20261126/eu-central-1/lambda/aws4_request"),
        ([], in_query(**{"X-Amz-SignedHeaders": "date"})),
        ([], in_query(**{"X-Amz-Algorithm": "AWS4-ECDSA-P256-SHA256"})),
        ([("authorization", f"AWS4-HMAC-SHA256 X=Credential=test/, {AUTHORIZATION.split(' ', 1)[1]}"), SIGNED[1]], ""),
        ([("authorization", AUTHORIZATION.replace("host;", "")), SIGNED[1]], ""),
        ([("authorization", AUTHORIZATION.replace("0" * 64, "0")), SIGNED[1]], ""),
        ([("authorization", "AWS test:abc"), ("date", "Thu, 26 Nov 2026 12:00:00 GMT")], ""),
        ([*SIGNED, ("x-amz-content-sha256", hashlib.sha256(b"another").hexdigest())], ""),
    ],
)
async def test_anything_but_one_complete_signature_is_rejected(headers: list[tuple[str, str]], query: str) -> None:
    endpoint = Endpoint()
    assert (await endpoint.ask(headers=headers, query=query, body=b"body"))[0] in {400, 403}
    assert (endpoint.reached, endpoint.claimed) == ([], [])


@pytest.mark.parametrize(
    "headers",
    [
        [("origin", "https://evil.example")],
        [("origin", "null")],
        [("origin", "http://127.0.0.1:4000")],
        [("sec-fetch-site", "cross-site")],
        [("sec-fetch-site", "same-site")],
    ],
)
async def test_no_web_page_is_served_even_with_a_signature(headers: list[tuple[str, str]]) -> None:
    endpoint = Endpoint()
    for method, path in (("POST", "/"), ("OPTIONS", "/"), ("GET", "/_ministack/ready")):
        status, answered = await endpoint.ask(method, path, [*SIGNED, *headers])
        assert status == 403
        assert not [name for name in answered if name.startswith("access-control")]
    assert endpoint.reached == []


@pytest.mark.parametrize("host", [None, "", "evil.example", "bucket.localhost", "127.0.0.1.evil.example"])
async def test_a_request_for_another_host_is_refused(host: str | None) -> None:
    endpoint = Endpoint()
    assert (await endpoint.ask(headers=SIGNED, host=host))[0] == 403
    assert endpoint.reached == []


@pytest.mark.parametrize("path", ["/_ministack/reset", "/_ministack/sqs/messages", "/_localstack/health", "/_aws/x"])
async def test_the_paths_of_ministack_itself_are_not_served(path: str) -> None:
    endpoint = Endpoint()
    assert (await endpoint.ask("POST", path, SIGNED))[0] == 404
    assert (await endpoint.ask("GET", path))[0] == 404
    assert endpoint.reached == []


async def test_an_absolute_target_is_refused() -> None:
    assert (await Endpoint().ask("GET", "http://127.0.0.1:4066/", SIGNED))[0] == 400


async def test_what_aws_answers_unsigned_is_passed_on_without_anything_of_the_callers() -> None:
    endpoint = Endpoint()
    extra = [("content-type", "application/x-www-form-urlencoded"), ("x-amz-target", "DynamoDB_20120810.Scan")]
    for path in ("/_ministack/ready", f"/{POOL}/.well-known/jwks.json", f"/{POOL}/.well-known/openid-configuration"):
        assert (await endpoint.ask("GET", path, extra, b"Action=ListUsers"))[0] == 200
        assert (endpoint.reached[-1], endpoint.headers) == ((path, b""), {"host": "127.0.0.1:4066"})
    assert endpoint.claimed == []


@pytest.mark.parametrize(
    ("operation", "fields"),
    [
        ("InitiateAuth", {"AuthFlow": "USER_SRP_AUTH"}),
        ("InitiateAuth", {"AuthFlow": "USER_PASSWORD_AUTH"}),
        ("InitiateAuth", {"AuthFlow": "REFRESH_TOKEN_AUTH"}),
        ("RespondToAuthChallenge", {"ChallengeName": "PASSWORD_VERIFIER"}),
        ("GetUser", {"AccessToken": "x"}),
        ("SignUp", {"Username": "x"}),
    ],
)
async def test_signing_in_with_a_password_is_passed_on_written_anew(operation: str, fields: dict[str, str]) -> None:
    endpoint = Endpoint()
    target = ("x-amz-target", f"AWSCognitoIdentityProviderService.{operation}")
    body = json.dumps(fields, indent=4).encode()
    assert (await endpoint.ask(headers=[SIGN_IN[0], target, ("x-other", "1")], body=body))[0] == 200
    assert endpoint.reached == [("/", json.dumps(fields).encode())]
    assert endpoint.headers == {"host": "127.0.0.1:4066", **dict([SIGN_IN[0], target])}


@pytest.mark.parametrize(
    ("operation", "fields"),
    [
        ("InitiateAuth", {"AuthFlow": "CUSTOM_AUTH"}),
        ("InitiateAuth", {"AuthFlow": "USER_AUTH"}),
        ("InitiateAuth", {"AuthFlow": "ADMIN_NO_SRP_AUTH"}),
        ("InitiateAuth", {}),
        ("InitiateAuth", []),
        ("RespondToAuthChallenge", {"ChallengeName": "SOFTWARE_TOKEN_MFA"}),
        ("RespondToAuthChallenge", {"ChallengeName": "MFA_SETUP"}),
        ("RespondToAuthChallenge", {"ChallengeName": "NEW_PASSWORD_REQUIRED"}),
        ("ConfirmSignUp", {}),
        ("ResendConfirmationCode", {}),
        ("ForgotPassword", {}),
        ("ConfirmForgotPassword", {}),
        ("AdminGetUser", {}),
        ("AdminConfirmSignUp", {}),
        ("ChangePassword", {}),
        ("UpdateUserAttributes", {}),
        ("DeleteUser", {}),
        ("AssociateSoftwareToken", {}),
    ],
)
async def test_no_other_way_to_become_a_user_is_open(operation: str, fields: object) -> None:
    endpoint = Endpoint()
    target = ("x-amz-target", f"AWSCognitoIdentityProviderService.{operation}")
    assert (await endpoint.ask(headers=[SIGN_IN[0], target], body=json.dumps(fields).encode()))[0] == 403
    assert endpoint.reached == []


@pytest.mark.parametrize(
    ("method", "path", "headers", "query"),
    [
        ("GET", "/_ministack/ready", [], "Action=ListUsers"),
        ("PUT", f"/{POOL}/.well-known/jwks.json", [], ""),
        ("GET", "/eu-central-1_another/.well-known/jwks.json", [], ""),
        ("GET", "/bucket/.well-known/jwks.json", [], ""),
        ("POST", "/other", SIGN_IN, ""),
        ("POST", "/", SIGN_IN, "Action=ListUsers"),
        ("POST", "/", [SIGN_IN[1]], ""),
        ("POST", "/", [("content-type", "text/plain"), SIGN_IN[1]], ""),
        ("POST", "/", [("content-type", "application/x-www-form-urlencoded"), SIGN_IN[1]], ""),
        ("POST", "/", [SIGN_IN[0], ("x-amz-target", "DynamoDB_20120810.Scan")], ""),
        ("POST", "/", [*SIGN_IN, ("x-amz-target", "DynamoDB_20120810.Scan")], ""),
    ],
)
async def test_nothing_else_passes_unsigned(method: str, path: str, headers: list[tuple[str, str]], query: str) -> None:
    endpoint = Endpoint()
    status, _ = await endpoint.ask(method, path, headers, b'{"AuthFlow": "USER_SRP_AUTH"}', query=query)
    assert status == 403
    assert endpoint.reached == []


JSON, FORM = ("content-type", "application/x-amz-json-1.0"), ("content-type", "application/x-www-form-urlencoded")
SCAN = ("x-amz-target", "DynamoDB_20120810.Scan")
CHUNKED = ("content-encoding", "aws-chunked")
LAMBDA = "/2015-03-31/functions"
Ask = tuple[str, str, str, list[tuple[str, str]], bytes, str]  # scope, method, path, headers, body, query


def signed_for(scope: str, *headers: tuple[str, str]) -> list[tuple[str, str]]:
    return [("authorization", AUTHORIZATION.replace("/lambda/", f"/{scope}/")), SIGNED[1], *headers]


MIXED: list[Ask] = [
    ("dynamodb", "POST", "/", [JSON, SCAN], b"{}", "Action=GetItem"),
    ("dynamodb", "POST", "/", [JSON, SCAN], b"{}", "x=1"),
    ("dynamodb", "POST", "/", [FORM, SCAN], b"Action=GetItem", ""),
    ("dynamodb", "POST", "/", [SCAN], b"{}", ""),
    ("dynamodb", "GET", "/", [JSON, SCAN], b"{}", ""),
    ("dynamodb", "POST", "/x", [JSON, SCAN], b"{}", ""),
    ("dynamodb", "POST", "/", [("content-type", f"{JSON[1]}; x-www-form-urlencoded"), SCAN], b"&Action=GetItem&", ""),
    ("dynamodb", "POST", "/", [("content-type", f"{JSON[1]}; charset=utf-8"), SCAN], b"{}", ""),
    ("sqs", "POST", "/", [JSON, SCAN], b"{}", ""),
    ("sqs", "POST", "/", [JSON, ("x-amz-target", "X.GetQueueAttributes")], b"&Action=ListQueues&", ""),
    ("sts", "POST", "/", [JSON, ("x-amz-target", "AWSSecurityTokenServiceV20110615.GetCallerIdentity")], b"{}", ""),
    ("glue", "POST", "/", [JSON, ("x-amz-target", "AWSGlue.GetJobs")], b"{}", ""),
    ("sqs", "POST", "/", [FORM], b"Action=ListQueues", ""),
    ("iam", "POST", "/", [FORM], b"Action=GetUser&Action=ListRoles", ""),
    ("iam", "POST", "/", [FORM], b"Action=&Action=ListRoles", ""),
    ("iam", "POST", "/", [FORM], b"Action=+", ""),
    ("iam", "POST", "/", [FORM], b"Version=2010-05-08", ""),
    ("iam", "POST", "/", [FORM], b"Action=GetUser&UserName=a&UserName=b", ""),
    ("iam", "POST", "/", [FORM], b'{"UserName": "&Action=GetUser&"}', ""),
    ("iam", "POST", "/", [FORM], b"Action=GetUser", "UserName=a"),
    ("iam", "POST", "/queue", [FORM], b"Action=ListRoles", ""),
    ("iam", "POST", "/", [], b"Action=ListRoles", ""),
    ("iam", "POST", "/", [("content-type", "text/x-www-form-urlencoded")], b"Action=ListRoles", ""),
    ("iam", "GET", "/", [], b"", "Action=ListRoles"),
    ("lambda", "GET", LAMBDA, [("content-type", "text/plain; x-www-form-urlencoded")], b"&Action=InvokeFunction&", ""),
    ("lambda", "GET", f"{LAMBDA}%252Fa%252Fconfiguration/functions/b/invocations", [], b"", ""),
    ("lambda", "GET", f"{LAMBDA}%2Fa%2Fconfiguration/functions/b/invocations", [], b"", ""),
    ("lambda", "GET", f"{LAMBDA}/a/invocations", [], b"", ""),
    ("lambda", "POST", f"{LAMBDA}/a/invocations/more", [], b"", ""),
    ("lambda", "GET", f"{LAMBDA}/../functions/a", [], b"", ""),
    ("lambda", "GET", f"/{LAMBDA}/a", [], b"", ""),
    ("lambda", "POST", f"{LAMBDA}/a/invocations", [CHUNKED], b"{}", ""),
    ("dynamodb", "POST", "/", [JSON, SCAN, ("content-encoding", "gzip")], b"{}", ""),
    ("dynamodb", "POST", "/", [JSON, SCAN, ("x-amz-content-sha256", "STREAMING-UNSIGNED-PAYLOAD-TRAILER")], b"", ""),
    ("s3", "GET", "/v2/", [], b"", ""),
    ("s3", "GET", "/v2/email/identities", [], b"", ""),
    ("s3", "POST", "/Execute", [], b"", ""),
    ("s3", "GET", "/iceberg/v1/config", [], b"", ""),
    ("s3", "POST", "/oauth2/token", [], b"", ""),
    ("execute-api", "GET", "/x", [], b"", ""),
    ("appsync", "POST", "/v1/apis/x/graphql", [], b"{}", ""),
    ("sqs", "POST", "/graphql", [("x-amz-target", "Taskbell.WhoSigned")], b"{}", ""),
]


@pytest.mark.parametrize("case", MIXED)
async def test_a_signed_request_names_its_action_once_where_its_protocol_has_it(case: Ask) -> None:
    scope, method, path, headers, body, query = case
    service = "dynamodb" if scope == "dynamodb" else scope
    endpoint = Endpoint(service=service)
    assert (await endpoint.ask(method, path, signed_for(scope, *headers), body, query=query))[0] == 403
    assert endpoint.reached == []


@pytest.mark.parametrize(
    "case",
    [
        ("dynamodb", "POST", "/", [JSON, SCAN], b"{}", ""),
        ("iam", "POST", "/", [FORM], b"Action=ListRoles&Version=2010-05-08", ""),
        ("iam", "POST", "/", [("content-type", f"{FORM[1]}; charset=utf-8")], b"Action=ListRoles", ""),
        ("lambda", "GET", LAMBDA, [], b"", ""),
        ("lambda", "POST", f"{LAMBDA}/a/invocations", [], b"{}", ""),
        ("lambda", "GET", "/2017-03-31/tags/arn%3Aaws%3Alambda%3Aeu-central-1%3A0%3Afunction%3Aa", [], b"", ""),
        ("lambda", "GET", "/2015-03-31/event-source-mappings/", [], b"", ""),
        ("s3", "PUT", "/bucket/key", [("content-type", "text/plain")], b"x", ""),
        ("s3", "PUT", "/bucket/key", [CHUNKED], b"x", ""),
        ("s3", "GET", "/", [], b"", "list-type=2"),
        ("monitoring", "POST", "/service/GraniteServiceVersion20100801/operation/ListMetrics", [], b"", ""),
    ],
)
async def test_each_protocol_of_aws_passes(case: Ask) -> None:
    scope, method, path, headers, body, query = case
    endpoint = Endpoint(service=scope)
    assert (await endpoint.ask(method, path, signed_for(scope, *headers), body, query=query))[0] == 200


async def test_a_service_that_the_stack_does_not_use_is_not_there() -> None:
    for scope in ("glue", "appsync", "codebuild", "ecs", "cloudfront", "rds", "kms"):
        endpoint = Endpoint(service=scope)
        for headers in ([], [FORM], [JSON, ("x-amz-target", "AWSGlue.GetJobs")]):
            assert (await endpoint.ask(headers=signed_for(scope, *headers), body=b"Action=List"))[0] == 403
        assert endpoint.reached == []


async def test_a_request_that_is_signed_for_one_service_reaches_no_other() -> None:
    endpoint = Endpoint(service="iam")
    assert (await endpoint.ask("GET", "/bucket/key", signed_for("s3")))[0] == 403
    assert (await endpoint.ask(headers=signed_for("dynamodb", JSON, SCAN), body=b"{}"))[0] == 403
    assert endpoint.reached == []


async def test_the_gateway_may_ask_who_signed_a_request_of_the_api() -> None:
    whose = ("x-amz-target", "Taskbell.WhoSigned")
    endpoint = Endpoint(service="appsync")
    assert (await endpoint.ask(path="/graphql", headers=signed_for("appsync", whose), body=b"{}"))[0] == 200
    assert endpoint.reached == []


@pytest.mark.parametrize("body", [b'{"AuthFlow": ["x"]}', b'{"ChallengeName": {}}', b"[" * 100_000, b"\xff"])
async def test_an_odd_sign_in_is_refused(body: bytes) -> None:
    for operation in ("InitiateAuth", "RespondToAuthChallenge"):
        target = ("x-amz-target", f"AWSCognitoIdentityProviderService.{operation}")
        assert (await Endpoint().ask(headers=[SIGN_IN[0], target], body=body))[0] == 403


async def test_a_secret_is_not_shown_by_what_describes_a_signature() -> None:
    endpoint = Endpoint()
    await endpoint.ask(headers=[*SIGNED, ("x-amz-security-token", "the-token")])
    assert endpoint.claimed[0].token == "the-token"
    assert "the-token" not in repr(endpoint.claimed[0])
