"""docs/tutorials/live-list.md: its files, built and served by its commands, in Chromium."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from local.settings import CHECKOUT
from tests.e2e.clients.chromium import find_chromium
from tests.e2e.clients.running import HERE, INSTALLED, RunClient
from tests.support.local_system import LocalSystem, free_port

PAGE = (CHECKOUT / "docs/tutorials/live-list.md").read_text(encoding="utf-8")
FILES = dict(re.findall(r"```(?:html|jsx?)\n(?:// |<!-- )(\S+)(?: -->)?\n(.*?)```", PAGE, re.DOTALL))
COMMANDS = [line for block in re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL) for line in block.splitlines()]
SERVED = "127.0.0.1:8000"
SERVING = b"Local:"  # esbuild has built, and answers


@pytest.fixture
def app(system: LocalSystem, client: RunClient, tmp_path: Path) -> Path:
    """The folder that the tutorial makes, with the tested versions of what it installs."""
    for name, text in FILES.items():
        file = tmp_path / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(text, encoding="utf-8")
    shutil.copy(system.settings.state / "amplify_outputs.json", tmp_path)
    (tmp_path / "node_modules").symlink_to(INSTALLED / "node_modules")
    return tmp_path


@pytest.fixture(params=["amplify", "apollo"])
def address(request: pytest.FixtureRequest, app: Path) -> Iterator[str]:
    """Where the app is served, while it is."""
    (command,) = [command for command in COMMANDS if command.startswith(f"npx esbuild {request.param}.jsx ")]
    assert f"<http://{SERVED}/>" in PAGE
    address = f"127.0.0.1:{free_port()}"
    esbuild = command.replace("npx esbuild", str(app / "node_modules/.bin/esbuild")).replace(SERVED, address)
    with subprocess.Popen(shlex.split(esbuild), cwd=app, stdin=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        try:
            assert process.stderr
            while SERVING not in (line := process.stderr.readline()):
                assert line
            yield f"http://{address}/"
        finally:
            process.terminate()


def test_the_list_follows_what_happens_elsewhere(
    system: LocalSystem, client: RunClient, address: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    chromium = find_chromium(tmp_path_factory.mktemp("chromium"))
    arguments: dict[str, Any] = {
        "page": address,
        "run": uuid4().hex,
        "url": system.connection["graphqlUrl"],
        "apiKey": system.connection["apiKey"],
        "chromium": chromium.program,
    }
    assert client("live_list.mjs", arguments, HOME=str(chromium.home(None))) == {
        "order": ["Pushed (COMPLETED)", "Before (PENDING)"],
        "loaded": "once",
    }


def test_the_tutorial_installs_the_versions_that_are_tested() -> None:
    tested = json.loads((HERE / "package.json").read_text())["dependencies"]
    installed = [name for command in COMMANDS if command.startswith("npm install ") for name in command.split()[2:]]
    for name, version in (package.rsplit("@", 1) for package in installed):
        assert f"{tested[name]}.".startswith(f"{version}."), name
