"""Clients that are not ours: installed once for each lock file, run as the programs that they are."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from local.settings import CHECKOUT

HERE = Path(__file__).resolve().parent
INSTALLED = CHECKOUT / ".build" / "clients"
NPM_SECONDS, CLIENT_SECONDS = 300, 60

RunClient = Callable[..., Any]


def install() -> Path:
    """Install the clients' packages as the lock file says; the folder that holds the clients."""
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
        for script in HERE.rglob("*.mjs"):
            write_if_changed(INSTALLED / script.relative_to(HERE), script.read_text())
    return INSTALLED


def write_if_changed(file: Path, text: str) -> bool:
    """Write a file unless it has this text: it may be running elsewhere."""
    if file.exists() and file.read_text() == text:
        return False
    file.parent.mkdir(exist_ok=True)
    file.write_text(text)
    return True


def run_client(script: str, arguments: Mapping[str, Any], **environment: str) -> Any:
    """Run a client in Node, and return its result."""
    said = subprocess.run(
        ["node", script, json.dumps(arguments)],
        cwd=INSTALLED,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=CLIENT_SECONDS + arguments.get("seconds", 0),
        check=False,
    )
    assert said.returncode == 0, said.stderr
    return json.loads(said.stdout.splitlines()[-1])
