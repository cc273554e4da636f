"""The functions with the real wiring, on the AWS of moto."""

from collections.abc import Iterator

import pytest
from moto import mock_aws

from taskbell import bootstrap
from tests.support.aws import ENVIRONMENT, Aws, forget_parameters, make_aws


@pytest.fixture(scope="module")
def wired() -> Iterator[None]:
    """The wiring, put together once for a module: its clients take long to make, and no test changes it."""
    with pytest.MonkeyPatch.context() as environment:
        for name, value in ENVIRONMENT.items():
            environment.setenv(name, value)
        bootstrap.forget()
        yield
    bootstrap.forget()


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
