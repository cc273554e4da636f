"""The HTTP API as an ASGI application: finds the route, runs its authorizer, invokes its function.

A page of an origin that is not allowed (`appsync_local.transport.origin`) needs a token or the API key even on an open
route: on AWS an open route is meant for the internet, here it is not.
"""

import hmac
import re
import time
from collections.abc import Awaitable, Callable, MutableMapping
from pathlib import Path
from typing import Any
from uuid import uuid4

from appsync_local.protocols import FunctionError, Functions, SigningKeys
from appsync_local.transport.asgi import BodyTooLargeError, DisconnectedError, read_body
from appsync_local.transport.origin import CROSS_ORIGIN

from local.http_api.definition import Cors, HttpApi, Route
from local.http_api.jwt_authorizer import NotAuthorizedError, authorize
from local.http_api.lambda_events import (
    Event,
    InvalidLambdaResponseError,
    Request,
    Response,
    RoutedRequest,
    from_lambda_response,
    to_lambda_event,
)
from local.http_api.throttling import Throttling
from local.lambda_functions import REQUEST_TOO_LARGE

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

_LARGEST_BODY = 10 * 1024 * 1024
_LARGEST_HEADERS = 10_240  # the request line and the values of headers
_ERRORS = {TimeoutError: (408, "Request Timeout"), BodyTooLargeError: (413, "Request Entity Too Large")}
_PAGE = {
    "/docs/swagger-ui-bundle.js": "text/javascript; charset=utf-8",
    "/docs/swagger-ui.css": "text/css; charset=utf-8",
}


class HttpApiApp:
    """The application, behind an `OriginGuard`.

    `page` is the folder of swagger-ui-dist, whose two files need no function here; `api_key` what lets a page of an
    unknown origin call as the guest.
    """

    def __init__(
        self,
        api: HttpApi,
        functions: Functions,
        keys: SigningKeys,
        page: Path,
        *,
        api_key: str,
        clock: Callable[[], float] = time.time,
        body_seconds: float = 30,
    ) -> None:
        self._api = api
        self._functions = functions
        self._keys = keys
        self._page = page
        self._api_key = api_key
        self._clock = clock
        self._body_seconds = body_seconds
        self._throttling = Throttling(api.throttle, clock)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request; WebSockets are closed, and lifespan events ignored."""
        if scope["type"] == "websocket":
            await send({"type": "websocket.close"})
        if scope["type"] != "http":
            return
        try:
            request = await _read(scope, receive, self._body_seconds)
            response = await self._respond(request, bool(scope.get(CROSS_ORIGIN)))
        except DisconnectedError:
            return
        except (TimeoutError, BodyTooLargeError) as error:
            response = Response.message(*_ERRORS[type(error)], {"connection": "close"})
        headers = [(name.encode("latin-1"), value.encode("latin-1", "replace")) for name, value in response.headers]
        headers.append((b"content-length", str(len(response.body)).encode()))
        if response.status == 204:
            headers.pop()
        await send({"type": "http.response.start", "status": response.status, "headers": headers})
        await send({"type": "http.response.body", "body": response.body})

    async def _respond(self, request: Request, cross_origin: bool) -> Response:
        origin, cors = request.header("origin"), self._api.cors
        if origin is None or cors is None:
            return await self._forward(request, cross_origin)
        if request.method == "OPTIONS" and request.header("access-control-request-method"):
            return Response(204, _allowing(cors, origin, preflight=True))
        response = await self._forward(request, cross_origin)
        own = [(name, value) for name, value in response.headers if not name.startswith("access-control-")]
        return Response(response.status, [*own, *_allowing(cors, origin, preflight=False)], response.body)

    async def _forward(self, request: Request, cross_origin: bool) -> Response:
        found = self._api.find(request.method, request.path)
        if cross_origin and not self._has_credentials(request, found[0] if found else None):
            return Response.message(403, "A page of this origin needs a token, or the API key in x-api-key.")
        if request.method == "GET" and request.path in _PAGE:
            return self._file_of_page(request.path)
        if found is None:
            return Response.message(404, "Not Found")
        return await self._call(request, *found)

    async def _call(self, request: Request, route: Route, parameters: dict[str, str]) -> Response:
        """Run the route's authorizer and its function, unless there are too many requests or headers."""
        if not self._throttling.admits(route.key):
            return Response.message(429, "Too Many Requests")
        if request.header_size > _LARGEST_HEADERS:
            return Response.message(431, "Request Header Fields Too Large")
        try:
            claims = await self._claims(request, route)
        except NotAuthorizedError as problem:
            challenge = f'Bearer scope="" error="invalid_token" error_description="{problem}"'
            return Response.message(401, "Unauthorized", {"www-authenticate": challenge})
        event = to_lambda_event(RoutedRequest(request, route, parameters, claims, str(uuid4())), self._api)
        return await self._invoke(route.function, event)

    async def _invoke(self, function: str, event: Event) -> Response:
        try:
            return from_lambda_response(await self._functions.invoke(function, event))
        except FunctionError as error:
            if error.error_type == REQUEST_TOO_LARGE:
                return Response.message(413, "Request Entity Too Large")
        except InvalidLambdaResponseError:
            pass
        return Response.message(500, "Internal Server Error")

    def _has_credentials(self, request: Request, route: Route | None) -> bool:
        """Return whether the request has the API key, or a token that its route's authorizer verifies."""
        key = (request.header("x-api-key") or "").encode()
        if route is not None and route.authorizer is not None and request.header("authorization"):
            return True
        return key != b"" and hmac.compare_digest(key, self._api_key.encode())

    async def _claims(self, request: Request, route: Route) -> dict[str, str] | None:
        """The caller's claims; None on an open route, and for a guest where the function takes one."""
        if [name for name, _ in request.headers].count("authorization") > 1:
            raise NotAuthorizedError("there are several tokens")
        token = request.header("authorization")
        if route.authorizer is None or (token is None and route.guests):
            return None
        if token is None:
            raise NotAuthorizedError("the token is missing")
        bare = re.sub(r"^bearer\s+", "", token.strip(), flags=re.IGNORECASE)
        return await authorize(bare, route.authorizer, self._keys, self._clock)

    def _file_of_page(self, path: str) -> Response:
        file = self._page / path.rpartition("/")[2]
        if not file.is_file():
            return Response.message(404, "Not Found")
        headers = {"content-type": _PAGE[path], "cache-control": "max-age=3600", "x-content-type-options": "nosniff"}
        return Response(200, tuple(headers.items()), file.read_bytes())


async def _read(scope: Scope, receive: Receive, seconds: float) -> Request:
    """The whole request."""
    body = await read_body(receive, _LARGEST_BODY, seconds)
    headers = [(name.decode("latin-1").lower(), value.decode("latin-1")) for name, value in scope["headers"]]
    path = scope.get("raw_path") or scope["path"].encode()
    client = scope.get("client") or ("127.0.0.1", 0)
    query = scope["query_string"].decode("latin-1")
    return Request(scope["method"], path.decode("latin-1"), query, headers, body, str(client[0]))


def _allowing(cors: Cors, origin: str, *, preflight: bool) -> list[tuple[str, str]]:
    allowed = cors.origin_header(origin)
    more = dict(cors.preflight if preflight else cors.request)
    if "access-control-allow-headers" in more:
        more["access-control-allow-headers"] += ",x-api-key"
    return [("access-control-allow-origin", allowed), *more.items()] if allowed else []
