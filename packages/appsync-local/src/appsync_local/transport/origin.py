"""Which web pages may call an API on this machine: a browser here runs the pages of every site that its user visits.

The rule, for every request and every WebSocket handshake:

1. Its `Host` is a name of the loopback interface, given once. (A page whose own name was pointed to 127.0.0.1 after it
   was loaded, "DNS rebinding", sends that name.) An absolute request target takes the place of the header
   (RFC 9112, section 3.2.2; `uvicorn.py`).
2. Programs, pages of loopback origins and pages of origins that the developer named may call.
3. For a page of any other origin a WebSocket is refused. Over HTTP it needs credentials that such a page cannot have
   (an API key, a token, a signature: no cookie is used anywhere, so a browser never adds them by itself), and it can
   read the answer only if they were good.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from appsync_local.transport.asgi import respond

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Collection, Mapping

    from appsync_local.transport.asgi import Message, Receive, Scope, Send

    App = Callable[[Scope, Receive, Send], Awaitable[None]]

LOOPBACK_HOSTS = frozenset({"127.0.0.1", "localhost", "[::1]"})
CROSS_ORIGIN = "appsync.cross_origin"
_HOST = re.compile(r"(?P<name>\[[0-9a-f:.]+\]|[^\[\]:/?#@\s]+)(:[0-9]{1,5})?")
_LOOPBACK_ORIGIN = re.compile(r"https?://(127\.0\.0\.1|localhost|\[::1\])(:[0-9]{1,5})?")
_ORIGIN = re.compile(r"[a-z][a-z0-9+.-]*://(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(:[0-9]{1,5})?")
_JSON = [(b"content-type", b"application/json"), (b"cache-control", b"no-store"), (b"connection", b"close")]


class OriginGuard:
    """An ASGI application that lets requests through to another one by the rule above.

    `allowed` are origins beside those of this machine ("https://app.example.org"; raises ValueError for what is none),
    `hosts` the accepted names, without port. The other application finds `scope[CROSS_ORIGIN]`, which is true when the
    request was made, or caused, by a page that nobody named.
    """

    def __init__(self, app: App, allowed: Collection[str] = (), hosts: Collection[str] = LOOPBACK_HOSTS) -> None:
        self.app = app
        self._allowed = frozenset(map(parse_origin, allowed))
        self._hosts = frozenset(hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request or WebSocket, or the lifespan events."""
        if scope["type"] not in {"http", "websocket"}:
            await self.app(scope, receive, send)
        elif (error := host_error(scope, self._hosts)) is not None:
            await _refuse(scope, receive, send, *error)
        elif not self._is_cross_origin(scope):
            await self.app(scope, receive, _for_known_page(scope, send))
        elif scope["type"] == "websocket":
            await _refuse(scope, receive, send, 403, "A page of this origin may not connect.")
        else:
            await self.app({**scope, CROSS_ORIGIN: True}, receive, _for_unknown_page(scope, send))

    def _is_cross_origin(self, scope: Scope) -> bool:
        """Return whether an unknown page makes, or causes, this request (to open it in a tab is no request)."""
        origins = _values(scope, b"origin")
        if origins:
            return not all(self._allows(origin.lower()) for origin in origins)
        return "cross-site" in _values(scope, b"sec-fetch-site") and not _opens_tab(scope)

    def _allows(self, origin: str) -> bool:
        return _LOOPBACK_ORIGIN.fullmatch(origin) is not None or origin in self._allowed


def parse_origin(text: str) -> str:
    """Return an origin as browsers send it.

    Raises:
        ValueError: The text is anything else, `*` and `null` included.
    """
    origin = text.strip().lower()
    if not _ORIGIN.fullmatch(origin):
        raise ValueError(f"{text!r} is no origin such as https://app.example.org (scheme, host, port if any).")
    return origin


def host_error(scope: Scope, hosts: Collection[str] = LOOPBACK_HOSTS) -> tuple[int, str] | None:
    """Return status and message of the error when a request does not name one of the hosts exactly once, else None."""
    values = _values(scope, b"host")
    if len(values) != 1 or not values[0]:
        return 400, "The request must have one Host header."
    match = _HOST.fullmatch(values[0].lower())
    if match is None or match["name"] not in hosts:
        return 403, "This host name is not served here; use 127.0.0.1 or localhost."
    return None


def is_same_origin(headers: Mapping[str, str], scheme: str) -> bool:
    """Return whether a request comes from a program, or from a page that was served at this very origin."""
    origin = headers.get("origin")
    own = origin is None or origin.lower() == f"{scheme}://{headers.get('host', '')}".lower()
    return own and headers.get("sec-fetch-site", "none") in {"same-origin", "none"}


def _opens_tab(scope: Scope) -> bool:
    modes, destinations = _values(scope, b"sec-fetch-mode"), _values(scope, b"sec-fetch-dest")
    return scope.get("method") == "GET" and modes == ["navigate"] and destinations == ["document"]


def _for_known_page(scope: Scope, send: Send) -> Send:
    """Add CORS headers and `Vary` to the application's response; without a page, nothing."""
    if scope["type"] != "http" or not _values(scope, b"origin"):
        return send
    added = [(b"vary", b"Origin")]
    if scope["method"] == "OPTIONS" and _values(scope, b"access-control-request-private-network"):
        added.append((b"access-control-allow-private-network", b"true"))

    async def send_with_more(message: Message) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = [*message["headers"], *added]
        await send(message)

    return send_with_more


def _for_unknown_page(scope: Scope, send: Send) -> Send:
    """Hide responses that did not succeed from the page; a preflight reveals nothing, and decides nothing."""
    is_preflight = bool(_values(scope, b"access-control-request-method"))

    async def send_less(message: Message) -> None:
        if message["type"] == "http.response.start":
            readable = is_preflight if scope["method"] == "OPTIONS" else 200 <= message["status"] < 300
            kept = [header for header in message["headers"] if readable or not header[0].startswith(b"access-control-")]
            message["headers"] = [*kept, (b"vary", b"Origin"), (b"cross-origin-resource-policy", b"same-origin")]
        await send(message)

    return send_less


async def _refuse(scope: Scope, receive: Receive, send: Send, status: int, message: str) -> None:
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.close", "code": 1008, "reason": message})
        return
    await respond(send, status, b'{"message":"%s"}' % message.encode(), _JSON)


def _values(scope: Scope, name: bytes) -> list[str]:
    return [value.decode("latin-1") for header, value in scope["headers"] if header == name]
