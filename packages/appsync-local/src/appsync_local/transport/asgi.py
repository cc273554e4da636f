"""ASGI: bodies, responses, and a WebSocket that never waits for a slow reader."""

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
_MAX_DROPPED = 64 * 1024 * 1024


async def respond(send: Send, status: int, body: bytes, headers: Headers) -> None:
    """Send a response whose body is complete."""
    headers = [*headers, (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def source_ip(scope: Scope) -> str:
    """Return the address that a request came from."""
    client = scope.get("client")
    return str(client[0]) if client else "127.0.0.1"


class DisconnectedError(Exception):
    """The client left, perhaps in the middle of a request."""


class BodyTooLargeError(Exception):
    """A request's body is larger than allowed."""


async def read_body(receive: Receive, limit: int, seconds: float = 30) -> bytes:
    """Read the whole body of a request.

    Args:
        receive: ASGI's.
        limit: The largest allowed body, in bytes.
        seconds: How long it may take to arrive.

    Raises:
        BodyTooLargeError: There are more than `limit` bytes. Up to 64 MiB are read all the same: a client that is
            still sending when the connection closes sees a reset, and no response.
        DisconnectedError: The client left before the end.
        TimeoutError: It is not complete in time.
    """
    parts: list[bytes] = []
    size = 0
    async with asyncio.timeout(seconds):
        while True:
            message = await receive()
            if message["type"] != "http.request":
                raise DisconnectedError
            part = message.get("body", b"")
            size += len(part)
            if size <= limit:
                parts.append(part)
            is_last = not message.get("more_body")
            if size > limit and (is_last or size > _MAX_DROPPED):
                raise BodyTooLargeError
            if is_last:
                return parts[0] if len(parts) == 1 else b"".join(parts)


class WebSocket:
    """A connection whose frames leave in order: at once while the client reads them, else by a task."""

    def __init__(
        self,
        receive: Receive,
        send: Send,
        *,
        max_unread: int,
        max_message: int,
        lifetime: float,
        write_now: WriteNow | None = None,
    ) -> None:
        """Make a connection that is not accepted yet.

        Args:
            receive: ASGI's.
            send: ASGI's.
            max_unread: Bytes that may wait for the client to read, beyond which the connection is cut off.
            max_message: The longest accepted message, in characters.
            lifetime: Seconds after which the connection is closed.
            write_now: Sends a text unless it would have to wait; without it the task sends every frame.
        """
        self._receive = receive
        self._send = send
        self._max_unread = max_unread
        self._max_message = max_message
        self._lifetime = lifetime
        self._write_now = write_now
        self._frames: deque[tuple[Message, int]] | None = None
        self._unread = 0
        self._writer: asyncio.Task[None] | None = None
        self._left = False
        self._owner: asyncio.Task[Any] | None = None

    async def serve(self, subprotocol: str | None, run: Callable[[], Awaitable[None]]) -> None:
        """Accept the connection, run the protocol until either side leaves, and leave no task behind."""
        await self._receive()
        await self._send({"type": "websocket.accept", "subprotocol": subprotocol})
        self._owner = asyncio.current_task()
        end = asyncio.get_running_loop().call_later(self._lifetime, self.end, 1000, "The connection is too old")
        try:
            await run()
        except DisconnectedError:
            pass
        except asyncio.CancelledError:
            if not self._left or self._owner is None:
                raise
            self._owner.uncancel()
        finally:
            end.cancel()
            await self._end_writer()

    async def receive(self) -> str:
        """Return the next message.

        Raises:
            DisconnectedError: There will be none.
        """
        message = await self._receive()
        if message["type"] != "websocket.receive":
            raise DisconnectedError
        text = message.get("text")
        if text is None:
            text = (message.get("bytes") or b"").decode(errors="replace")
        if len(text) > self._max_message:
            await self.close(1009, "Message too big")
        return str(text)

    def push(self, text: bytes) -> None:
        """Send a text now or later, without waiting; cut the connection off when too much is unread."""
        if self._left or (self._writer is None and self._write_now is not None and self._write_now(text)):
            return
        self._unread += len(text)
        if self._unread > self._max_unread:
            self._leave()
        else:
            self._queue({"type": "websocket.send", "text": text.decode()}, len(text))

    def push_json(self, message: object) -> None:
        """Send a message as JSON."""
        self.push(to_json(message))

    async def close(self, code: int, reason: str) -> NoReturn:
        """Send what waits, close, and raise DisconnectedError."""
        self._queue({"type": "websocket.close", "code": code, "reason": reason}, 0)
        if self._writer:
            await asyncio.wait([self._writer], timeout=_CLOSE_SECONDS)
        raise DisconnectedError

    def end(self, code: int, reason: str) -> None:
        """Send what waits and close, without waiting for the client."""
        self._queue({"type": "websocket.close", "code": code, "reason": reason}, 0)
        if self._writer:
            self._writer.add_done_callback(lambda _writer: self._leave())
        asyncio.get_running_loop().call_later(_CLOSE_SECONDS, self._leave)

    def _queue(self, frame: Message, size: int) -> None:
        if self._frames is None:
            self._frames = deque()
        self._frames.append((frame, size))
        if self._writer is None:
            self._writer = asyncio.create_task(self._write(self._frames))

    def _leave(self) -> None:
        """Cut the connection off, with all that waits."""
        if self._left:
            return
        self._left = True
        self._frames = None
        if self._owner:
            self._owner.cancel()

    async def _end_writer(self) -> None:
        if self._writer:
            self._writer.cancel()
            await asyncio.gather(self._writer, return_exceptions=True)

    async def _write(self, frames: deque[tuple[Message, int]]) -> None:
        with contextlib.suppress(OSError):
            while frames:
                frame, size = frames.popleft()
                await self._send(frame)
                self._unread -= size
                if frame["type"] == "websocket.close":
                    return
            self._writer = None
