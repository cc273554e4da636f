"""The local AppSync stands on its own: outside this checkout, it runs the example of its README."""

import json
import os
import re
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from local.settings import CHECKOUT
from tests.e2e.waiting import until

FOLDER = CHECKOUT / "packages" / "appsync-local"
README = (FOLDER / "README.md").read_text(encoding="utf-8")
WRITE = 'mutation { write(id: 1, text: "Hi") { id text } }'


@pytest.fixture
def url(tmp_path: Path) -> Iterator[str]:
    """The example's API, run where nothing else of the project is."""
    found = re.search(r"```python\n(.*?)```", README, re.DOTALL)
    assert found
    (tmp_path / "example.py").write_text(found[1], encoding="utf-8")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"} | {"PORT": str(port)}
    with subprocess.Popen([sys.executable, "example.py"], cwd=tmp_path, env=environment) as process:
        try:
            yield f"http://127.0.0.1:{port}/graphql"
        finally:
            process.terminate()


def ask(url: str, query: str) -> Any:
    """The answer's body; None while nobody listens."""
    request = urllib.request.Request(url, json.dumps({"query": query}).encode(), {"x-api-key": "da2-local"})  # noqa: S310
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310
            return json.load(answer)
    except urllib.error.URLError:
        return None


async def test_the_example_runs_where_nothing_else_of_the_project_is(url: str) -> None:
    assert await until(lambda: ask(url, WRITE)) == {"data": {"write": {"id": "1", "text": "Hi"}}}
    assert json.dumps(ask(url, WRITE), separators=(",", ":")) in README
    assert ask(url, "{ note(id: 1) { text } }") == {"data": {"note": {"text": "Hi"}}}
    assert ask(url, "{ note(id: 2) { text } }") == {"data": {"note": None}}


def test_the_versions_of_the_node_tools_are_those_that_it_is_tried_with() -> None:
    package = json.loads((CHECKOUT / "package.json").read_text(encoding="utf-8"))
    tools = package.get("dependencies", {}) | package.get("devDependencies", {})
    assert f"osls {tools['osls']} and the plugin {tools['serverless-appsync-plugin']}" in README.replace("\n", " ")
