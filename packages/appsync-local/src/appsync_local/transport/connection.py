"""The running operations of one connection, by the ids that its client gave them."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import orjson

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from appsync_local.transport.asgi import WebSocket


class Channel:
    """A subscriber: its connection and the beginning of its frames, up to the payload."""

    __slots__ = ("_prefix", "_socket")

    def __init__(self, socket: WebSocket, operation_id: str, frame_type: str) -> None:
        self._socket = socket
        self._prefix = b'{"id":%b,"type":"%b","payload":' % (orjson.dumps(operation_id), frame_type.encode())

    def deliver(self, payload: bytes) -> None:
        """Push a payload that is JSON already."""
        self._socket.push(b"%b%b}" % (self._prefix, payload))


class Operations:
    """Starts, keeps and ends operations; an id is taken from its start to its end."""

    def __init__(self) -> None:
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._subscriptions: dict[str, Callable[[], None]] = {}

    def __contains__(self, operation_id: object) -> bool:
        return operation_id in self._tasks or operation_id in self._subscriptions

    def __len__(self) -> int:
        return len(self._tasks) + len(self._subscriptions)

    def start(self, operation_id: str, work: Coroutine[None, None, None]) -> None:
        """Run the work beside the conversation; its id is free again when it ends without a subscription."""
        task = asyncio.create_task(work)
        self._tasks[operation_id] = task

        def forget(ended: asyncio.Task[None]) -> None:
            if self._tasks.get(operation_id) is ended:
                del self._tasks[operation_id]

        task.add_done_callback(forget)

    def keep(self, operation_id: str, unsubscribe: Callable[[], None]) -> None:
        """Hold a subscription until it is stopped."""
        self._tasks.pop(operation_id, None)
        self._subscriptions[operation_id] = unsubscribe

    def stop(self, operation_id: str) -> None:
        """End an operation, in whichever state it is."""
        task = self._tasks.pop(operation_id, None)
        if task:
            task.cancel()
        unsubscribe = self._subscriptions.pop(operation_id, None)
        if unsubscribe:
            unsubscribe()

    async def stop_all(self) -> None:
        """End everything, and wait until it has."""
        tasks = list(self._tasks.values())
        for operation_id in [*self._tasks, *self._subscriptions]:
            self.stop(operation_id)
        await asyncio.gather(*tasks, return_exceptions=True)
