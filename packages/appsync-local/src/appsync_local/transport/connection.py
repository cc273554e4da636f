"""The base of both WebSocket protocols: the connection, its running operations by their client's ids, and a sink."""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any

import orjson

from appsync_local.auth.credentials import RequestCredentials
from appsync_local.headers import named_headers
from appsync_local.transport.asgi import source_ip

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Mapping

    from appsync_local.auth.authentication import Authenticator
    from appsync_local.execution.engine import Engine
    from appsync_local.limits import Limits
    from appsync_local.transport.asgi import Scope, WebSocket


class Expiration:
    """Ends what a caller's key or token gave access to when it expires."""

    def __init__(self, seconds_left: Callable[[], float | None], end: Callable[[], None]) -> None:
        """Begin to wait.

        Args:
            seconds_left: How long the key or token is valid; None if it does not expire.
            end: Called once, when it has expired.
        """
        self._seconds_left = seconds_left
        self._end = end
        self._has_ended = False
        self._timer: asyncio.TimerHandle | None = None
        self._wait()

    def has_passed(self) -> bool:
        """Return whether it has expired. Asked before each push: after the machine has slept a timer is late."""
        seconds = self._seconds_left()
        if seconds is None or seconds > 0:
            return False
        if not self._has_ended:
            self._has_ended = True
            self.cancel()
            self._end()
        return True

    def cancel(self) -> None:
        """Stop waiting."""
        if self._timer:
            self._timer.cancel()

    def _wait(self) -> None:
        seconds = self._seconds_left()
        if seconds is not None:
            self._timer = asyncio.get_running_loop().call_later(max(seconds, 0), self._check)

    def _check(self) -> None:
        if not self.has_passed():
            self._wait()


class SubscriptionSink:
    """A subscriber: its connection, the beginning of its frames up to the payload, and when its access expires."""

    __slots__ = ("_prefix", "_socket", "expiration")

    def __init__(
        self, socket: WebSocket, operation_id: str, frame_type: str, expiration: Expiration | None = None
    ) -> None:
        self.expiration = expiration
        self._socket = socket
        self._prefix = b'{"id":%b,"type":"%b","payload":' % (orjson.dumps(operation_id), frame_type.encode())

    def deliver(self, payload: bytes) -> None:
        """Send a payload that is JSON already, unless the access has expired."""
        if self.expiration is None or not self.expiration.has_passed():
            self._socket.push(b"%b%b}" % (self._prefix, payload))


class OperationRegistry:
    """Starts, registers and ends operations; an id is in use from its start to its end."""

    def __init__(self) -> None:
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._subscriptions: dict[str, Callable[[], None]] = {}

    def __contains__(self, operation_id: object) -> bool:
        return operation_id in self._tasks or operation_id in self._subscriptions

    def __len__(self) -> int:
        return len(self._tasks) + len(self._subscriptions)

    def start(self, operation_id: str, work: Coroutine[None, None, None]) -> None:
        """Run an operation in a task; its id is free again when it ends without a subscription."""
        task = asyncio.create_task(work)
        self._tasks[operation_id] = task

        def forget(ended: asyncio.Task[None]) -> None:
            if self._tasks.get(operation_id) is ended:
                del self._tasks[operation_id]

        task.add_done_callback(forget)

    def keep(self, operation_id: str, unsubscribe: Callable[[], None]) -> None:
        """Register a subscription until it is stopped."""
        self._tasks.pop(operation_id, None)
        self._subscriptions[operation_id] = unsubscribe

    def stop(self, operation_id: str) -> None:
        """End an operation, whatever its state."""
        task = self._tasks.pop(operation_id, None)
        if task:
            task.cancel()
        unsubscribe = self._subscriptions.pop(operation_id, None)
        if unsubscribe:
            unsubscribe()

    async def stop_all(self) -> None:
        """End all operations, and wait for their tasks."""
        tasks = list(self._tasks.values())
        for operation_id in [*self._tasks, *self._subscriptions]:
            self.stop(operation_id)
        await asyncio.gather(*tasks, return_exceptions=True)


class WebSocketConnection(ABC):
    """One connection of a GraphQL client, from its handshake to its end."""

    def __init__(
        self, scope: Scope, socket: WebSocket, engine: Engine, authenticator: Authenticator, limits: Limits
    ) -> None:
        self._scope = scope
        self._socket = socket
        self._engine = engine
        self._authenticator = authenticator
        self._limits = limits
        self._operations = OperationRegistry()
        self._headers = named_headers(scope["headers"])

    @abstractmethod
    async def run(self) -> None:
        """Let the client in, then serve its messages.

        Raises:
            DisconnectedError: At the end.
        """

    def _credentials(self, path: str, body: bytes, headers: Mapping[str, Any]) -> RequestCredentials:
        """Return what the client sent in place of headers; values that are no strings are left out."""
        encoded = [
            (str(name).lower().encode(), value.encode()) for name, value in headers.items() if isinstance(value, str)
        ]
        return RequestCredentials("POST", path, encoded, body, source_ip(self._scope))

    def _subscription_limit_error(self) -> dict[str, Any] | None:
        """Return the entry of `errors` when the connection may not start another operation."""
        limit = self._limits.operations_per_connection
        if len(self._operations) < limit:
            return None
        message = f"Max number of {limit} subscriptions reached"
        return {"errorType": "MaxSubscriptionsReachedError", "message": message}
