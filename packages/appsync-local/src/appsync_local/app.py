"""The ASGI application: which path is served by what."""

from __future__ import annotations

import sys
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import orjson

from appsync_local.auth.authentication import Authenticator
from appsync_local.errors import require
from appsync_local.execution.engine import Engine
from appsync_local.execution.in_process import InProcessFunctions
from appsync_local.headers import named_headers
from appsync_local.limits import Limits
from appsync_local.protocols import DenyAll, NoMeter
from appsync_local.schema.sdl import choose_schema
from appsync_local.template.auth_providers import AuthorizationType
from appsync_local.transport import graphql_transport_ws, graphql_ws
from appsync_local.transport.asgi import WRITE_NOW, WebSocket, respond
from appsync_local.transport.http import GraphqlHttpHandler
from appsync_local.transport.origin import CROSS_ORIGIN, LOOPBACK_HOSTS, OriginGuard, is_same_origin

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Collection

    from appsync_local.execution.in_process import Handler
    from appsync_local.protocols import Functions, Iam, Meter, SigningKeys
    from appsync_local.schema.schema_file import SchemaFile
    from appsync_local.template.definition import ApiDefinition
    from appsync_local.transport.asgi import Receive, Scope, Send
    from appsync_local.transport.connection import WebSocketConnection
    from appsync_local.transport.static_pages import StaticPages

    ExtraRoute = Callable[[str], Awaitable[tuple[int, dict[str, Any]]]]

_MAX_FRAMES = 5_000  # for 200 levels of a query
_GRAPHQL = {"/graphql", "/graphql/realtime"}
_JSON = [(b"content-type", b"application/json"), (b"cache-control", b"no-store")]
_PROTOCOLS: Mapping[str, type[WebSocketConnection]] = {
    graphql_transport_ws.SUBPROTOCOL: graphql_transport_ws.GraphqlTransportWsConnection,
    graphql_ws.SUBPROTOCOL: graphql_ws.GraphqlWsConnection,
}


def create_app(
    api: ApiDefinition,
    *,
    schema: str | None = None,
    schema_file: SchemaFile | None = None,
    functions: Functions | Mapping[str, Handler],
    iam: Iam | None = None,
    signing_keys: SigningKeys | None = None,
    pages: StaticPages | None = None,
    extra_routes: Mapping[str, ExtraRoute] | None = None,
    clock: Callable[[], float] = time.time,
    limits: Limits | None = None,
    meter: Meter | None = None,
    allowed_origins: Collection[str] = (),
    hosts: Collection[str] = LOOPBACK_HOSTS,
) -> OriginGuard:
    """Make the ASGI application of an API.

    The interpreter's recursion limit is raised, if need be: a query may nest as deep as graphql-core's parser allows.

    Args:
        api: The API's definition.
        schema: SDL, needed when the template does not hold it; when both do they must not differ.
        schema_file: Takes the schema's place when it changes.
        functions: Handlers by the logical ids of their functions, or what invokes them elsewhere.
        iam: Needed for AWS_IAM.
        signing_keys: Needed for user pools and OpenID Connect.
        pages: What is served where nothing else is.
        extra_routes: GET routes by their path, or with a trailing slash everything below it. A route gets the whole
            path and returns a status and a JSON object. They are for pages of this server and for local programs.
        clock: Seconds since 1970, for keys and tokens that expire.
        limits: Other limits than the service's.
        meter: Takes the numbers of pushes and subscriptions.
        allowed_origins: Origins of web pages that may call, beside those of this machine (`transport/origin.py`).
        hosts: The names, without port, that requests may address.

    Returns:
        The application, behind its guard against other web pages.

    Raises:
        UnsupportedFeatureError: The template or the schema asks for what is not emulated, or what an authorization type
            or a resolver needs is missing.
        ValueError: An allowed origin is none.
    """
    limits = limits or Limits()
    sys.setrecursionlimit(max(sys.getrecursionlimit(), _MAX_FRAMES))
    functions = _functions(api, functions)
    iam, signing_keys = _verifiers(api, iam, signing_keys)
    engine = Engine(api, choose_schema(api.schema, schema), functions, iam, limits, meter=meter or NoMeter())
    authenticator = Authenticator(api, iam, signing_keys, functions, clock=clock, timeout=limits.authorizer_seconds)
    app = AppSyncApp(engine, authenticator, limits, pages, extra_routes or {}, schema_file=schema_file)
    return OriginGuard(app, allowed_origins, hosts)


