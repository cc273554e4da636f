"""What only one running system can have: the lock on its state folder, and its ports."""

import fcntl
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager

from local.settings import LOOPBACK, Settings


class AlreadyTaken(Exception):
    """Another process has the state folder or a port."""


@contextmanager
def lock(settings: Settings) -> Iterator[None]:
    """Hold the state folder; the kernel lets go of the lock when the process ends, however it ends."""
    settings.state.mkdir(parents=True, exist_ok=True)
    with (settings.state / "lock").open("a+", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            holder = file.read().strip() or "another process"
            hint = "Stop it first, or start another one with its own PORT and TASKBELL_STATE."
            raise AlreadyTaken(f"Taskbell already runs here ({holder}). {hint}") from None
        file.truncate(0)
        file.write(f"process {os.getpid()}, {settings.graphql_url}\n")
        file.flush()
        yield


def listen(settings: Settings) -> socket.socket:
    """The gateway's socket, listening; it is taken first, so that a taken port is told before anything is done."""
    listening = _bound(settings.port, "PORT")
    try:
        _bound(settings.aws_port, "AWS_PORT").close()
    except AlreadyTaken:
        listening.close()
        raise
    listening.listen(2048)
    listening.setblocking(False)
    return listening


def _bound(port: int, name: str) -> socket.socket:
    found = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        found.bind((LOOPBACK, port))
    except OSError as error:
        found.close()
        raise AlreadyTaken(f"Port {port} is not free ({error.strerror}). Choose another one with {name}.") from error
    return found
