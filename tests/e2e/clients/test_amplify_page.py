"""docs/how-to/connect-amplify.md: its programs as they are, and what it says that an app meets."""

from __future__ import annotations

import asyncio
import json
import re
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from local.settings import CHECKOUT
from tests.e2e.clients.running import INSTALLED, install
from tests.e2e.waiting import until
from tests.support.local_system import LocalSystem

PAGE = (CHECKOUT / "docs/how-to/connect-amplify.md").read_text(encoding="utf-8")
AS_GUEST, SIGNED_IN = re.findall(r"```js\n(.*?)```", PAGE, re.DOTALL)
CREATE = 'mutation { createTask(input: { title: "Pushed to Amplify" }) { errors { code } } }'
SECONDS = 60


@pytest.fixture
def outputs(system: LocalSystem) -> dict[str, Any]:
    outputs: dict[str, Any] = json.loads((system.settings.state / "amplify_outputs.json").read_text())
    return outputs


def bundled(program: str, outputs: dict[str, Any]) -> Path:
    """A program of the page, bundled beside its outputs as an app's tools do: its folder."""
    folder = install() / f"page-{uuid4()}"
    folder.mkdir()
    (folder / "app.js").write_text(program)
    (folder / "amplify_outputs.json").write_text(json.dumps(outputs))
    bundler = str(INSTALLED / "node_modules/.bin/esbuild")
    options = ["--bundle", "--packages=external", "--format=esm", "--outfile=app.mjs", "--log-level=error"]
    subprocess.run([bundler, "app.js", *options], cwd=folder, check=True, timeout=SECONDS)
    return folder


@asynccontextmanager
async def app(program: str, outputs: dict[str, Any]) -> AsyncIterator[asyncio.subprocess.Process]:
    """A program of the page while it runs."""
    folder = await asyncio.to_thread(bundled, program, outputs)
    process = await asyncio.create_subprocess_exec(
        "node", "--import", INSTALLED / "websocket.mjs", "app.mjs",
        cwd=folder, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        async with asyncio.timeout(SECONDS):
            yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def line_of(process: asyncio.subprocess.Process) -> str:
    assert process.stdout
    return (await process.stdout.readline()).decode().strip()


def as_ada(system: LocalSystem, program: str) -> str:
    """The program with this system's address and password."""
    (password,) = [user["password"] for user in system.connection["users"] if user["name"] == "ada"]
    own = {
        "http://127.0.0.1:4000/cognito-idp": system.connection["userPoolUrl"],
        "the password in connection.json": password,
    }
    for shown, value in own.items():
        assert program.count(shown) == 1
        program = program.replace(shown, value)
    return program


async def test_the_first_program_is_the_guest_and_is_pushed_what_happens(
    system: LocalSystem, outputs: dict[str, Any]
) -> None:
    async with app(AS_GUEST, outputs) as process:
        assert await line_of(process) == "I am guest"
        pushed = asyncio.ensure_future(line_of(process))
        while not pushed.done():  # nothing tells when the subscription has begun
            await asyncio.to_thread(system.graphql, CREATE)
            await asyncio.wait({pushed}, timeout=0.5)
        assert (await pushed).startswith("Pushed ")


async def test_the_second_program_is_the_user_who_signed_in(system: LocalSystem, outputs: dict[str, Any]) -> None:
    async with app(as_ada(system, SIGNED_IN), outputs) as process:
        assert await line_of(process) == "I am ada of students"


async def test_without_a_user_the_mode_of_users_says_that_there_are_no_tokens(
    system: LocalSystem, outputs: dict[str, Any]
) -> None:
    program = re.sub(r"await signIn\(.*\);", "", as_ada(system, SIGNED_IN))
    async with app(program, outputs) as process:
        _, problem = await process.communicate()
        assert "No federated jwt" in problem.decode()


async def test_an_endpoint_in_small_letters_asks_the_plain_port_for_tls_and_the_terminal_says_so(
    system: LocalSystem, outputs: dict[str, Any]
) -> None:
    outputs["data"]["url"] = outputs["data"]["url"].replace("HTTP://", "http://")
    async with app(AS_GUEST, outputs) as process:
        assert await line_of(process) == "I am guest"
        await until(lambda: any("A client began TLS" in line for line in system.later))
