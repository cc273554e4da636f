"""uvicorn, adapted to the local AppSync.

A WebSocket frame is written at once, without a task, if its reader keeps up. A request with an absolute target
(`GET http://host/path`, as to a proxy) is for that host, whatever its header says (RFC 9112, section 3.2.2). A request
whose headers never end is ended: an application sees none of it, and cannot.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
from functools import partial
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
_MAX_HEADERS = 64 * 1024
_TLS_HANDSHAKE = b"\x16\x03"  # no HTTP method begins so (RFC 8446, section 5.1)
_TLS_ON_PLAIN_PORT = (
    "A client began TLS (https:// or wss://) on a port of plain HTTP. Use http:// and ws://, or the port with TLS. "
    "Amplify opens wss:// for an endpoint with http:// or https://, and ws:// for one with HTTP:// in capitals."
)
_END = b"HTTP/1.1 %b\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"


class StrictHttpProtocol(HttpToolsProtocol):
    """Replaces the header `Host` by the host of an absolute request target, and takes no trailer for a header.

    A client has `header_seconds` for the headers of each request, from when the connection is ready for them, and
    64 KiB beyond what comes at once. Too late is 408, or the end of the connection if nothing has come; too much is
    431. What follows a response that did not wait for the request's end has as long.
    """

    _has_begun = False
    _in_headers = False
    _header_bytes = 0
    _deadline: asyncio.TimerHandle | None = None

    def __init__(self, *args: Any, header_seconds: float = 30, **options: Any) -> None:
        super().__init__(*args, **options)
        self._header_seconds = header_seconds

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin a connection."""
        super().connection_made(transport)
        self._set_deadline()

    def connection_lost(self, exc: Exception | None) -> None:
        """End a connection."""
        self._unset_deadline()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take what has come; of headers that it does not begin all is counted, whether they end or not."""
        if not self._has_begun and data.startswith(_TLS_HANDSHAKE):
            self.logger.warning(_TLS_ON_PLAIN_PORT)
            self.send_400_response(_TLS_ON_PLAIN_PORT)
            return
        if self._in_headers:
            self._header_bytes += len(data)
        if self._header_bytes > _MAX_HEADERS:
            self._end(b"431 Request Header Fields Too Large")
        if not self.transport.is_closing():
            super().data_received(data)

    def on_message_begin(self) -> None:
        """Begin a request, with its headers."""
        self._has_begun = self._in_headers = True
        self._header_bytes = 0
        super().on_message_begin()
        self._set_deadline()

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take a header; what follows the body is none (RFC 9110, section 6.5.1)."""
        if self._in_headers:
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """Replace the header, then go on."""
        self._in_headers, self._header_bytes = False, 0
        self._unset_deadline()
        if not self.url.startswith(b"/"):
            host = urlsplit(self.url.decode("latin-1")).netloc.encode("latin-1")
            self.headers[:] = [(b"host", host), *(each for each in self.headers if each[0] != b"host")]
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """End a request."""
        self._unset_deadline()
        super().on_message_complete()

    def on_response_complete(self) -> None:
        """Wait for the next request, or for the rest of this one."""
        super().on_response_complete()
        if self.cycle.response_complete and not self.transport.is_closing():
            self._set_deadline()

    def _set_deadline(self) -> None:
        self._unset_deadline()
        self._deadline = self.loop.call_later(self._header_seconds, self._end, b"408 Request Timeout")

    def _unset_deadline(self) -> None:
        if self._deadline:
            self._deadline.cancel()

    def _end(self, status: bytes) -> None:
        """Close the connection, with this status if headers have begun and no response is on its way."""
        if self._in_headers and (self.cycle is None or self.cycle.response_complete):
            self.transport.write(_END % status)
        self.transport.close()


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


def server_options(header_seconds: float = 30) -> dict[str, Any]:
    """Return the arguments of `uvicorn.Config` for the local AppSync; a request's headers may take `header_seconds`."""
    return {
        "http": partial(StrictHttpProtocol, header_seconds=header_seconds),
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


def make_server(app: Any, certificate: Certificate | None = None, *, header_seconds: float = 30) -> EmbeddedServer:
    """Make a server for an ASGI application; `await server.serve(sockets=[...])` runs it until `should_exit`.

    Args:
        app: The application.
        certificate: With one the server speaks TLS.
        header_seconds: How long the headers of a request may take.

    Returns:
        The server, which gives open connections two seconds when it stops.
    """
    tls: dict[str, Any] = {}
    if certificate:
        tls = {"ssl_certfile": certificate.chain, "ssl_keyfile": certificate.key, "lifespan": "off"}
    options = server_options(header_seconds) | tls
    return EmbeddedServer(uvicorn.Config(app, loop="none", timeout_graceful_shutdown=2, **options))
