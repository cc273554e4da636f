"""The page, its assets, and the routes that are only for this machine."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from appsync_local import GraphiqlPage, UnsupportedFeatureError
from appsync_local.graphiql.examples import examples
from support.gateway import Gateway

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def gateway_with_page(tmp_path: Path) -> Gateway:
    (tmp_path / "graphiql").mkdir()
    (tmp_path / "graphiql/graphiql.min.js").write_text("known")
    (tmp_path / "secret.txt").write_text("secret")

    async def local(path: str) -> tuple[int, dict[str, Any]]:
        return 200, {"path": path}

    routes = {"/local/token/": local, "/local/connection": local}
    page = GraphiqlPage(tmp_path, callers="/local/connection", tokens="/local/token/", sample="guest")
    return Gateway(options={"page": page, "extra_routes": routes})


async def test_the_page_names_no_other_host(gateway_with_page: Gateway) -> None:
    answer = await gateway_with_page.request("GET", "/")
    assert answer.status == 200
    assert answer.headers["content-type"].startswith("text/html")
    assert re.findall(r"https?://[\w.]+", answer.body.decode()) == []


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/assets/graphiql/graphiql.min.js", 200),
        ("/assets/graphiql/graphiql.min.css", 404),
        ("/assets/secret.txt", 404),
        ("/assets/graphiql/../secret.txt", 404),
        ("/assets/../../etc/passwd", 404),
        ("//etc/passwd", 404),
        ("/assets", 404),
        ("/nowhere", 404),
    ],
)
async def test_only_listed_files_are_served(gateway_with_page: Gateway, path: str, status: int) -> None:
    assert (await gateway_with_page.request("GET", path)).status == status


async def test_extra_routes_get_the_whole_path(gateway_with_page: Gateway) -> None:
    assert (await gateway_with_page.request("GET", "/local/token/ada")).json() == {"path": "/local/token/ada"}
    assert (await gateway_with_page.request("GET", "/local/connection")).json() == {"path": "/local/connection"}
    assert (await gateway_with_page.request("GET", "/local/other")).status == 404
    assert (await gateway_with_page.request("POST", "/local/connection")).status == 404


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
    gateway_with_page: Gateway, headers: dict[str, str], status: int
) -> None:
    assert (await gateway_with_page.request("GET", "/local/token/ada", headers=headers)).status == status


async def test_the_examples_are_valid(gateway_with_page: Gateway, gateway: Gateway) -> None:
    settings = (await gateway_with_page.request("GET", "/assets/settings.json")).json()
    assert (settings["callers"], settings["tokens"]) == ("/local/connection", "/local/token/")
    tabs = settings["tabs"]
    assert [tab["query"].split()[0] for tab in tabs] == ["query", "subscription"]
    assert tabs == examples(gateway.engine.schema, "guest")
    for tab in tabs:
        assert gateway.engine.documents.prepare(tab["query"]).errors == []


async def test_a_link_from_elsewhere_opens_the_page_but_no_frame_may_hold_it(gateway_with_page: Gateway) -> None:
    link = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document"}
    answer = await gateway_with_page.request("GET", "/", headers=link)
    assert answer.status == 200
    frame = await gateway_with_page.request("GET", "/", headers={**link, "sec-fetch-dest": "iframe"})
    assert frame.status == 403
    assert answer.headers["x-frame-options"] == "DENY"


def test_a_page_without_its_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnsupportedFeatureError, match="gone, which is no folder"):
        Gateway(options={"page": GraphiqlPage(tmp_path / "gone")})
