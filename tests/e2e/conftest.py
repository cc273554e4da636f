"""One local system for all end-to-end tests, which ends with them: even at rest it takes time from those behind."""

import asyncio
import fcntl
import subprocess
from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio

from local.compilation import compile_template
from local.settings import CHECKOUT, Settings
from tests.e2e.following import Person, person
from tests.support.local_system import LocalSystem, free_settings, running


@pytest.fixture(scope="session", autouse=True)
def compiled(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Compile serverless.yml and build the pages in one worker at a time: two that do so at once spoil each other's."""
    state, build = tmp_path_factory.mktemp("compiling"), CHECKOUT / ".build"
    (state / "tmp").mkdir()
    build.mkdir(exist_ok=True)
    with (build / "compiling").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        asyncio.run(compile_template(Settings(state=state)))
        subprocess.run(["node", "web/build.mjs"], cwd=CHECKOUT, check=True, timeout=300)


@pytest.fixture(scope="package")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalSystem]:
    """The whole system, started once for these tests, which share it and so make tasks of their own."""
    with running(free_settings(tmp_path_factory.mktemp("local"))) as system:
        yield system
        logs = sorted((system.settings.state / "logs").glob("*.log"))
        assert logs
        assert [log.name for log in logs if "AccessDenied" in log.read_text()] == []  # no role lacks a permission


@pytest_asyncio.fixture
async def guest(system: LocalSystem) -> AsyncIterator[Person]:
    """The guest, following the guest's tasks."""
    async with person(system) as someone:
        yield someone
