"""Both APIs over the seeded stage, once for a module; what a request changes is undone after it."""

import asyncio
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from moto import mock_aws

from local.compilation import compile_template
from local.settings import Settings
from taskbell import bootstrap
from tests.integration.access.apis import Apis
from tests.integration.access.attempts import System
from tests.integration.access.stage import School, Stage, seed
from tests.support.aws import create_user_pool, forget_parameters, make_aws


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Any]:
    """The compiled template of the local system."""
    state = tmp_path_factory.mktemp("compiling")
    (state / "tmp").mkdir()
    compiled, _ = asyncio.run(compile_template(Settings(state=state)))
    return compiled


@pytest.fixture(scope="module")
def system(wired: None, template: Mapping[str, Any]) -> Iterator[System]:
    apis = Apis(template)
    apis.recorder.watch()
    with mock_aws(), pytest.MonkeyPatch.context() as environment:
        environment.setenv("GUEST", "allowed")
        forget_parameters()
        aws = make_aws()
        create_user_pool()
        bootstrap.provide(calendar_fetcher=School())
        seed(aws)
        stage = Stage(aws)
        stage.bury()
        yield System(apis, stage)
