"""One AWS of moto for the whole suite; each test finds it as if nothing had been done yet."""

from collections.abc import Iterator

import pytest

from tests.characterization.stage import MotoStage, moto_stage


@pytest.fixture(scope="package")
def created_stage() -> Iterator[MotoStage]:
    with moto_stage() as created:
        yield created


@pytest.fixture
def stage(created_stage: MotoStage) -> MotoStage:
    """The AWS, with what earlier versions have stored."""
    created_stage.reset()
    return created_stage
