"""ASGI as far as the gateway speaks it: the shapes, a response, and a WebSocket that never waits for a slow reader."""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, NoReturn

from appsync_local._json import to_json
from appsync_local.headers import Headers

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
WriteNow = Callable[[bytes], bool]

WRITE_NOW = "appsync.write_now"  # the extension of a WebSocket's scope that holds a WriteNow
_CLOSE_SECONDS = 5


async def respond(send: Send, status: int, body: bytes, headers: Headers) -> None:
    """Send a whole response."""
    headers = [*headers, (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def source_ip(scope: Scope) -> str:
    """Tell the address that a request came from."""
    client = scope.get("client")
    return str(client[0]) if client else "127.0.0.1"


class Disconnected(Exception):
    """The client left."""


class WebSocket:
    """Frames leave in order: at once while the reader keeps up, later by a task; a reader too far behind is cut off.

    `write_now` sends a text unless it would have to wait; without it every frame is left to the task. After `lifetime`
    seconds the connection is closed.
    """

    def __init__(
        self, receive: Receive, send: Send, *, waiting: int, message: int, lifetime: float, write_now: WriteNow | None
    ) -> None:
        self._receive = receive
        self._send = send
        self._limit = waiting
        self._message_limit = message
        self._lifetime = lifetime
        self._write_now = write_now
        self._frames: deque[tuple[Message, int]] | None = None
        self._waiting = 0
        self._writer: asyncio.Task[None] | None = None
        self._left = False
        self._owner: asyncio.Task[Any] | None = None

    async def serve(self, subprotocol: str | None, talk: Callable[[], Awaitable[None]]) -> None:
        """Accept, run the conversation until either side leaves, and leave no task behind."""
        await self._receive()
        await self._send({"type": "websocket.accept", "subprotocol": subprotocol})
        self._owner = asyncio.current_task()
        end = asyncio.get_running_loop().call_later(self._lifetime, self._expire)
        try:
            await talk()
        except Disconnected:
            pass
        except asyncio.CancelledError:
            if not self._left or self._owner is None:
                raise
            self._owner.uncancel()
        finally:
            end.cancel()
            await self._end_writer()

    async def receive(self) -> str:
        """Answer the next message; raise Disconnected when there will be none."""
        message = await self._receive()
        if message["type"] != "websocket.receive":
            raise Disconnected
        text = message.get("text")
        if text is None:
            text = (message.get("bytes") or b"").decode(errors="replace")
        if len(text) > self._message_limit:
            await self.close(1009, "Message too big")
        return str(text)

    def push(self, text: bytes) -> None:
        """Send a text now or later; cut the connection off when more waits than its reader may leave unread."""
        if self._left or (self._writer is None and self._write_now is not None and self._write_now(text)):
            return
        self._waiting += len(text)
        if self._waiting > self._limit:
            self._leave()
        else:
            self._queue({"type": "websocket.send", "text": text.decode()}, len(text))

    def push_json(self, message: object) -> None:
        """Send a message as JSON."""
        self.push(to_json(message))

    async def close(self, code: int, reason: str) -> NoReturn:
        """Write what waits, close, and leave the conversation by raising Disconnected."""
        self._queue({"type": "websocket.close", "code": code, "reason": reason}, 0)
        if self._writer:
            await asyncio.wait([self._writer], timeout=_CLOSE_SECONDS)
        raise Disconnected

    def _queue(self, frame: Message, size: int) -> None:
        if self._frames is None:
            self._frames = deque()
        self._frames.append((frame, size))
        if self._writer is None:
            self._writer = asyncio.create_task(self._write(self._frames))

    def _leave(self) -> None:
        """Give the conversation up, with all that waits."""
        if self._left:
            return
        self._left = True
        self._frames = None
        if self._owner:
            self._owner.cancel()

    def _expire(self) -> None:
        self._queue({"type": "websocket.close", "code": 1000, "reason": "The connection is too old"}, 0)
        if self._writer:
            self._writer.add_done_callback(lambda _writer: self._leave())
        asyncio.get_running_loop().call_later(_CLOSE_SECONDS, self._leave)

    async def _end_writer(self) -> None:
        if self._writer:
            self._writer.cancel()
            await asyncio.gather(self._writer, return_exceptions=True)

    async def _write(self, frames: deque[tuple[Message, int]]) -> None:
        with contextlib.suppress(OSError):
            while frames:
                frame, size = frames.popleft()
                await self._send(frame)
                self._waiting -= size
                if frame["type"] == "websocket.close":
                    return
            self._writer = None
