"""The wheel of appsync-local works without this checkout, as its README shows."""

import json
import os
import re
import subprocess
import sys
import urllib.request
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from local.settings import CHECKOUT

PROJECT = CHECKOUT / "packages" / "appsync-local"
README = (PROJECT / "README.md").read_text(encoding="utf-8")
WRITE = 'mutation { write(id: 1, text: "Hi") { id text } }'


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The content of the wheel."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(build, cwd=PROJECT, check=True, capture_output=True, timeout=120)
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "site")
    return folder / "site"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the files of the README."""
    for name, text in re.findall(r"`([\w.]+)`:\n\n```\w+\n(.*?)```", README, re.DOTALL):
        (tmp_path / name).write_text(text, encoding="utf-8")
    assert {path.name for path in tmp_path.iterdir()} == {"notes.yml", "notes.py", "test_notes.py"}
    return tmp_path


@pytest.fixture
def environment(site: Path) -> dict[str, str]:
    return os.environ | {"PYTHONPATH": str(site)}


@pytest.fixture
def url(folder: Path, environment: dict[str, str]) -> Iterator[str]:
    """The README's API, served by its command."""
    found = re.search(r"^\$ appsync-local (serve .*)$", README, re.MULTILINE)
    assert found
    command = [sys.executable, "-m", "appsync_local", *found[1].split(), "--port", "0"]
    with subprocess.Popen(command, cwd=folder, env=environment, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout
            yield process.stdout.readline().split()[1]
        finally:
            process.terminate()


def ask(url: str, query: str) -> Any:
    request = urllib.request.Request(url, json.dumps({"query": query}).encode(), {"x-api-key": "da2-local"})  # noqa: S310
    with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310
        return json.load(answer)


def test_the_command_serves_the_example(url: str) -> None:
    written = ask(url, WRITE)
    assert json.dumps(written, separators=(",", ":")) in README
    assert ask(url, "{ note(id: 1) { text } }") == {"data": {"note": {"text": "Hi"}}}
    assert ask(url, "{ note(id: 2) { text } }") == {"data": {"note": None}}


def test_the_fixture_runs_the_examples_test(folder: Path, environment: dict[str, str]) -> None:
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--import-mode=prepend", "test_notes.py"]
    ran = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert "1 passed" in ran.stdout, ran.stdout + ran.stderr


def test_the_wheel_holds_types_page_and_licence(site: Path, folder: Path, environment: dict[str, str]) -> None:
    names = {path.relative_to(site).as_posix() for path in site.rglob("*") if path.is_file()}
    assert {"appsync_local/py.typed", "appsync_local/javascript/runtime.js"} <= names
    assert "appsync_local-0.1.0.dist-info/licenses/LICENSE" in names
    assert not [name for name in names if name.startswith("tests")]
    where = [sys.executable, "-c", "import appsync_local; print(appsync_local.__file__)"]
    ran = subprocess.run(where, cwd=folder, env=environment, capture_output=True, text=True, timeout=60, check=True)
    assert ran.stdout.startswith(str(site))


def test_the_versions_of_the_node_tools_are_those_that_it_is_tried_with() -> None:
    package = json.loads((CHECKOUT / "package.json").read_text(encoding="utf-8"))
    tools = package.get("dependencies", {}) | package.get("devDependencies", {})
    assert f"osls {tools['osls']} and the plugin {tools['serverless-appsync-plugin']}" in README.replace("\n", " ")
