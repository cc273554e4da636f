"""AppSync's real-time protocol (sub-protocol `graphql-ws`): subscriptions only, each with its own authorization."""

from __future__ import annotations

import asyncio
import base64
import logging
from functools import partial
from typing import TYPE_CHECKING, Any, NoReturn
from urllib.parse import parse_qs

import orjson

from appsync_local.auth.authentication import UnauthorizedError
from appsync_local.errors import RequestError
from appsync_local.execution.documents import is_subscription
from appsync_local.execution.engine import GraphqlRequest, SubscriptionError
from appsync_local.transport.connection import Expiration, SubscriptionSink, WebSocketConnection
from appsync_local.transport.http import parse_operation

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from appsync_local.auth.authentication import Caller

SUBPROTOCOL = "graphql-ws"
_log = logging.getLogger(__name__)


class GraphqlWsConnection(WebSocketConnection):
    """A connection whose every subscription is authorized by itself."""

    _next_keep_alive: asyncio.TimerHandle | None = None

    async def run(self) -> None:
        """Let the client in, then serve its messages until DisconnectedError."""
        try:
            await self._enter()
            self._take(await self._first_message())
            self._keep_alive()
            while True:
                self._take(_parse(await self._socket.receive()))
        finally:
            if self._next_keep_alive:
                self._next_keep_alive.cancel()
            await self._operations.stop_all()

    async def _enter(self) -> None:
        try:
            if SUBPROTOCOL not in self._scope["subprotocols"]:
                raise RequestError(400, "NoProtocolError", "NoProtocolError")
            await self._authenticator.authenticate(
                self._credentials("/graphql/connect", b"{}", self._headers_at_connect())
            )
        except (UnauthorizedError, RequestError) as error:
            await self._reject(error)
        except Exception:
            _log.exception("Letting a client in failed")
            await self._reject(RequestError(500, "InternalFailure", "An internal error occurred."))

    async def _reject(self, error: UnauthorizedError | RequestError) -> NoReturn:
        """Send the error after the client's first message: before it, clients only see a connection that closed."""
        await self._first_message()
        entry = {**error.entry(), "errorCode": error.status}
        self._socket.push_json({"type": "connection_error", "payload": {"errors": [entry]}})
        await self._socket.close(1000, error.error_type)

    async def _first_message(self) -> dict[str, Any]:
        try:
            async with asyncio.timeout(self._limits.connection_init_seconds):
                return _parse(await self._socket.receive())
        except TimeoutError:
            await self._socket.close(1000, "No message came")

    def _headers_at_connect(self) -> Mapping[str, Any]:
        """Return what the sub-protocol `header-<base64url>` holds, or the query string's `header`, or the headers."""
        for offered in self._scope["subprotocols"]:
            if offered.startswith("header-"):
                return _decode(offered.removeprefix("header-"))
        for encoded in parse_qs(self._scope["query_string"].decode("latin-1")).get("header", ()):
            return _decode(encoded)
        return self._headers

    def _keep_alive(self) -> None:
        self._socket.push(b'{"type":"ka"}')
        loop = asyncio.get_running_loop()
        self._next_keep_alive = loop.call_later(self._limits.keep_alive_seconds, self._keep_alive)

    def _take(self, message: dict[str, Any]) -> None:
        type_, operation_id = message.get("type"), message.get("id")
        if type_ == "start" and isinstance(operation_id, str):
            self._start(operation_id, message.get("payload"))
        elif type_ == "stop" and isinstance(operation_id, str):
            self._operations.stop(operation_id)
            self._socket.push_json({"type": "complete", "id": operation_id})
        elif type_ == "connection_init":
            timeout = {"connectionTimeoutMs": self._limits.connection_timeout_ms}
            self._socket.push_json({"type": "connection_ack", "payload": timeout})
        else:
            error = _unsupported("unknown")
            self._error(operation_id, error.error_type, error.message)

    def _start(self, operation_id: str, payload: object) -> None:
        if operation_id in self._operations:
            self._error(operation_id, "DuplicatedOperationError", f"The id {operation_id} is in use.")
        elif full := self._subscription_limit_error():
            self._push_error(operation_id, [full])
        else:
            self._operations.start(operation_id, self._subscribe(operation_id, payload))

    async def _subscribe(self, operation_id: str, payload: object) -> None:
        try:
            request, authorization, data = _parse_start(payload)
            credentials = self._credentials("/graphql", data.encode(), authorization)
            caller = await self._authenticator.authenticate(credentials)
            prepared = await self._engine.prepare(request)
            if prepared.operation and not is_subscription(prepared.operation):
                raise _unsupported(prepared.operation.operation.value)
            headers = {**self._headers, **{str(name).lower(): str(value) for name, value in authorization.items()}}
            sink = SubscriptionSink(self._socket, operation_id, "data")
            unsubscribe = await self._engine.subscribe(prepared, caller, headers, sink)
        except (UnauthorizedError, RequestError) as error:
            self._error(operation_id, error.error_type, error.message)
        except SubscriptionError as error:
            self._push_error(operation_id, error.entries)
        except Exception:
            _log.exception("Starting a subscription failed")
            self._error(operation_id, "InternalFailure", "An internal error occurred.")
        else:
            self._socket.push_json({"type": "start_ack", "id": operation_id})
            self._keep(operation_id, unsubscribe, caller, sink)

    def _keep(self, operation_id: str, unsubscribe: Callable[[], None], caller: Caller, sink: SubscriptionSink) -> None:
        """Register a subscription, until its client stops it or its key or token expires."""

        def expire() -> None:
            self._operations.stop(operation_id)
            self._error(operation_id, "UnauthorizedException", "The key or token of this subscription has expired.")

        def stop() -> None:
            expiration.cancel()
            unsubscribe()

        expiration = sink.expiration = Expiration(partial(self._authenticator.seconds_left, caller), expire)
        self._operations.keep(operation_id, stop)

    def _error(self, operation_id: object, error_type: str, message: str) -> None:
        self._push_error(operation_id, [{"errorType": error_type, "message": message}])

    def _push_error(self, operation_id: object, entries: list[dict[str, Any]]) -> None:
        known = {"id": operation_id} if isinstance(operation_id, str) else {}
        self._socket.push_json({"type": "error", **known, "payload": {"errors": entries}})


