"""The code of the documentation, where the clients can import it."""

from __future__ import annotations

import fcntl
import json
import re
import subprocess
from pathlib import Path

from local.settings import CHECKOUT
from tests.e2e.clients.running import INSTALLED, install, write_if_changed
from tests.support.sync_client import SYNC_CLIENT, build_sync_client

PAGES = ("docs/how-to/caches.md", "docs/how-to/offline.md")
FOLDER = INSTALLED / "docs"
_CODE = re.compile(r"^```js\n// (\S+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def code_of(page: str) -> dict[str, str]:
    """The code of a page by file name: each block names its file in its first line."""
    return dict(_CODE.findall((CHECKOUT / page).read_text()))


def install_documented() -> Path:
    """Install the clients, the sync client, and what the documentation says; the folder of that code."""
    install()
    with (INSTALLED / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        _link_sync_client()
        for page in PAGES:
            for name, text in code_of(page).items():
                write_if_changed(FOLDER / name, text)
        _compile_for_relay()
    return FOLDER


def _link_sync_client() -> None:
    build_sync_client()
    scope = INSTALLED / "node_modules" / "@taskbell"
    scope.mkdir(exist_ok=True)
    if not (scope / "sync-client").exists():
        (scope / "sync-client").symlink_to(SYNC_CLIENT)


def _compile_for_relay() -> None:
    schema, artifacts = CHECKOUT / "schema.client.graphql", FOLDER / "__generated__"
    compiled, wanted = artifacts / "compiled.txt", schema.read_text() + (FOLDER / "Tasks.js").read_text()
    if compiled.exists() and compiled.read_text() == wanted:
        return
    artifacts.mkdir(exist_ok=True)
    settings = {
        "src": str(FOLDER),
        "schema": str(schema),
        "language": "javascript",
        "artifactDirectory": str(artifacts),
    }
    (INSTALLED / "relay.config.json").write_text(json.dumps(settings))
    command = [str(INSTALLED / "node_modules" / ".bin" / "relay-compiler"), "relay.config.json"]
    done = subprocess.run(command, cwd=INSTALLED, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    compiled.write_text(wanted)