def _functions(api: ApiDefinition, given: Functions | Mapping[str, Handler]) -> Functions:
    if not isinstance(given, Mapping):
        return given
    missing = sorted(api.functions - given.keys())
    require(not missing, f"{', '.join(missing)}: no function of that name is given")
    return InProcessFunctions(given)


def _verifiers(api: ApiDefinition, iam: Iam | None, keys: SigningKeys | None) -> tuple[Iam, SigningKeys]:
    """Return what verifies callers; DenyAll where no authorization type needs it."""
    types, signed = api.authorization_types, AuthorizationType.IAM
    require(iam is not None or signed not in types, f"{signed} without `iam`, which verifies signatures")
    for type_ in (AuthorizationType.COGNITO, AuthorizationType.OIDC):
        require(keys is not None or type_ not in types, f"{type_} without `signing_keys`, which verify tokens")
    return iam or DenyAll(), keys or DenyAll()


class AppSyncApp:
    """Routes by protocol and path."""

    def __init__(
        self,
        engine: Engine,
        authenticator: Authenticator,
        limits: Limits,
        pages: StaticPages | None,
        extra_routes: Mapping[str, ExtraRoute],
        *,
        schema_file: SchemaFile | None = None,
    ) -> None:
        self._engine = engine
        self._authenticator = authenticator
        self._limits = limits
        self._graphql = GraphqlHttpHandler(engine, authenticator, limits)
        self._pages = pages
        self._extra_routes = extra_routes
        self._schema_file = schema_file

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, one WebSocket, or the lifespan events."""
        if self._schema_file:
            self._schema_file.refresh(self._engine.sdl, self._engine.load)
        if scope["type"] == "lifespan":
            await _serve_lifespan(receive, send)
        elif scope["type"] == "websocket":
            await self._serve_websocket(scope, receive, send)
        elif scope["path"] == "/graphql":
            await self._graphql(scope, receive, send)
        else:
            await self._serve_page(scope, send)

    async def _serve_websocket(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["path"] not in _GRAPHQL:
            await receive()
            await send({"type": "websocket.close", "code": 1000})
            return
        socket = WebSocket(
            receive,
            send,
            max_unread=self._limits.max_unread_bytes,
            max_message=self._limits.body_bytes,
            lifetime=self._limits.connection_seconds,
            write_now=(scope.get("extensions") or {}).get(WRITE_NOW),
        )
        offered = scope.get("subprotocols") or []
        protocol = next((name for name in _PROTOCOLS if name in offered), None)
        connection = _PROTOCOLS[protocol or graphql_ws.SUBPROTOCOL]
        run = connection(scope, socket, self._engine, self._authenticator, self._limits).run
        await socket.serve(protocol, run)

    async def _serve_page(self, scope: Scope, send: Send) -> None:
        if scope.get(CROSS_ORIGIN):
            await respond(send, 403, b'{"message":"Only for pages of this gateway."}', _JSON)
            return
        path = scope["path"]
        route = self._route(path) if scope["method"] == "GET" else None
        if route and not is_same_origin(named_headers(scope["headers"]), scope.get("scheme", "http")):
            await respond(send, 403, b'{"message":"Only for pages of this gateway."}', _JSON)
            return
        if route:
            status, answer = await route(path)
            await respond(send, status, orjson.dumps(answer), _JSON)
            return
        found = self._pages.find(path) if self._pages and scope["method"] in {"GET", "HEAD"} else None
        body, headers = found or (b'{"message":"Not found."}', _JSON)
        await respond(send, 200 if found else 404, body, headers)

    def _route(self, path: str) -> ExtraRoute | None:
        below = [prefix for prefix in self._extra_routes if prefix.endswith("/") and path.startswith(prefix)]
        return self._extra_routes.get(path) or (self._extra_routes[max(below, key=len)] if below else None)


async def _serve_lifespan(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
