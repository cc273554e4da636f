"""A page of an unknown site in a real browser, against every port of the running system."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from tests.e2e.clients.chromium import find_chromium
from tests.e2e.clients.running import RunClient
from tests.e2e.raw import ports_of
from tests.support.local_system import LocalSystem

PATHS = [
    "/",
    "/graphql",
    "/local/connection",
    "/local/token/linus",
    "/amplify_outputs.json",
    "/graphiql",
    "/ops",
    "/icon.svg",
    "/cognito-idp",
    "/tasks",
    "/task",
    "/docs",
    "/docs/swagger-ui-bundle.js",
    "/openapi.json",
    "/_ministack/ready",
    "/_ministack/reset",
    "/2018-06-01/runtime/invocation/next",
]
SOCKETS = ["/graphql", "/graphql/realtime"]


@pytest.fixture
def visit(system: LocalSystem, client: RunClient, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Return a function that has the page try everything, and returns what it could read."""
    chromium = find_chromium(tmp_path_factory.mktemp("chromium"))
    system.graphql("{ viewer { id } }")
    ports = [f"{'https' if port.authority else 'http'}://127.0.0.1:{port.number}" for port in ports_of(system).values()]

    def run(title: str) -> Any:
        arguments = {"chromium": chromium.program, "ports": ports, "paths": PATHS, "sockets": SOCKETS, "title": title}
        return client("foreign_page.mjs", arguments, HOME=str(chromium.home(None)))

    return run


def test_a_page_of_an_unknown_site_gets_nothing_and_does_nothing(system: LocalSystem, visit: Any) -> None:
    title = f"Made by a page {uuid4()}"
    assert visit(title) == {"got": [], "rebound": []}
    query = "query ($title: String!) { tasks(filter: {search: $title}) { nodes { id } } }"
    assert system.graphql(query, {"title": title})[1]["data"]["tasks"]["nodes"] == []
