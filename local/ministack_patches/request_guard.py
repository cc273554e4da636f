"""Serves the local AWS to signed requests only.

Unpatched, ministack accepts its root's key with any signature, serves every web page, and has paths without
authentication. With this guard a request passes if its `Host` is a loopback name, no web page made it, it is for a
service that the stack uses, and it is signed (Signature Version 4, in the header or the query string) with the secret
of the local account's root, a user or a role.

ministack takes the action that it authorises from other parts of a request than the action that it executes. So only
requests in the exact form of one protocol pass, JSON, Query or REST, for the service that they are signed for.

What AWS serves without a signature is forwarded as a new request, which has nothing of the client's but the body of a
sign-in: whether ministack is ready, a user pool's public keys, and signing in with a password.
"""

import hashlib
import hmac
import json
import re
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, Protocol
from urllib.parse import parse_qs, unquote

from local.loopback import is_loopback

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]
Response = tuple[int, Mapping[str, str], bytes]

LARGEST_BODY = 64 * 1024 * 1024
READY = "/_ministack/ready"
WHO_SIGNED = "Taskbell.WhoSigned"  # no action of AWS: `local/iam.py` asks with it who signed a request of the API
JSON_TARGETS: Mapping[str, tuple[str, str]] = {  # the signed scope and ministack's service of each target's prefix
    "AWSCognitoIdentityProviderService": ("cognito-idp", "cognito-idp"),
    "AWSStepFunctions": ("states", "states"),
    "AmazonSQS": ("sqs", "sqs"),
    "AmazonSSM": ("ssm", "ssm"),
    "DynamoDBStreams_20120810": ("dynamodb", "dynamodbstreams"),
    "DynamoDB_20120810": ("dynamodb", "dynamodb"),
    "GraniteServiceVersion20100801": ("monitoring", "monitoring"),
    "Logs_20140328": ("logs", "logs"),
    "secretsmanager": ("secretsmanager", "secretsmanager"),
}
QUERY_SERVICES = frozenset({"cloudformation", "iam", "monitoring", "sns", "sts"})
REST_SERVICES = frozenset({"lambda", "s3"})
SERVICES = frozenset({service for _, service in JSON_TARGETS.values()} | QUERY_SERVICES | REST_SERVICES)
_CBOR = re.compile(r"/service/GraniteServiceVersion20100801/operation/[A-Za-z]+")
# What ministack takes for another service's before it looks at the signed scope.
_NOT_S3 = frozenset(
    {
        "BatchExecute",
        "BeginTransaction",
        "CommitTransaction",
        "Execute",
        "RollbackTransaction",
        "WriteGetObjectResponse",
        "iceberg",
        "login",
        "logout",
        "oauth2",
        "v2",
        "v20180820",
    }
)
_CHUNKED = ("content-encoding", "x-amz-decoded-content-length", "x-amz-trailer")
_POOL_KEYS = re.compile(r"/(?P<pool>[a-z0-9-]+_[A-Za-z0-9]+)/\.well-known/(jwks\.json|openid-configuration)")
_COGNITO = "AWSCognitoIdentityProviderService."
# What signs in with a password, or needs a token that was got by it; each with the values of a field that it may have.
_SIGNING_IN: Mapping[str, tuple[str, frozenset[str]] | None] = {
    "InitiateAuth": (
        "AuthFlow",
        frozenset({"USER_SRP_AUTH", "USER_PASSWORD_AUTH", "REFRESH_TOKEN_AUTH", "REFRESH_TOKEN"}),
    ),
    "RespondToAuthChallenge": ("ChallengeName", frozenset({"PASSWORD_VERIFIER"})),
    "GetTokensFromRefreshToken": None,
    "GetUser": None,
    "GlobalSignOut": None,
    "RevokeToken": None,
}
_JSON_TYPES = ("application/x-amz-json-1.0", "application/x-amz-json-1.1")
_FORM_TYPES = (
    "application/x-www-form-urlencoded",
    "application/x-www-form-urlencoded; charset=utf-8",
    "application/x-www-form-urlencoded;charset=utf-8",
)
signing_in: ContextVar[bool] = ContextVar("signing_in", default=False)
_HEADER = re.compile(
    r"AWS4-HMAC-SHA256 Credential=(?P<key>[A-Za-z0-9]+)/(?P<date>\d{8})/(?P<region>[a-z0-9-]+)/(?P<service>[a-z0-9-]+)"
    r"/aws4_request,\s*SignedHeaders=(?P<headers>[a-z0-9;_-]+),\s*Signature=(?P<signature>[0-9a-f]{64})"
)
_QUERY = ("Algorithm", "Credential", "Date", "SignedHeaders", "Signature")
_QUERY_CREDENTIALS = frozenset({"x-amz-credential", "x-amz-signature", "awsaccesskeyid", "signature"})
_HASH = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class Request:
    """An HTTP request, with names of headers in lower case."""

    method: str
    path: str
    query: Mapping[str, list[str]]
    headers: Mapping[str, str]
    body: bytes = b""


