"""What makes a test a unit test: it opens no connection and starts no process."""

import sys
from collections.abc import Iterator

import pytest

REFUSED = {"socket.bind", "socket.connect", "subprocess.Popen"}

_running: list[str] = []


def _refuse(event: str, _arguments: object) -> None:
    if _running and event in REFUSED:
        raise AssertionError(f"{event} has no place in a unit test: {_running[-1]} belongs to tests/integration.")


sys.addaudithook(_refuse)


@pytest.fixture(autouse=True)
def touches_nothing(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail the test when it reaches out of this process."""
    _running.append(request.node.nodeid)
    yield
    _running.pop()
