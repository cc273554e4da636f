"""The process that hosts the devices' clients: one for all runs of a Python process."""

import atexit
import json
import subprocess
from collections.abc import Sequence
from functools import cache
from typing import Any

from tests.support.sync_client import build_sync_client

Effect = dict[str, Any]


class Node:
    """Clients in Node: a command makes one of them run until it waits; what it did comes back."""

    def __init__(self) -> None:
        command = ["node", str(build_sync_client() / "tests" / "host.js")]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        atexit.register(self.end)

    def do(self, command: dict[str, Any]) -> Sequence[Effect]:
        """Pass a command to a device."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps(command).encode() + b"\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"Node ended with {self._process.wait()}.")
        effects: list[Effect] = json.loads(line)
        return effects

    def end(self) -> None:
        """End the process."""
        with self._process as process:
            process.kill()


@cache
def node() -> Node:
    """Return the process."""
    return Node()