@dataclass(frozen=True)
class Signature:
    """The unverified signature of a request."""

    key: str
    date: str
    region: str
    service: str
    headers: str
    signature: str
    at: str
    token: str | None = field(repr=False)
    presigned: bool


class AccessError(Exception):
    """The request is rejected; `code` is AWS's error code."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


class Aws(Protocol):
    """What the guard needs of ministack."""

    def verify(self, request: Request, signature: Signature) -> None:
        """Raise AccessError unless the request is signed with the secret of the key that it names."""

    def service_of(self, request: Request) -> str:
        """Return the service that ministack would route the request to."""

    def arn_of(self, signature: Signature) -> str:
        """Return the ARN of the signer of a verified signature."""

    def is_root(self, signature: Signature) -> bool:
        """Return whether the signature has the root's key."""

    def is_pool(self, pool_id: str) -> bool:
        """Return whether there is a user pool with this id."""

    def respond(self, request: Request, error: AccessError) -> Response:
        """Return the error in the format of the request's service."""


class WhoSigned(Exception):  # noqa: N818 - no error
    """The request looks up its signer, whose ARN is `arn`."""

    def __init__(self, arn: str) -> None:
        super().__init__(arn)
        self.arn = arn


class SignedRequestsOnly:
    """ministack's ASGI application behind its guard."""

    def __init__(self, app: App, aws: Aws) -> None:
        self._app = app
        self._aws = aws

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, or the lifespan events; WebSockets are rejected."""
        if scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.close", "code": 1008})
        elif scope["type"] != "http":
            await self._app(scope, receive, send)
        elif refused := refusal(scope):
            await _send(send, refused)
        else:
            await self._serve(scope, receive, _without_cors(send))

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        body = await _body(receive)
        if body is None:
            await _send(send, _plain(413, "RequestEntityTooLarge", f"More than {LARGEST_BODY} bytes."))
            return
        request = _request(scope, body)
        try:
            passed_on, body = self._passed_on(scope, request)
        except AccessError as error:
            await _send(send, self._aws.respond(request, error))
        except WhoSigned as answer:
            await _send(send, (200, {"Content-Type": "application/json"}, json.dumps({"arn": answer.arn}).encode()))
        else:
            await self._app(passed_on, _once(body, receive), send)

    def _passed_on(self, scope: Scope, request: Request) -> tuple[Scope, bytes]:
        """Return the request to forward to ministack; raises AccessError, or WhoSigned for the gateway's lookup."""
        signing_in.set(False)
        if is_public_path(request, self._aws.is_pool):
            return _rewritten(scope, {}), b""
        if (sign_in := sign_in_body(request)) is not None:
            signing_in.set(True)
            kept = {name: request.headers[name] for name in ("content-type", "x-amz-target")}
            return _rewritten(scope, kept), sign_in
        signature = parse_signature(request)
        self._aws.verify(request, signature)
        if signature.service == "appsync" and request.headers.get("x-amz-target") == WHO_SIGNED:
            raise WhoSigned(self._aws.arn_of(signature))
        expected = service_by_protocol(request, signature.service, is_root=self._aws.is_root(signature))
        if self._aws.service_of(request) != expected:
            raise _refused("another service than it is signed for")
        return scope, request.body


def refusal(scope: Scope) -> Response | None:
    """Return the response that rejects a request that no AWS client makes; None for any other."""
    counts = Counter(name for name, _ in scope["headers"])
    headers = dict(scope["headers"])
    if counts[b"host"] != 1 or not is_loopback(headers[b"host"].decode("latin-1")):
        return _plain(403, "AccessDeniedException", "The Host must be one loopback name, such as 127.0.0.1.")
    if b"origin" in headers or headers.get(b"sec-fetch-site", b"none") != b"none":
        return _plain(403, "AccessDeniedException", "Web pages have no access to the local AWS.")
    if counts[b"authorization"] > 1 or not scope["path"].startswith("/"):
        return _plain(400, "BadRequest", "This is not a request that an AWS client makes.")
    if scope["path"] == "/health" or (scope["path"].startswith("/_") and scope["path"] != READY):
        return _plain(404, "NotFound", "ministack's own paths are not served here.")
    return None


