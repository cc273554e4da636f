"""One AWS of moto for the whole suite; each test finds it as if nothing had been done yet."""

from collections.abc import Iterator

import pytest
from moto import mock_aws

from tests.characterization import subjects
from tests.characterization.world import World, screen


@pytest.fixture(scope="package")
def made_world() -> Iterator[World]:
    with pytest.MonkeyPatch.context() as patch:
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            patch.setenv(name, "testing")
        patch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
        with mock_aws(), screen() as looked_at:
            world = World(looked_at)
            for name, value in world.environment.items():
                patch.setenv(name, value)
            yield world
    subjects.forget_wiring()


@pytest.fixture
def world(made_world: World) -> World:
    """The AWS, with what earlier versions have stored."""
    made_world.reset()
    return made_world
