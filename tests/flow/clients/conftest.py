"""Clients that are not ours: installed once for each lock file, run as the programs that they are."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from local.settings import CHECKOUT

HERE = Path(__file__).resolve().parent
INSTALLED = CHECKOUT / ".build" / "clients"
NPM_SECONDS, CLIENT_SECONDS = 300, 60

RunClient = Callable[..., Any]


@pytest.fixture(scope="session")
def node_clients() -> Path:
    """Answer the folder with the clients, their packages installed as the lock file says."""
    INSTALLED.mkdir(parents=True, exist_ok=True)
    with (INSTALLED / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # tests in other processes want them too
        wanted = (HERE / "package-lock.json").read_text()
        stamp = INSTALLED / "installed.json"
        if not stamp.exists() or stamp.read_text() != wanted:
            for name in ("package.json", "package-lock.json", ".npmrc"):
                shutil.copy(HERE / name, INSTALLED / name)
            subprocess.run(["npm", "ci", "--loglevel=error"], cwd=INSTALLED, check=True, timeout=NPM_SECONDS)
            stamp.write_text(wanted)
        for script in HERE.glob("*.mjs"):
            copy = INSTALLED / script.name
            if not copy.exists() or copy.read_text() != script.read_text():  # it may be running elsewhere
                shutil.copy(script, copy)
    return INSTALLED


@pytest.fixture(scope="session")
def client(node_clients: Path) -> RunClient:
    """Answer what runs a client in Node and answers its outcome."""

    def run(script: str, asked: Mapping[str, Any], **environment: str) -> Any:
        said = subprocess.run(
            ["node", script, json.dumps(asked)],
            cwd=node_clients,
            env={**os.environ, **environment},
            capture_output=True,
            text=True,
            timeout=CLIENT_SECONDS,
            check=False,
        )
        assert said.returncode == 0, said.stderr
        return json.loads(said.stdout.splitlines()[-1])

    return run


@pytest.fixture(scope="session")
def memory(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """The gateway alone, with a function in memory, on HTTP and on TLS: its addresses, key and authority."""
    command = [sys.executable, "-m", "benchmarks.gateway.serve", "--tls", str(tmp_path_factory.mktemp("tls"))]
    with subprocess.Popen(command, cwd=CHECKOUT, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout
            yield json.loads(process.stdout.readline())
        finally:
            process.terminate()
