"""The functions with the real wiring, on the AWS of moto."""

from collections.abc import Iterator

import pytest
from moto import mock_aws

from taskbell import bootstrap
from tests.support.aws import ENVIRONMENT, Aws, create_user_pool, forget_parameters, make_aws


@pytest.fixture(scope="module")
def wired() -> Iterator[None]:
    """The wiring, put together once for a module: its clients take long to make, and no test changes it."""
    with pytest.MonkeyPatch.context() as environment:
        for name, value in ENVIRONMENT.items():
            environment.setenv(name, value)
        bootstrap.reset()
        yield
    bootstrap.reset()


@pytest.fixture
def moto() -> Iterator[None]:
    """An AWS that holds nothing yet, and is gone after the test."""
    with mock_aws():
        forget_parameters()
        yield


@pytest.fixture
def aws(wired: None, moto: None) -> Aws:
    """Everything that the functions' environment names."""
    return make_aws()


@pytest.fixture
def user_pool(aws: Aws) -> dict[str, str]:
    """The user pool, beside the rest of the AWS; the owner ids of its users."""
    return create_user_pool()
