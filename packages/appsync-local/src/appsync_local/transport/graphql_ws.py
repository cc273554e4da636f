"""AppSync's real-time protocol (sub-protocol `graphql-ws`): subscriptions only, each with its own authorization."""

from __future__ import annotations

import asyncio
import base64
import logging
from typing import TYPE_CHECKING, Any, NoReturn
from urllib.parse import parse_qs

import orjson

from appsync_local.auth.authentication import Authenticator, UnauthorizedError
from appsync_local.auth.credentials import RequestCredentials
from appsync_local.errors import RequestError
from appsync_local.execution.documents import is_subscription
from appsync_local.execution.engine import Engine, Operation, SubscriptionRefused
from appsync_local.headers import named_headers
from appsync_local.transport.asgi import Scope, WebSocket, source_ip
from appsync_local.transport.connection import Channel, Operations
from appsync_local.transport.http import read_operation

if TYPE_CHECKING:
    from collections.abc import Mapping

    from appsync_local.limits import Limits

SUBPROTOCOL = "graphql-ws"
_log = logging.getLogger(__name__)


class RealtimeConversation:
    """One connection, from its handshake to its end."""

    def __init__(
        self, scope: Scope, socket: WebSocket, engine: Engine, authenticator: Authenticator, limits: Limits
    ) -> None:
        self._scope = scope
        self._socket = socket
        self._engine = engine
        self._authenticator = authenticator
        self._limits = limits
        self._operations = Operations()
        self._next_keep_alive: asyncio.TimerHandle | None = None

    async def talk(self) -> None:
        """Let the client in, then serve its messages; raises Disconnected at the end."""
        try:
            await self._enter()
            self._take(await self._first_message())
            self._keep_alive()
            while True:
                self._take(_parsed(await self._socket.receive()))
        finally:
            if self._next_keep_alive:
                self._next_keep_alive.cancel()
            await self._operations.stop_all()

    async def _enter(self) -> None:
        try:
            if SUBPROTOCOL not in self._scope["subprotocols"]:
                raise RequestError(400, "NoProtocolError", "NoProtocolError")
            await self._authenticator.authenticate(
                self._credentials("/graphql/connect", b"{}", self._shown_at_connect())
            )
        except (UnauthorizedError, RequestError) as refusal:
            await self._turn_away(refusal)
        except Exception:
            _log.exception("Letting a client in failed")
            await self._turn_away(RequestError(500, "InternalFailure", "An internal error occurred."))

    async def _turn_away(self, refusal: UnauthorizedError | RequestError) -> NoReturn:
        """Say why, after the client's first message: before it, clients only see a connection that closed."""
        await self._first_message()
        entry = {**refusal.entry(), "errorCode": refusal.status}
        self._socket.push_json({"type": "connection_error", "payload": {"errors": [entry]}})
        await self._socket.close(1000, refusal.error_type)

    async def _first_message(self) -> dict[str, Any]:
        try:
            async with asyncio.timeout(self._limits.connection_init_seconds):
                return _parsed(await self._socket.receive())
        except TimeoutError:
            await self._socket.close(1000, "No message came")

    def _shown_at_connect(self) -> Mapping[str, Any]:
        """Read what the sub-protocol `header-<base64url>` holds, or the query string's `header`, or the headers."""
        for offered in self._scope["subprotocols"]:
            if offered.startswith("header-"):
                return _decoded(offered.removeprefix("header-"))
        for encoded in parse_qs(self._scope["query_string"].decode("latin-1")).get("header", ()):
            return _decoded(encoded)
        return named_headers(self._scope["headers"])

    def _credentials(self, path: str, body: bytes, shown: Mapping[str, Any]) -> RequestCredentials:
        headers = [
            (str(name).lower().encode(), value.encode()) for name, value in shown.items() if isinstance(value, str)
        ]
        return RequestCredentials("POST", path, headers, body, source_ip(self._scope))

    def _keep_alive(self) -> None:
        self._socket.push(b'{"type":"ka"}')
        loop = asyncio.get_running_loop()
        self._next_keep_alive = loop.call_later(self._limits.keep_alive_seconds, self._keep_alive)

    def _take(self, message: dict[str, Any]) -> None:
        kind, operation_id = message.get("type"), message.get("id")
        if kind == "start" and isinstance(operation_id, str):
            self._start(operation_id, message.get("payload"))
        elif kind == "stop" and isinstance(operation_id, str):
            self._operations.stop(operation_id)
            self._socket.push_json({"type": "complete", "id": operation_id})
        elif kind == "connection_init":
            timeout = {"connectionTimeoutMs": self._limits.connection_timeout_ms}
            self._socket.push_json({"type": "connection_ack", "payload": timeout})
        else:
            refusal = _unsupported("unknown")
            self._error(operation_id, refusal.error_type, refusal.message)

    def _start(self, operation_id: str, payload: object) -> None:
        if operation_id in self._operations:
            self._error(operation_id, "DuplicatedOperationError", f"The id {operation_id} is in use.")
        elif len(self._operations) >= self._limits.operations_per_connection:
            limit = self._limits.operations_per_connection
            message = f"Max number of {limit} subscriptions reached"
            self._error(operation_id, "MaxSubscriptionsReachedError", message)
        else:
            self._operations.start(operation_id, self._subscribe(operation_id, payload))

    async def _subscribe(self, operation_id: str, payload: object) -> None:
        try:
            asked, shown, data = _read_start(payload)
            caller = await self._authenticator.authenticate(self._credentials("/graphql", data.encode(), shown))
            ready = await self._engine.prepare(asked)
            if ready.node and not is_subscription(ready.node):
                raise _unsupported(ready.node.operation.value)
            at_connect = named_headers(self._scope["headers"])
            headers = {**at_connect, **{str(name).lower(): str(value) for name, value in shown.items()}}
            channel = Channel(self._socket, operation_id, "data")
            unsubscribe = await self._engine.subscribe(ready, caller, headers, channel)
        except (UnauthorizedError, RequestError) as refusal:
            self._error(operation_id, refusal.error_type, refusal.message)
        except SubscriptionRefused as refusal:
            self._push_error(operation_id, refusal.entries)
        except Exception:
            _log.exception("Starting a subscription failed")
            self._error(operation_id, "InternalFailure", "An internal error occurred.")
        else:
            self._operations.keep(operation_id, unsubscribe)
            self._socket.push_json({"type": "start_ack", "id": operation_id})

    def _error(self, operation_id: object, error_type: str, message: str) -> None:
        self._push_error(operation_id, [{"errorType": error_type, "message": message}])

    def _push_error(self, operation_id: object, entries: list[dict[str, Any]]) -> None:
        known = {"id": operation_id} if isinstance(operation_id, str) else {}
        self._socket.push_json({"type": "error", **known, "payload": {"errors": entries}})


