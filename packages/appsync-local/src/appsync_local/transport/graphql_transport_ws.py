"""The `graphql-transport-ws` protocol, as GraphiQL and graphql-ws speak it, over the same engine and broker."""

from __future__ import annotations

import asyncio
import logging
from functools import partial
from typing import TYPE_CHECKING, Any

import orjson

from appsync_local.auth.authentication import UnauthorizedError
from appsync_local.errors import RequestError
from appsync_local.execution.documents import is_subscription
from appsync_local.execution.engine import GraphqlRequest, SubscriptionError
from appsync_local.transport.connection import Expiration, SubscriptionSink, WebSocketConnection
from appsync_local.transport.http import parse_operation

if TYPE_CHECKING:
    from appsync_local.auth.authentication import Caller

SUBPROTOCOL = "graphql-transport-ws"
_log = logging.getLogger(__name__)


class GraphqlTransportWsConnection(WebSocketConnection):
    """A connection whose caller is authenticated once, by the payload of connection_init, until that expires."""

    _expiration: Expiration | None = None

    async def run(self) -> None:
        """Let the client in, then serve its messages until DisconnectedError."""
        try:
            caller = await self._enter()
            self._expiration = Expiration(partial(self._authenticator.seconds_left, caller), self._expire)
            while True:
                message = await self._next()
                if not self._expiration.has_passed():
                    await self._take(message, caller)
        finally:
            if self._expiration:
                self._expiration.cancel()
            await self._operations.stop_all()

    def _expire(self) -> None:
        self._socket.end(4403, "The key or token of this connection has expired")

    async def _enter(self) -> Caller:
        try:
            async with asyncio.timeout(self._limits.connection_init_seconds):
                message = await self._next()
                while message["type"] in {"ping", "pong"}:
                    self._pong(message)
                    message = await self._next()
        except TimeoutError:
            await self._socket.close(4408, "Connection initialisation timeout")
        if message["type"] != "connection_init":
            await self._socket.close(4401, "Unauthorized")
        payload = message.get("payload")
        credentials = self._credentials("/graphql/connect", b"{}", payload if isinstance(payload, dict) else {})
        self._headers.update(credentials.headers_by_name)
        try:
            caller = await self._authenticator.authenticate(credentials)
        except UnauthorizedError:
            await self._socket.close(4403, "Forbidden")
        except Exception:
            _log.exception("Letting a client in failed")
            await self._socket.close(4500, "Internal server error")
        self._socket.push_json({"type": "connection_ack"})
        return caller

    async def _next(self) -> dict[str, Any]:
        try:
            message = orjson.loads(await self._socket.receive())
        except orjson.JSONDecodeError:
            message = None
        if not isinstance(message, dict) or not isinstance(message.get("type"), str):
            await self._socket.close(4400, "Invalid message received")
        return message

    async def _take(self, message: dict[str, Any], caller: Caller) -> None:
        type_, operation_id = message["type"], message.get("id")
        if type_ in {"ping", "pong"}:
            self._pong(message)
        elif type_ == "connection_init":
            await self._socket.close(4429, "Too many initialisation requests")
        elif type_ == "complete" and isinstance(operation_id, str):
            self._operations.stop(operation_id)
        elif type_ == "subscribe" and isinstance(operation_id, str) and operation_id:
            await self._subscribe(operation_id, message.get("payload"), caller)
        else:
            await self._socket.close(4400, "Invalid message received")

    def _pong(self, message: dict[str, Any]) -> None:
        if message["type"] == "ping":
            self._socket.push_json({**message, "type": "pong"})

    async def _subscribe(self, operation_id: str, payload: object, caller: Caller) -> None:
        if operation_id in self._operations:
            await self._socket.close(4409, f"Subscriber for {operation_id} already exists")
        if full := self._subscription_limit_error():
            self._push_errors(operation_id, [full])
            return
        try:
            request = parse_operation(payload)
        except RequestError:
            await self._socket.close(4400, "Invalid message received")
        self._operations.start(operation_id, self._run(operation_id, request, caller))

    async def _run(self, operation_id: str, request: GraphqlRequest, caller: Caller) -> None:
        try:
            prepared = await self._engine.prepare(request)
            if prepared.operation is None:
                raise SubscriptionError(prepared.document.errors)
            sink = SubscriptionSink(self._socket, operation_id, "next", self._expiration)
            if is_subscription(prepared.operation):
                unsubscribe = await self._engine.subscribe(prepared, caller, self._headers, sink)
                self._operations.keep(operation_id, unsubscribe)
                return
            response = await self._engine.execute(prepared, caller, self._headers)
            sink.deliver(self._engine.encode(response))
            self._socket.push_json({"id": operation_id, "type": "complete"})
        except SubscriptionError as error:
            self._push_errors(operation_id, error.entries)
        except RequestError as error:
            self._push_errors(operation_id, [error.entry()])
        except Exception:
            _log.exception("An operation failed")
            message = "An internal error occurred."
            self._push_errors(operation_id, [{"errorType": "InternalFailure", "message": message}])

    def _push_errors(self, operation_id: str, entries: list[dict[str, Any]]) -> None:
        self._socket.push_json({"id": operation_id, "type": "error", "payload": entries})