def _parse(text: str) -> dict[str, Any]:
    try:
        message = orjson.loads(text)
    except orjson.JSONDecodeError:
        return {"type": "that is not JSON"}
    return message if isinstance(message, dict) else {"type": "that is not an object"}


def _decode(encoded: str) -> Mapping[str, Any]:
    """Decode base64 in either alphabet, with or without padding; a plus sign may have become a space."""
    plain = encoded.strip("= ").replace(" ", "+").replace("-", "+").replace("_", "/")
    try:
        headers = orjson.loads(base64.b64decode(plain + "=" * (-len(plain) % 4), validate=True))
    except ValueError as error:
        raise RequestError(400, "BadRequestException", "The connection's header is not base64 of JSON.") from error
    if not isinstance(headers, dict):
        raise RequestError(400, "BadRequestException", "The connection's header is not a JSON object.")
    return headers


def _parse_start(payload: object) -> tuple[GraphqlRequest, Mapping[str, Any], str]:
    fields = payload if isinstance(payload, dict) else {}
    data = fields.get("data")
    extensions = fields.get("extensions")
    authorization = extensions.get("authorization") if isinstance(extensions, dict) else None
    if not isinstance(data, str):
        raise _unsupported("unknown")
    try:
        return parse_operation(orjson.loads(data)), authorization if isinstance(authorization, dict) else {}, data
    except (orjson.JSONDecodeError, RequestError) as error:
        raise _unsupported("unknown") from error


def _unsupported(operation: str) -> RequestError:
    return RequestError(400, "UnsupportedOperation", f"{operation} not supported through the realtime channel")
