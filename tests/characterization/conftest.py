"""One AWS of moto for the whole suite; each test finds it as if nothing had been done yet."""

from collections.abc import Iterator

import pytest
from moto import mock_aws

from tests.characterization import subjects
from tests.characterization.stage import MotoStage, screen


@pytest.fixture(scope="package")
def created_stage() -> Iterator[MotoStage]:
    with pytest.MonkeyPatch.context() as patch:
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            patch.setenv(name, "testing")
        patch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
        with mock_aws(), screen() as looked_at:
            stage = MotoStage(looked_at)
            for name, value in stage.environment.items():
                patch.setenv(name, value)
            yield stage
    subjects.forget_wiring()


@pytest.fixture
def stage(created_stage: MotoStage) -> MotoStage:
    """The AWS, with what earlier versions have stored."""
    created_stage.reset()
    return created_stage
