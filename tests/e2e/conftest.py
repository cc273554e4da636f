"""One local system for all end-to-end tests of a session."""

from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio

from tests.e2e.following import Person, person
from tests.support.local_system import LocalSystem, free_settings, running


@pytest.fixture(scope="session")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalSystem]:
    """The whole system, started once; tests share it and so make tasks of their own."""
    with running(free_settings(tmp_path_factory.mktemp("local"))) as system:
        yield system


@pytest_asyncio.fixture
async def guest(system: LocalSystem) -> AsyncIterator[Person]:
    """The guest, following the guest's tasks."""
    async with person(system) as someone:
        yield someone
