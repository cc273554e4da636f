"""Static pages, and the routes that are only for this machine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from appsync_local import StaticPages
from support.gateway import Gateway

if TYPE_CHECKING:
    from pathlib import Path

POLICY = "default-src 'none'; script-src 'self'"
LINK = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document"}


def headers_of(path: str) -> list[tuple[bytes, bytes]]:
    policy = "default-src 'none'" if path == "/graphiql" else POLICY
    return [(b"content-security-policy", policy.encode()), (b"x-frame-options", b"DENY")]


@pytest.fixture
def gateway_with_pages(tmp_path: Path) -> Gateway:
    built = tmp_path / "dist"
    (built / "assets").mkdir(parents=True)
    (built / "graphiql").mkdir()
    (built / "index.html").write_text("home")
    (built / "graphiql/index.html").write_text("explorer")
    (built / "assets/home-1a2b.js").write_text("script")
    (built / ".sources").write_text("hidden")
    (tmp_path / "secret.txt").write_text("secret")

    async def local(path: str) -> tuple[int, dict[str, Any]]:
        return 200, {"path": path}

    routes = {"/local/token/": local, "/local/connection": local}
    return Gateway(options={"pages": StaticPages(built, headers_of), "extra_routes": routes})


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/", "home"),
        ("/index.html", "home"),
        ("/graphiql", "explorer"),
        ("/graphiql/", "explorer"),
        ("/assets/home-1a2b.js", "script"),
    ],
)
async def test_files_of_the_folder_are_served(gateway_with_pages: Gateway, path: str, body: str) -> None:
    answer = await gateway_with_pages.request("GET", path)
    assert (answer.status, answer.body.decode()) == (200, body)
    assert answer.headers["content-security-policy"] == ("default-src 'none'" if path == "/graphiql" else POLICY)
    assert answer.headers["x-frame-options"] == "DENY"


@pytest.mark.parametrize(
    "path",
    [
        "/.sources",
        "/assets",
        "/assets/",
        "/assets/other.js",
        "/assets/../../secret.txt",
        "/../secret.txt",
        "/..\\secret.txt",
        "//etc/passwd",
        "/index.html\0",
        "/nowhere",
    ],
)
async def test_nothing_else_is_served(gateway_with_pages: Gateway, path: str) -> None:
    assert (await gateway_with_pages.request("GET", path)).status == 404


async def test_what_has_its_contents_hash_in_its_name_is_kept_and_pages_are_asked_for_again(
    gateway_with_pages: Gateway,
) -> None:
    assets = await gateway_with_pages.request("GET", "/assets/home-1a2b.js")
    assert assets.headers["content-type"] == "text/javascript; charset=utf-8"
    assert assets.headers["cache-control"] == "public, max-age=31536000, immutable"
    page = await gateway_with_pages.request("GET", "/graphiql")
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert page.headers["cache-control"] == "no-cache"


async def test_pages_that_are_not_built_are_not_found(tmp_path: Path) -> None:
    gateway = Gateway(options={"pages": StaticPages(tmp_path / "gone", headers_of)})
    assert (await gateway.request("GET", "/")).status == 404


async def test_extra_routes_get_the_whole_path(gateway_with_pages: Gateway) -> None:
    assert (await gateway_with_pages.request("GET", "/local/token/ada")).json() == {"path": "/local/token/ada"}
    assert (await gateway_with_pages.request("GET", "/local/connection")).json() == {"path": "/local/connection"}
    assert (await gateway_with_pages.request("GET", "/local/other")).status == 404
    assert (await gateway_with_pages.request("POST", "/local/connection")).status == 404


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"host": "localhost:4000", "origin": "http://localhost:4000"}, 200),
        ({"host": "[::1]:4000", "sec-fetch-site": "same-origin"}, 200),
        ({"origin": "https://evil.example"}, 403),
        ({"origin": "null"}, 403),
        ({"origin": "http://127.0.0.1:9999"}, 403),
        ({"host": "evil.example:4000"}, 403),
        ({"host": "127.0.0.1.evil.example"}, 403),
        ({"host": "[", "origin": "http://["}, 403),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "same-site"}, 403),
    ],
)
async def test_a_foreign_page_gets_nothing_local(
    gateway_with_pages: Gateway, headers: dict[str, str], status: int
) -> None:
    assert (await gateway_with_pages.request("GET", "/local/token/ada", headers=headers)).status == status


async def test_a_link_from_elsewhere_opens_a_page_but_no_frame_may_hold_it(gateway_with_pages: Gateway) -> None:
    answer = await gateway_with_pages.request("GET", "/", headers=LINK)
    assert answer.status == 200
    frame = await gateway_with_pages.request("GET", "/", headers={**LINK, "sec-fetch-dest": "iframe"})
    assert frame.status == 403
    assert answer.headers["x-frame-options"] == "DENY"
