"""uvicorn, adapted to the local AppSync.

A WebSocket frame is written at once, without a task, if its reader keeps up. A request with an absolute target
(`GET http://host/path`, as to a proxy) is for that host, whatever its header says (RFC 9112, section 3.2.2).
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from appsync_local.transport.asgi import WRITE_NOW

if TYPE_CHECKING:
    from collections.abc import Iterator

    from websockets.http11 import Request

    from appsync_local.transport.tls import Certificate

_FINAL_TEXT = 0x81


class StrictHttpProtocol(HttpToolsProtocol):
    """Replaces the header `Host` by the host of an absolute request target, and takes no trailer for a header."""

    _in_trailers = False

    def on_message_begin(self) -> None:
        """Begin a request, with its headers."""
        self._in_trailers = False
        super().on_message_begin()

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take a header; what follows the body is none (RFC 9110, section 6.5.1)."""
        if not self._in_trailers:
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """Replace the header, then go on."""
        self._in_trailers = True
        if not self.url.startswith(b"/"):
            host = urlsplit(self.url.decode("latin-1")).netloc.encode("latin-1")
            self.headers[:] = [(b"host", host), *(each for each in self.headers if each[0] != b"host")]
        super().on_headers_complete()


class DirectWebSocketProtocol(WebSocketsSansIOProtocol):
    """Offers applications the extension `appsync.write_now`, a function that sends a text unless it had to wait."""

    def handle_connect(self, event: Request) -> None:
        """Accept a handshake; the application runs later, and finds the extension in its scope."""
        super().handle_connect(event)
        if not self.close_sent:
            extensions: dict[str, object] = self.scope["extensions"]  # type: ignore[assignment]
            extensions[WRITE_NOW] = self.write_now

    async def send(self, message: Any) -> None:
        """Send as uvicorn does; what the handshake needed is dropped after it."""
        await super().send(message)
        if message["type"] == "websocket.accept":
            del self.request, self.response

    async def run_asgi(self) -> None:
        """Run the application, then abort a connection whose client has left its buffer full."""
        await super().run_asgi()
        if not self.writable.is_set():
            self.transport.abort()

    def write_now(self, text: bytes) -> bool:
        """Write a frame with the text; return False when the buffer is full or the connection not open."""
        transport = self.transport
        if self.close_sent or self.disconnected or not self.writable.is_set() or transport.is_closing():
            return False
        transport.write(framed(text))
        return True


def framed(text: bytes) -> bytes:
    """Return a text as one unmasked frame, as servers send it (RFC 6455, section 5.2)."""
    size = len(text)
    if size < 126:
        return b"%c%c%b" % (_FINAL_TEXT, size, text)
    if size < 65_536:
        return b"%c\x7e%b%b" % (_FINAL_TEXT, size.to_bytes(2, "big"), text)
    return b"%c\x7f%b%b" % (_FINAL_TEXT, size.to_bytes(8, "big"), text)


def server_options() -> dict[str, Any]:
    """Return the arguments of `uvicorn.Config` for the local AppSync."""
    return {
        "http": StrictHttpProtocol,
        "ws": DirectWebSocketProtocol,
        "ws_per_message_deflate": False,
        "server_header": False,
        "proxy_headers": False,
        "access_log": False,
        "log_config": None,
        "log_level": "warning",
    }


class EmbeddedServer(uvicorn.Server):
    """A uvicorn server in somebody else's event loop: it leaves signals alone, and `ready` is set when it listens."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start to listen."""
        await super().startup(sockets)
        self.ready.set()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave signals to the program around."""
        yield


def make_server(app: Any, certificate: Certificate | None = None) -> EmbeddedServer:
    """Make a server for an ASGI application; `await server.serve(sockets=[...])` runs it until `should_exit`.

    Args:
        app: The application.
        certificate: With one the server speaks TLS.

    Returns:
        The server, which gives open connections two seconds when it stops.
    """
    tls: dict[str, Any] = {}
    if certificate:
        tls = {"ssl_certfile": certificate.chain, "ssl_keyfile": certificate.key, "lifespan": "off"}
    return EmbeddedServer(uvicorn.Config(app, loop="none", timeout_graceful_shutdown=2, **server_options(), **tls))
