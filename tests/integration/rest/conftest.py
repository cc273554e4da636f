"""The HTTP API's function."""

import pytest

from tests.support.aws import Aws
from tests.support.http_api import Ask, answered, request


@pytest.fixture
def ask(aws: Aws) -> Ask:
    """Sends a request to the function: `request`'s arguments."""
    return lambda *arguments, **named: answered(request(*arguments, **named))
