"""The `graphql-transport-ws` protocol, as GraphiQL and graphql-ws speak it, over the same engine and broker."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Any

import orjson

from appsync_local.auth.authentication import Authenticator, Caller, UnauthorizedError
from appsync_local.auth.credentials import RequestCredentials
from appsync_local.errors import RequestError
from appsync_local.execution.documents import is_subscription
from appsync_local.execution.engine import Engine, Operation, SubscriptionRefused
from appsync_local.headers import named_headers
from appsync_local.transport.asgi import Scope, WebSocket, source_ip
from appsync_local.transport.connection import Channel, Operations
from appsync_local.transport.http import read_operation

if TYPE_CHECKING:
    from appsync_local.limits import Limits

SUBPROTOCOL = "graphql-transport-ws"
_log = logging.getLogger(__name__)


class TransportConversation:
    """One connection: its caller is proved once, by the payload of connection_init."""

    def __init__(
        self, scope: Scope, socket: WebSocket, engine: Engine, authenticator: Authenticator, limits: Limits
    ) -> None:
        self._scope = scope
        self._socket = socket
        self._engine = engine
        self._authenticator = authenticator
        self._limits = limits
        self._operations = Operations()
        self._headers = named_headers(scope["headers"])

    async def talk(self) -> None:
        """Let the client in, then serve its messages; raises Disconnected at the end."""
        try:
            caller = await self._enter()
            while True:
                await self._take(await self._next(), caller)
        finally:
            await self._operations.stop_all()

    async def _enter(self) -> Caller:
        try:
            async with asyncio.timeout(self._limits.connection_init_seconds):
                message = await self._next()
                while message["type"] in {"ping", "pong"}:
                    self._answer_ping(message)
                    message = await self._next()
        except TimeoutError:
            await self._socket.close(4408, "Connection initialisation timeout")
        if message["type"] != "connection_init":
            await self._socket.close(4401, "UnauthorizedError")
        payload = message.get("payload")
        shown = payload if isinstance(payload, dict) else {}
        headers = [(str(name).lower(), value) for name, value in shown.items() if isinstance(value, str)]
        self._headers.update(headers)
        encoded = [(name.encode(), value.encode()) for name, value in headers]
        try:
            caller = await self._authenticator.authenticate(
                RequestCredentials("POST", "/graphql/connect", encoded, b"{}", source_ip(self._scope))
            )
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
        kind, operation_id = message["type"], message.get("id")
        if kind in {"ping", "pong"}:
            self._answer_ping(message)
        elif kind == "connection_init":
            await self._socket.close(4429, "Too many initialisation requests")
        elif kind == "complete" and isinstance(operation_id, str):
            self._operations.stop(operation_id)
        elif kind == "subscribe" and isinstance(operation_id, str) and operation_id:
            await self._subscribe(operation_id, message.get("payload"), caller)
        else:
            await self._socket.close(4400, "Invalid message received")

    def _answer_ping(self, message: dict[str, Any]) -> None:
        if message["type"] == "ping":
            self._socket.push_json({**message, "type": "pong"})

    async def _subscribe(self, operation_id: str, payload: object, caller: Caller) -> None:
        if operation_id in self._operations:
            await self._socket.close(4409, f"Subscriber for {operation_id} already exists")
        if len(self._operations) >= self._limits.operations_per_connection:
            limit = self._limits.operations_per_connection
            message = f"Max number of {limit} subscriptions reached"
            self._push_errors(operation_id, [{"errorType": "MaxSubscriptionsReachedError", "message": message}])
            return
        try:
            asked = read_operation(payload)
        except RequestError:
            await self._socket.close(4400, "Invalid message received")
        self._operations.start(operation_id, self._run(operation_id, asked, caller))

    async def _run(self, operation_id: str, asked: Operation, caller: Caller) -> None:
        try:
            ready = await self._engine.prepare(asked)
            if ready.node is None:
                raise SubscriptionRefused(ready.prepared.problems)
            channel = Channel(self._socket, operation_id, "next")
            if is_subscription(ready.node):
                unsubscribe = await self._engine.subscribe(ready, caller, self._headers, channel)
                self._operations.keep(operation_id, unsubscribe)
                return
            answer = await self._engine.execute(ready, caller, self._headers)
            channel.deliver(self._engine.encode(answer))
            self._socket.push_json({"id": operation_id, "type": "complete"})
        except SubscriptionRefused as refusal:
            self._push_errors(operation_id, refusal.entries)
        except RequestError as refusal:
            self._push_errors(operation_id, [refusal.entry()])
        except Exception:
            _log.exception("An operation failed")
            message = "An internal error occurred."
            self._push_errors(operation_id, [{"errorType": "InternalFailure", "message": message}])

    def _push_errors(self, operation_id: str, entries: list[dict[str, Any]]) -> None:
        self._socket.push_json({"id": operation_id, "type": "error", "payload": entries})