def _parsed(text: str) -> dict[str, Any]:
    try:
        message = orjson.loads(text)
    except orjson.JSONDecodeError:
        return {"type": "that is not JSON"}
    return message if isinstance(message, dict) else {"type": "that is not an object"}


def _decoded(encoded: str) -> Mapping[str, Any]:
    """Read base64 in either alphabet, with or without padding; a plus sign may have become a space."""
    plain = encoded.strip("= ").replace(" ", "+").replace("-", "+").replace("_", "/")
    try:
        shown = orjson.loads(base64.b64decode(plain + "=" * (-len(plain) % 4), validate=True))
    except ValueError as error:
        raise RequestError(400, "BadRequestException", "The connection's header is not base64 of JSON.") from error
    if not isinstance(shown, dict):
        raise RequestError(400, "BadRequestException", "The connection's header is not a JSON object.")
    return shown


def _read_start(payload: object) -> tuple[Operation, Mapping[str, Any], str]:
    fields = payload if isinstance(payload, dict) else {}
    data = fields.get("data")
    extensions = fields.get("extensions")
    shown = extensions.get("authorization") if isinstance(extensions, dict) else None
    if not isinstance(data, str):
        raise _unsupported("unknown")
    try:
        return read_operation(orjson.loads(data)), shown if isinstance(shown, dict) else {}, data
    except (orjson.JSONDecodeError, RequestError) as error:
        raise _unsupported("unknown") from error


def _unsupported(operation: str) -> RequestError:
    return RequestError(400, "UnsupportedOperation", f"{operation} not supported through the realtime channel")
