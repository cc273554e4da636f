"""Saved files are live: schema.graphql and a function, in a copy of the checkout that runs."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from local.settings import CHECKOUT
from tests.e2e.following import CREATE, person
from tests.e2e.waiting import until
from tests.support.local_system import LocalSystem, free_settings, running

COPIED = ("local", "resolvers", "processors", "src", "infrastructure")
FILES = ("serverless.yml", "schema.graphql", "package.json", "package-lock.json", "pyproject.toml")
LINKED = (".venv", ".venv-aws", ".build", "node_modules")
NICKNAME = "{ viewer { ownerId nickname } }"


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("checkout")
    for name in COPIED:
        shutil.copytree(CHECKOUT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in FILES:
        shutil.copy(CHECKOUT / name, folder)
    for name in LINKED:
        (folder / name).symlink_to(CHECKOUT / name)
    return folder


@pytest.fixture(scope="module")
def copy(checkout: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalSystem]:
    with running(free_settings(tmp_path_factory.mktemp("live")), checkout) as system:
        yield system


async def test_a_saved_schema_is_live_and_a_broken_one_is_told_of_and_left_out(
    copy: LocalSystem, checkout: Path
) -> None:
    schema = checkout / "schema.graphql"
    as_it_was = schema.read_text()
    async with person(copy) as guest:
        assert "FieldUndefined" in copy.graphql(NICKNAME)[1]["errors"][0]["message"]

        schema.write_text(re.sub(r"type Viewer\b[^{]*\{", r"\g<0> nickname: String", as_it_was))
        await until(lambda: copy.graphql(NICKNAME)[1] == {"data": {"viewer": {"ownerId": "guest", "nickname": None}}})

        schema.write_text(f"{as_it_was}\ntype Viewer {{")
        await until(lambda: copy.graphql(NICKNAME) and any("is not served" in line for line in copy.later))
        assert copy.graphql(NICKNAME)[1] == {"data": {"viewer": {"ownerId": "guest", "nickname": None}}}
        (broken,) = [line for line in copy.later if "is not served" in line]
        assert f"line {as_it_was.count(chr(10)) + 2}" in broken

        payload = await guest.do(CREATE, title="Pushed to a subscription that is older than the schema")
        await guest.sees_that(payload["task"]["id"], bool)


async def test_a_saved_function_is_live(copy: LocalSystem, checkout: Path) -> None:
    viewer = checkout / "resolvers/viewer.py"
    viewer.write_text("raise RuntimeError('saved')\n")
    await until(lambda: "errors" in copy.graphql("{ viewer { id } }")[1])
    assert "RuntimeError: saved\nTraceback" in (copy.settings.logs / "taskbell-local-readTasks.log").read_text()
