"""The clients, and the gateway alone beside the whole system."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator

import pytest

from local.settings import CHECKOUT
from tests.e2e.clients.running import RunClient, install, run_client


@pytest.fixture(scope="session")
def client() -> RunClient:
    """Return a function that runs a client in Node and returns its result."""
    install()
    return run_client


@pytest.fixture(scope="package")
def memory(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """The gateway alone, with a function in memory, on HTTP and on TLS: its addresses, key and authority."""
    command = [sys.executable, "-m", "benchmarks.gateway.serve", "--tls", str(tmp_path_factory.mktemp("tls"))]
    with subprocess.Popen(command, cwd=CHECKOUT, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout
            yield json.loads(process.stdout.readline())
        finally:
            process.terminate()
