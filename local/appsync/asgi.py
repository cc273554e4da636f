"""ASGI as far as the gateway speaks it: the shapes, a response, and a WebSocket that never waits for a slow reader."""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from typing import Any, NoReturn

import orjson

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Headers = Iterable[tuple[bytes, bytes]]

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


def named_headers(headers: Headers) -> dict[str, str]:
    """Answer the headers as a resolver's event has them: names in lower case."""
    return {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in headers}


class Disconnected(Exception):
    """The client left."""


class WebSocket:
    """Frames leave in order, written by a task of their own; a reader that lets too many wait is cut off."""

    def __init__(self, receive: Receive, send: Send, waiting_characters: int, message_characters: int) -> None:
        self._receive = receive
        self._send = send
        self._limit = waiting_characters
        self._message_limit = message_characters
        self._frames: deque[Message] = deque()
        self._waiting = 0
        self._wake = asyncio.Event()
        self._writer: asyncio.Task[None] | None = None
        self._cut_off = False
        self._owner: asyncio.Task[Any] | None = None

    async def serve(self, subprotocol: str | None, talk: Callable[[], Awaitable[None]]) -> None:
        """Accept, run the conversation until either side leaves, and leave no task behind."""
        await self._receive()
        await self._send({"type": "websocket.accept", "subprotocol": subprotocol})
        self._owner = asyncio.current_task()
        self._writer = asyncio.create_task(self._write())
        try:
            await talk()
        except Disconnected:
            pass
        except asyncio.CancelledError:
            if not self._cut_off or self._owner is None:
                raise
            self._owner.uncancel()
        finally:
            self._writer.cancel()
            await asyncio.gather(self._writer, return_exceptions=True)

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

    def push(self, text: str) -> None:
        """Queue a frame; cut the connection off when more waits than its reader may leave unread."""
        if self._cut_off:
            return
        self._frames.append({"type": "websocket.send", "text": text})
        self._waiting += len(text)
        if self._waiting > self._limit:
            self._cut_off = True
            self._frames.clear()
            if self._owner:
                self._owner.cancel()
        self._wake.set()

    def push_json(self, message: object) -> None:
        """Queue a frame that holds the message as JSON."""
        self.push(orjson.dumps(message).decode())

    async def close(self, code: int, reason: str) -> NoReturn:
        """Write what waits, close, and leave the conversation by raising Disconnected."""
        self._frames.append({"type": "websocket.close", "code": code, "reason": reason})
        self._wake.set()
        if self._writer:
            await asyncio.wait([self._writer], timeout=_CLOSE_SECONDS)
        raise Disconnected

    async def _write(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                while self._frames:
                    frame = self._frames.popleft()
                    await self._send(frame)
                    if frame["type"] == "websocket.close":
                        return
                    self._waiting -= len(frame["text"])
                self._wake.clear()
                await self._wake.wait()