def is_public_path(request: Request, is_pool: Callable[[str], bool]) -> bool:
    """Return whether AWS serves this path without a signature."""
    if request.method != "GET" or request.query or "authorization" in request.headers:
        return False
    keys = _POOL_KEYS.fullmatch(request.path)
    return request.path == READY or (keys is not None and is_pool(keys["pool"]))


def sign_in_body(request: Request) -> bytes | None:
    """Return the re-serialized body of a sign-in that AWS accepts unsigned; None for any other request."""
    service, _, operation = request.headers.get("x-amz-target", "").partition(".")
    signs_in = f"{service}." == _COGNITO and operation in _SIGNING_IN
    if not signs_in or (request.method, request.path) != ("POST", "/") or request.query:
        return None
    if "authorization" in request.headers or request.headers.get("content-type") not in _JSON_TYPES:
        return None
    try:
        fields = json.loads(request.body)
    except (ValueError, RecursionError):
        return None
    limited = _SIGNING_IN[operation]
    if not isinstance(fields, dict) or (limited and str(fields.get(limited[0])) not in limited[1]):
        return None
    return json.dumps(fields).encode()


def service_by_protocol(request: Request, scope: str, *, is_root: bool) -> str:
    """Return the service that a request is for, by its protocol; raises AccessError.

    The rules are stricter than AWS's, because ministack reads the action from places where AWS does not.
    """
    content_type = request.headers.get("content-type", "")
    streamed = request.headers.get("x-amz-content-sha256", "").startswith("STREAMING-")
    if scope != "s3" and (streamed or any(name in request.headers for name in _CHUNKED)):
        raise _refused("an encoded body")
    if "x-amz-target" in request.headers:
        return _json_service(request, scope, content_type)
    if content_type.lower() in _FORM_TYPES:
        return _query_service(request, scope)
    if "form-urlencoded" in content_type.lower():
        raise _refused("a form of another type")
    if _CBOR.fullmatch(request.path) and scope == "monitoring" and is_root and not request.query:
        return scope
    return _rest_service(request, scope)


def _json_service(request: Request, scope: str, content_type: str) -> str:
    prefix = request.headers["x-amz-target"].partition(".")[0]
    signed_for, service = JSON_TARGETS.get(prefix, ("", ""))
    to_root = (request.method, request.path) == ("POST", "/") and not request.query
    if not to_root or content_type not in _JSON_TYPES or scope != signed_for:
        raise _refused("a target without the form of a JSON protocol")
    return service


def _query_service(request: Request, scope: str) -> str:
    fields = parse_qs(request.body.decode("latin-1"), keep_blank_values=True)
    once = all(len(values) == 1 for values in fields.values()) and fields.get("Action", [""])[0].isalnum()
    to_root = (request.method, request.path) == ("POST", "/") and not request.query
    if not to_root or not once or request.body.lstrip()[:1] in {b"{", b"["} or scope not in QUERY_SERVICES:
        raise _refused("a form that is not of the Query protocol")
    return scope


def _rest_service(request: Request, scope: str) -> str:
    path = unquote(request.path)
    segments = path.split("/")[1:]
    good = scope in REST_SERVICES and "action" not in {name.lower() for name in request.query}
    if scope == "lambda":
        inner = segments[:-1] if segments[-1:] == [""] else segments
        good = good and "%" not in path and not {"", ".", ".."} & set(inner) and _is_function_path(request, inner)
    if not good or segments[0] in _NOT_S3:
        raise _refused("a path that belongs to no service here")
    return scope


def _is_function_path(request: Request, segments: list[str]) -> bool:
    """Return whether a path of Lambda names at most one function, and invokes only by POST to its `invocations`."""
    invokes = "invocations" in segments
    at = [index for index, segment in enumerate(segments) if segment == "functions"]
    return at in ([], [1]) and (not invokes or (request.method == "POST" and segments[3:] == ["invocations"]))


def _refused(what: str) -> AccessError:
    return AccessError("AccessDeniedException", f"The local AWS does not serve {what}.")


