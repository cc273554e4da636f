"""Who may speak to the local AWS: whoever proves a signature.

Left to itself ministack takes its root's key with any signature, answers every web page, and offers paths that ask for
nothing at all. This stands before it. A request passes if its `Host` is a loopback name, no web page made it, and it
is signed (Signature Version 4, in the header or the query string) with the secret of the local account's root, a user's
or a role's. What AWS answers without a signature is listed here: signing in to a user pool and a pool's public keys.
Besides that there is the question whether ministack is ready.
"""

import hashlib
import hmac
import json
import re
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

from local.loopback import is_loopback

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]
Response = tuple[int, Mapping[str, str], bytes]

LARGEST_BODY = 64 * 1024 * 1024
READY = "/_ministack/ready"
_POOL_KEYS = re.compile(r"/[a-z]{2}(-[a-z]+)+-\d_[A-Za-z0-9]+/\.well-known/(jwks\.json|openid-configuration)")
_SIGNING_IN = frozenset(
    f"AWSCognitoIdentityProviderService.{name}"
    for name in (
        "GetTokensFromRefreshToken",
        "GetUser",
        "GlobalSignOut",
        "InitiateAuth",
        "RespondToAuthChallenge",
        "RevokeToken",
    )
)
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
    """What a request says about its signature, before anybody has checked it."""

    key: str
    date: str
    region: str
    service: str
    headers: str
    signature: str
    at: str
    token: str | None = field(repr=False)
    presigned: bool


class SignatureError(Exception):
    """The request is not signed as it has to be; `code` is AWS's name for why."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


Verify = Callable[[Request, Signature], None]
Respond = Callable[[Request, SignatureError], Response]


class SignedRequestsOnly:
    """ministack's ASGI application behind its guard.

    `verify` raises SignatureError when a signature is not that of its key; `respond` writes an error as the service
    that was meant would.
    """

    def __init__(self, app: App, verify: Verify, respond: Respond) -> None:
        self._app = app
        self._verify = verify
        self._respond = respond

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, or the server's life; WebSockets are refused."""
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
        request = _request(scope)
        if is_public(request):
            await self._app(scope, receive, send)
            return
        body = await _body(receive)
        if body is None:
            await _send(send, _plain(413, "RequestEntityTooLarge", f"More than {LARGEST_BODY} bytes."))
            return
        request = Request(request.method, request.path, request.query, request.headers, body)
        try:
            self._verify(request, parse_signature(request))
        except SignatureError as error:
            await _send(send, self._respond(request, error))
        else:
            await self._app(scope, _again(body, receive), send)


def refusal(scope: Scope) -> Response | None:
    """Answer what refuses a request that no AWS client makes, whoever signed it; None for any other."""
    counts = Counter(name for name, _ in scope["headers"])
    headers = dict(scope["headers"])
    if counts[b"host"] != 1 or not is_loopback(headers[b"host"].decode("latin-1")):
        return _plain(403, "AccessDeniedException", "The Host must be one loopback name, such as 127.0.0.1.")
    if b"origin" in headers or headers.get(b"sec-fetch-site", b"none") != b"none":
        return _plain(403, "AccessDeniedException", "Web pages have no access to the local AWS.")
    if counts[b"authorization"] > 1 or not scope["path"].startswith("/"):
        return _plain(400, "BadRequest", "This is not a request that an AWS client makes.")
    if scope["path"].startswith("/_") and scope["path"] != READY:
        return _plain(404, "NotFound", "ministack's own paths are not served here.")
    return None


def is_public(request: Request) -> bool:
    """Tell whether AWS answers this request, as it stands, without a signature."""
    if request.query or "authorization" in request.headers:
        return False
    if request.method == "GET":
        return request.path == READY or _POOL_KEYS.fullmatch(request.path) is not None
    is_json = request.headers.get("content-type", "").startswith("application/x-amz-json-1.1")
    signs_in = request.headers.get("x-amz-target") in _SIGNING_IN
    return (request.method, request.path) == ("POST", "/") and is_json and signs_in


def parse_signature(request: Request) -> Signature:
    """Read the request's one signature; raises SignatureError when there is none, or it is not a whole one."""
    authorization = request.headers.get("authorization")
    in_query = _QUERY_CREDENTIALS & {name.lower() for name in request.query}
    if authorization is None and not in_query:
        raise SignatureError("MissingAuthenticationToken", "Request is missing Authentication Token")
    if authorization is not None and in_query:
        raise SignatureError("IncompleteSignature", "Credentials are in the header and in the query string.")
    signature = _in_query(request) if authorization is None else _in_header(request, authorization)
    if "host" not in signature.headers.split(";"):
        raise SignatureError("IncompleteSignature", "'Host' must be a 'SignedHeader' in the AWS Authorization.")
    declared = request.headers.get("x-amz-content-sha256", "")
    if _HASH.fullmatch(declared) and not hmac.compare_digest(declared, hashlib.sha256(request.body).hexdigest()):
        raise SignatureError("SignatureDoesNotMatch", "The body is not the one that was signed.")
    return signature


def _in_header(request: Request, authorization: str) -> Signature:
    match = _HEADER.fullmatch(authorization)
    at = request.headers.get("x-amz-date", "")
    if match is None or not at:
        raise SignatureError("IncompleteSignature", "The Authorization header is not a whole Signature Version 4.")
    return Signature(**match.groupdict(), at=at, token=request.headers.get("x-amz-security-token"), presigned=False)


def _in_query(request: Request) -> Signature:
    names = Counter(name.lower() for name in request.query)
    values = {name: request.query.get(f"X-Amz-{name}", []) for name in _QUERY}
    if any(len(value) != 1 for value in values.values()) or any(count > 1 for count in names.values()):
        raise SignatureError("IncompleteSignature", "The query string does not hold one whole Signature Version 4.")
    only = {name: value for name, (value,) in values.items()}
    text = f"{only['Algorithm']} Credential={only['Credential']}, SignedHeaders={only['SignedHeaders']}"
    match = _HEADER.fullmatch(f"{text}, Signature={only['Signature']}")
    if match is None:
        raise SignatureError("IncompleteSignature", "The query string does not hold a whole Signature Version 4.")
    token = request.query.get("X-Amz-Security-Token", [None])[0]
    return Signature(**match.groupdict(), at=only["Date"], token=token, presigned=True)


def _request(scope: Scope) -> Request:
    headers: dict[str, str] = {}
    for name, value in scope["headers"]:
        key, text = name.decode("latin-1").lower(), value.decode("latin-1")
        headers[key] = f"{headers[key]},{text}" if key in headers else text
    query = parse_qs(scope["query_string"].decode("latin-1"), keep_blank_values=True)
    path = (scope.get("raw_path") or scope["path"].encode()).decode("latin-1")
    return Request(scope["method"], path, query, headers)


async def _body(receive: Receive) -> bytes | None:
    parts: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return b"".join(parts)  # the client left; what came of it proves nothing
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if size > LARGEST_BODY:
            return None
        if not message.get("more_body"):
            return b"".join(parts)


def _again(body: bytes, receive: Receive) -> Receive:
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
