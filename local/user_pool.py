"""The user pool's sign-in endpoint for web pages, which have no access to the local AWS.

`POST /cognito-idp` takes the unsigned requests that Amplify and the SDKs send to a user pool (their setting
`userPoolEndpoint` or `endpoint`), and forwards them. Without a signature the local AWS only allows signing in
(`ministack_patches/request_guard.py`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from appsync_local.headers import named_headers
from appsync_local.transport.asgi import BodyTooLargeError, DisconnectedError, read_body, respond
from appsync_local.transport.origin import CROSS_ORIGIN

if TYPE_CHECKING:
    import aiohttp
    from appsync_local.transport.asgi import Receive, Scope, Send

    from local.settings import Settings

PATH = "/cognito-idp"
_LARGEST_BODY = 64 * 1024
_PASSED_ON = ("content-type", "x-amz-target")
_PASSED_BACK = ("content-type", "x-amzn-errortype", "x-amzn-requestid")
_CORS = [(b"access-control-allow-origin", b"*"), (b"access-control-expose-headers", ",".join(_PASSED_BACK).encode())]


class UserPoolEndpoint:
    """The ASGI application, behind an `OriginGuard`; pages of unknown origins and WebSockets are rejected."""

    def __init__(self, settings: Settings, http: aiohttp.ClientSession) -> None:
        self._url = f"{settings.aws_endpoint}/"
        self._http = http

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.close", "code": 1008})
        elif scope.get(CROSS_ORIGIN):
            await respond(send, 403, b'{"message":"A page of this origin may not sign anybody in."}', [])
        elif scope["method"] == "OPTIONS":
            await respond(send, 204, b"", _preflight(scope))
        elif scope["method"] != "POST":
            await respond(send, 405, b'{"message":"Only POST is served here."}', _CORS)
        else:
            await self._forward(scope, receive, send)

    async def _forward(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            body = await read_body(receive, _LARGEST_BODY)
        except BodyTooLargeError:
            await respond(send, 413, b'{"message":"The request is too large."}', _CORS)
            return
        except TimeoutError:
            await respond(send, 408, b'{"message":"The request is not complete."}', [*_CORS, (b"connection", b"close")])
            return
        except DisconnectedError:
            return
        sent = named_headers(scope["headers"])
        headers = {name: sent[name] for name in _PASSED_ON if name in sent}
        async with self._http.post(self._url, data=body, headers=headers) as answer:
            back = [(name.encode(), answer.headers[name].encode()) for name in _PASSED_BACK if name in answer.headers]
            await respond(send, answer.status, await answer.read(), [*_CORS, *back])


def _preflight(scope: Scope) -> list[tuple[bytes, bytes]]:
    requested = [value for name, value in scope["headers"] if name == b"access-control-request-headers"]
    return [
        *_CORS,
        (b"access-control-allow-methods", b"POST"),
        (b"access-control-allow-headers", requested[0] if requested else b"*"),
        (b"access-control-max-age", b"600"),
    ]
