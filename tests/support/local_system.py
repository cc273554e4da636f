"""A whole local system in a process of its own, for tests: free ports, its own state folder."""

import json
import os
import random
import re
import signal
import socket
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from local.settings import CHECKOUT, LOOPBACK, Settings

READY_WITHIN = 120
_NOT_FOR_CONNECTIONS = range(20_000, 32_000)  # Linux gives connections ports from 32,768 on, other systems higher ones
STOPPED_WITHIN = 90


@dataclass(frozen=True)
class LocalSystem:
    """A running system: where it is, and what one needs to talk to it."""

    settings: Settings
    process: "subprocess.Popen[str]"
    seconds_to_ready: float
    said: tuple[str, ...] = ()  # until it was ready
    later: deque[str] = field(default_factory=lambda: deque(maxlen=1_000))  # what it says after that

    @property
    def connection(self) -> dict[str, Any]:
        """What connection.json holds."""
        connection: dict[str, Any] = json.loads((self.settings.state / "connection.json").read_text())
        return connection

    @property
    def environment(self) -> dict[str, str]:
        """The environment of programs that should find this system."""
        return environment_of(self.settings)

    def graphql(
        self, query: str, variables: Mapping[str, Any] | None = None, **headers: str
    ) -> tuple[int, dict[str, Any]]:
        """POST a request as the guest (or with other headers); the status and the body."""
        credentials = headers or {"x-api-key": self.connection["apiKey"]}
        body = json.dumps({"query": query, "variables": variables or {}}).encode()
        return self.fetch("/graphql", body, **credentials)

    def fetch(self, path: str, body: bytes | None = None, **headers: str) -> tuple[int, dict[str, Any]]:
        """GET, or POST a body, at the gateway; the status and the JSON that it answers."""
        url = f"http://{LOOPBACK}:{self.settings.port}{path}"
        request = urllib.request.Request(url, data=body, headers={"content-type": "application/json", **headers})
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310 - always http, on loopback
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as error:
            with error:
                return error.code, json.load(error)

    def token(self, name: str) -> str:
        """An access token of one of the local users."""
        _, tokens = self.fetch(f"/local/token/{name}")
        return str(tokens["accessToken"])

    def stop(self, number: int = signal.SIGTERM) -> int:
        """Stop it by a signal; its exit status."""
        self.process.send_signal(number)
        return self.process.wait(timeout=STOPPED_WITHIN)


def free_settings(state: Path) -> Settings:
    """Settings with ports that nobody uses now."""
    with ExitStack() as held:
        taken = [held.enter_context(_listening()) for _ in range(4)]
        port, aws_port, rest_port, tls_port = (each.getsockname()[1] for each in taken)
    return Settings(port=port, aws_port=aws_port, rest_port=rest_port, tls_port=tls_port, state=state)


def free_port() -> int:
    """A port that nobody uses now."""
    with _listening() as taken:
        return int(taken.getsockname()[1])


def _listening() -> socket.socket:
    """Listen on a port that nobody uses, and that no outgoing connection gets between two starts of a system."""
    for port in random.sample(_NOT_FOR_CONNECTIONS, 100):
        with suppress(OSError):
            return socket.create_server((LOOPBACK, port))
    raise OSError("A hundred ports were in use.")


def environment_of(settings: Settings) -> dict[str, str]:
    """The environment variables that lead to these settings."""
    names = ("PORT", "AWS_PORT", "REST_PORT", "TLS_PORT", "FUNCTIONS_PORT")
    ports = {name: str(getattr(settings, name.lower()) or "") for name in names}
    return {**os.environ, **ports, "TASKBELL_STATE": os.fspath(settings.state)}


def start(settings: Settings, checkout: Path = CHECKOUT) -> "subprocess.Popen[str]":
    """Start a system as `make start` does, without waiting for it."""
    return subprocess.Popen(
        [sys.executable, "-m", "local"], cwd=checkout, env=environment_of(settings),
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip


@contextmanager
def running(settings: Settings, checkout: Path = CHECKOUT) -> Iterator[LocalSystem]:
    """A system that is ready, stopped at the end if the test has not done so."""
    process = start(settings, checkout)
    assert process.stdout is not None
    with process.stdout as output:
        later: deque[str] = deque(maxlen=1_000)
        reader = threading.Thread(target=lambda: later.extend(output))  # a full pipe would stop the system
        try:
            ready = _wait_until_ready(process)
            reader.start()
            yield LocalSystem(settings, process, *ready, later)
        finally:
            if process.poll() is None:
                process.terminate()
                process.wait(timeout=STOPPED_WITHIN)
            if reader.ident:
                reader.join()


def processes_of(state: Path) -> dict[int, str]:
    """The command lines of the processes that belong to a state folder, by process id (Linux)."""
    found = {}
    for process in Path("/proc").glob("[0-9]*"):
        try:
            environment, command = (process / "environ").read_bytes(), (process / "cmdline").read_bytes()
        except OSError:
            continue
        if os.fsencode(state) in environment and str(os.getpid()) != process.name:
            found[int(process.name)] = command.replace(b"\0", b" ").decode()
    return found


def _wait_until_ready(process: "subprocess.Popen[str]") -> tuple[float, tuple[str, ...]]:
    assert process.stdout is not None
    giving_up = threading.Timer(READY_WITHIN, process.kill)
    giving_up.start()
    said = []
    try:
        for line in process.stdout:
            said.append(line)
            if ready := re.match(r"\s*([\d.]+) s  Taskbell is ready", line):
                return float(ready[1]), tuple(said)
    finally:
        giving_up.cancel()
    raise AssertionError(f"The local system did not start:\n{''.join(said)}")