def parse_signature(request: Request) -> Signature:
    """Read the request's one signature; raises AccessError when there is none, or it is not a whole one."""
    authorization = request.headers.get("authorization")
    in_query = _QUERY_CREDENTIALS & {name.lower() for name in request.query}
    if authorization is None and not in_query:
        raise AccessError("MissingAuthenticationToken", "Request is missing Authentication Token")
    if authorization is not None and in_query:
        raise AccessError("IncompleteSignature", "Credentials are in the header and in the query string.")
    signature = _in_query(request) if authorization is None else _in_header(request, authorization)
    if "host" not in signature.headers.split(";"):
        raise AccessError("IncompleteSignature", "'Host' must be a 'SignedHeader' in the AWS Authorization.")
    declared = request.headers.get("x-amz-content-sha256", "")
    if _HASH.fullmatch(declared) and not hmac.compare_digest(declared, hashlib.sha256(request.body).hexdigest()):
        raise AccessError("SignatureDoesNotMatch", "The body is not the one that was signed.")
    return signature


def _in_header(request: Request, authorization: str) -> Signature:
    match = _HEADER.fullmatch(authorization)
    at = request.headers.get("x-amz-date", "")
    if match is None or not at:
        raise AccessError("IncompleteSignature", "The Authorization header is not a whole Signature Version 4.")
    return Signature(**match.groupdict(), at=at, token=request.headers.get("x-amz-security-token"), presigned=False)


def _in_query(request: Request) -> Signature:
    names = Counter(name.lower() for name in request.query)
    values = {name: request.query.get(f"X-Amz-{name}", []) for name in _QUERY}
    if any(len(value) != 1 for value in values.values()) or any(count > 1 for count in names.values()):
        raise AccessError("IncompleteSignature", "The query string does not hold one whole Signature Version 4.")
    only = {name: value for name, (value,) in values.items()}
    text = f"{only['Algorithm']} Credential={only['Credential']}, SignedHeaders={only['SignedHeaders']}"
    match = _HEADER.fullmatch(f"{text}, Signature={only['Signature']}")
    if match is None:
        raise AccessError("IncompleteSignature", "The query string does not hold a whole Signature Version 4.")
    token = request.query.get("X-Amz-Security-Token", [None])[0]
    return Signature(**match.groupdict(), at=only["Date"], token=token, presigned=True)


def _request(scope: Scope, body: bytes) -> Request:
    headers: dict[str, str] = {}
    for name, value in scope["headers"]:
        key, text = name.decode("latin-1").lower(), value.decode("latin-1")
        headers[key] = f"{headers[key]},{text}" if key in headers else text
    query = parse_qs(scope["query_string"].decode("latin-1"), keep_blank_values=True)
    path = (scope.get("raw_path") or scope["path"].encode()).decode("latin-1")
    return Request(scope["method"], path, query, headers, body)


def _rewritten(scope: Scope, headers: Mapping[str, str]) -> Scope:
    """Return the scope of a request to the same path with these headers only."""
    kept = [(b"host", dict(scope["headers"])[b"host"])]
    return {
        **scope,
        "query_string": b"",
        "headers": [*kept, *((name.encode(), value.encode("latin-1")) for name, value in headers.items())],
    }


async def _body(receive: Receive) -> bytes | None:
    parts: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return b"".join(parts)  # the client disconnected; an incomplete body has no valid signature
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if size > LARGEST_BODY:
            return None
        if not message.get("more_body"):
            return b"".join(parts)


def _once(body: bytes, receive: Receive) -> Receive:
    waiting: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive_again() -> Message:
        return waiting.pop() if waiting else await receive()

    return receive_again


def _without_cors(send: Send) -> Send:
    async def send_less(message: Message) -> None:
        if message["type"] == "http.response.start":
            kept = [each for each in message["headers"] if not each[0].lower().startswith(b"access-control-")]
            message = {**message, "headers": kept}
        await send(message)

    return send_less


def _plain(status: int, code: str, message: str) -> Response:
    body = json.dumps({"__type": code, "message": message}).encode()
    return status, {"Content-Type": "application/x-amz-json-1.1", "x-amzn-errortype": code}, body


async def _send(send: Send, response: Response) -> None:
    status, headers, body = response
    listed = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]
    listed.append((b"content-length", str(len(body)).encode()))
    await send({"type": "http.response.start", "status": status, "headers": listed})
    await send({"type": "http.response.body", "body": body})
