"""HTTP as bytes: what no client would send, and what browsers do."""

import contextlib
import re
import socket
import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from local.settings import LOOPBACK
from tests.support.local_system import LocalSystem

Headers = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Reply:
    """The first response on a connection; names of headers are in lower case."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def is_readable(self) -> bool:
        """Whether a browser would let a page of another origin read it."""
        return any(name.startswith("access-control-allow") for name in self.headers)


@dataclass(frozen=True)
class Port:
    """One listening port of the system, and whether it speaks TLS."""

    number: int
    authority: str | None = None

    def send(
        self,
        method: str,
        target: str,
        headers: Headers = (),
        body: bytes = b"",
        *,
        host: str | None = "127.0.0.1",
        sized: bool = True,
    ) -> Reply:
        """Send one request with these headers alone, `Host` first (None leaves it out), and read one response."""
        length = [("Content-Length", str(len(body)))] if sized else []
        listed = [*([("Host", host)] if host is not None else []), *headers, *length]
        lines = [f"{method} {target} HTTP/1.1", *(f"{name}: {value}" for name, value in listed), "", ""]
        with self._connection() as connection:
            connection.sendall("\r\n".join(lines).encode("latin-1") + body)
            return _read(connection)

    def shake_hands(self, path: str, headers: Headers = (), host: str = "127.0.0.1") -> Reply:
        """Ask for a WebSocket."""
        upgrade = [
            ("Connection", "Upgrade"),
            ("Upgrade", "websocket"),
            ("Sec-WebSocket-Version", "13"),
            ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="),
            ("Sec-WebSocket-Protocol", "graphql-transport-ws"),
        ]
        return self.send("GET", path, [*upgrade, *headers], host=host)

    def _connection(self) -> socket.socket:
        plain = socket.create_connection((LOOPBACK, self.number), timeout=30)
        if self.authority is None:
            return plain
        return ssl.create_default_context(cafile=self.authority).wrap_socket(plain, server_hostname="localhost")


def _read(connection: socket.socket) -> Reply:
    received = b""
    with contextlib.suppress(ConnectionError):
        while b"\r\n\r\n" not in received and (more := connection.recv(65_536)):
            received += more
        head, _, body = received.partition(b"\r\n\r\n")
        length = re.search(rb"\r\ncontent-length: *(\d+)", head, re.IGNORECASE)
        while length and len(body) < int(length[1]) and (more := connection.recv(65_536)):
            body += more
    if not received:
        return Reply(0, {}, b"")
    status, *lines = head.decode("latin-1").split("\r\n")
    named = [line.partition(":") for line in lines]
    return Reply(int(status.split()[1]), {name.lower(): value.strip() for name, _, value in named}, body)


def ports_of(system: LocalSystem) -> dict[str, Port]:
    """Return every port of a system that has served a request, by its purpose."""
    settings = system.settings
    return {
        "graphql": Port(settings.port),
        "tls": Port(settings.tls_port, system.connection["certificateAuthority"]),
        "rest": Port(settings.rest_port),
        "aws": Port(settings.aws_port),
        "runtime": Port(runtime_port(settings.logs)),
    }


def runtime_port(logs: Path) -> int:
    """Return the port of a function's Runtime API."""
    return int(environment_of_a_function(logs)["AWS_LAMBDA_RUNTIME_API"].rpartition(":")[2])


def environment_of_a_function(logs: Path) -> dict[str, str]:
    """Return the environment of a running function; Linux only."""
    for environment in Path("/proc").glob("[0-9]*/environ"):
        with contextlib.suppress(OSError):
            variables = dict(each.partition("=")[::2] for each in environment.read_text().split("\0"))
            if variables.get("TASKBELL_LOGS") == str(logs) and "AWS_LAMBDA_RUNTIME_API" in variables:
                return variables
    raise AssertionError("No function is running.")
