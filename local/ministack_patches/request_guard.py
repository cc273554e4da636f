"""Serves the local AWS to signed requests only.

Unpatched, ministack accepts its root's key with any signature, serves every web page, and has paths without
authentication. With this guard a request passes if its `Host` is a loopback name, no web page made it, it is for a
service that the stack uses, and it is signed (Signature Version 4, in the header or the query string) with the secret
of the local account's root, a user or a role.

It has to have the exact form of one protocol (`aws_protocols.py`).

What AWS serves without a signature is forwarded as a new request, which has nothing of the client's but the body of a
sign-in: whether ministack is ready, a user pool's public keys, and signing in with a password.
"""

import json
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from contextvars import ContextVar
from typing import Any, Protocol
from urllib.parse import parse_qs

from local.loopback import is_loopback
from local.ministack_patches.aws_protocols import not_served, service_by_protocol
from local.ministack_patches.signed_request import AccessError, Request, Signature, parse_signature
from local.ministack_patches.unsigned_requests import READY, is_public_path, sign_in_body

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]
Response = tuple[int, Mapping[str, str], bytes]

LARGEST_BODY = 64 * 1024 * 1024
WHO_SIGNED = "Taskbell.WhoSigned"  # no action of AWS: `local/iam.py` asks with it who signed a request of the API
signing_in: ContextVar[bool] = ContextVar("signing_in", default=False)


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
            raise not_served("another service than it is signed for")
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
