"""Which web pages may call: hosts, origins, and what a page of an unknown origin can read."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from appsync_local.transport.origin import CROSS_ORIGIN, OriginGuard, parse_origin

LOOPBACK = ["127.0.0.1", "localhost", "LocalHost:4000", "127.0.0.1:65535", "[::1]", "[::1]:4000"]
ELSEWHERE = [
    "evil.example",
    "evil.example:4000",
    "127.0.0.1.evil.example",
    "localhost.evil.example",
    "127.0.0.1@evil.example",
    "evil.example#127.0.0.1",
    "127.0.0.1:4000:80",
    "127.0.0.1:port",
    "127.0.0.1, evil.example",
    "localhost.",
    "sub.localhost",
    "127.1",
    "2130706433",
    "0.0.0.0",
    "[::ffff:127.0.0.1]",
    "[",
    " ",
]
NAMED = "https://app.example.org"
KNOWN = [NAMED, "http://localhost:3000", "https://127.0.0.1", "http://[::1]:5173", "HTTP://LOCALHOST:3000"]
UNKNOWN = [
    "https://evil.example",
    "null",
    "",
    "http://app.example.org",
    "https://app.example.org:444",
    "https://app.example.org.evil.example",
    "http://localhost.evil.example",
    "http://localhost@evil.example",
    "http://sub.localhost:3000",
    "file://",
    "capacitor://localhost",
    "http://127.0.0.1:3000, http://evil.example",
]
CORS = (b"access-control-allow-origin", b"*")


class Application:
    """Answers with a status and a CORS header, and keeps the scopes that reached it."""

    def __init__(self, status: int = 200) -> None:
        self.status = status
        self.scopes: list[Any] = []

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self.scopes.append(scope)
        if scope["type"] == "websocket":
            await send({"type": "websocket.accept"})
            return
        await send({"type": "http.response.start", "status": self.status, "headers": [CORS]})
        await send({"type": "http.response.body", "body": b"secret"})


async def ask(
    application: Application, *headers: tuple[str, str], type_: str = "http", method: str = "POST"
) -> list[Any]:
    """Answer the messages that the guard sends."""
    sent: list[Any] = []

    async def receive() -> Any:
        return {"type": "websocket.connect" if type_ == "websocket" else "http.request"}

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {"type": type_, "method": method, "headers": [(n.encode(), v.encode()) for n, v in headers]}
    await asyncio.wait_for(OriginGuard(application, [NAMED])(scope, receive, send), 5)
    return sent


@pytest.mark.parametrize("host", LOOPBACK)
async def test_a_loopback_name_is_served(host: str) -> None:
    application = Application()
    assert (await ask(application, ("host", host)))[0]["status"] == 200


@pytest.mark.parametrize("host", ELSEWHERE)
@pytest.mark.parametrize("type_", ["http", "websocket"])
async def test_any_other_host_is_refused_before_anything_is_read(host: str, type_: str) -> None:
    application = Application()
    first = (await ask(application, ("host", host), type_=type_))[0]
    assert first.get("status") == 403 or first["type"] == "websocket.close"
    assert application.scopes == []


@pytest.mark.parametrize("headers", [[], [("host", "")], [("host", "localhost"), ("host", "localhost")]])
async def test_a_request_names_its_host_once(headers: list[tuple[str, str]]) -> None:
    application = Application()
    assert (await ask(application, *headers))[0]["status"] == 400
    assert application.scopes == []


@pytest.mark.parametrize("origin", KNOWN)
async def test_a_page_of_this_machine_or_of_a_named_origin_may_call(origin: str) -> None:
    application = Application(401)
    (start, _) = await ask(application, ("host", "localhost"), ("origin", origin))
    assert start["headers"] == [CORS, (b"vary", b"Origin")]
    assert CROSS_ORIGIN not in application.scopes[0]
    assert (await ask(application, ("host", "localhost"), ("origin", origin), type_="websocket"))[0]["type"] == (
        "websocket.accept"
    )


@pytest.mark.parametrize("origin", UNKNOWN)
async def test_a_page_of_another_origin_reads_only_what_its_credentials_opened(origin: str) -> None:
    refused = Application(401)
    (start, _) = await ask(refused, ("host", "localhost"), ("origin", origin))
    assert start["headers"] == [(b"vary", b"Origin"), (b"cross-origin-resource-policy", b"same-origin")]
    assert refused.scopes[0][CROSS_ORIGIN]
    (start, _) = await ask(Application(200), ("host", "localhost"), ("origin", origin))
    assert CORS in start["headers"]


@pytest.mark.parametrize("origin", UNKNOWN)
async def test_a_page_of_another_origin_opens_no_socket(origin: str) -> None:
    application = Application()
    (answer,) = await ask(application, ("host", "localhost"), ("origin", origin), type_="websocket")
    assert answer["type"] == "websocket.close"
    assert application.scopes == []


async def test_one_good_origin_does_not_cover_a_second_one() -> None:
    application = Application()
    await ask(application, ("host", "localhost"), ("origin", NAMED), ("origin", "https://evil.example"))
    assert application.scopes[0][CROSS_ORIGIN]


@pytest.mark.parametrize(
    ("headers", "unknown"),
    [
        ({"sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors", "sec-fetch-dest": "image"}, True),
        ({"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "iframe"}, True),
        ({"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document"}, False),
        ({"sec-fetch-site": "same-origin"}, False),
        ({"sec-fetch-site": "none"}, False),
        ({}, False),
    ],
)
async def test_what_a_page_loads_without_an_origin_is_its_request_too(headers: dict[str, str], unknown: bool) -> None:
    application = Application()
    await ask(application, ("host", "localhost"), *headers.items(), method="GET")
    assert application.scopes[0].get(CROSS_ORIGIN, False) is unknown


async def test_a_form_that_another_page_sends_to_a_tab_is_its_request() -> None:
    application = Application()
    site = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document"}
    await ask(application, ("host", "localhost"), *site.items(), method="POST")
    assert application.scopes[0][CROSS_ORIGIN]


async def test_a_preflight_of_a_known_page_on_the_internet_may_reach_this_network() -> None:
    preflight = [("host", "localhost"), ("access-control-request-private-network", "true")]
    known = await ask(Application(), *preflight, ("origin", NAMED), method="OPTIONS")
    assert (b"access-control-allow-private-network", b"true") in known[0]["headers"]
    unknown = await ask(Application(), *preflight, ("origin", "https://evil.example"), method="OPTIONS")
    assert b"access-control-allow-private-network" not in dict(unknown[0]["headers"])


@pytest.mark.parametrize(
    "text", ["*", "null", "", "app.example.org", "https://app.example.org/", "https://*.example.org"]
)
def test_what_is_no_origin_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is no origin such as"):
        parse_origin(text)


def test_an_origin_is_compared_as_browsers_send_it() -> None:
    assert parse_origin(" HTTPS://App.Example.org:8443 ") == "https://app.example.org:8443"
    assert parse_origin("capacitor://localhost") == "capacitor://localhost"
