"""What only one running system can have: the lock on its state folder, and its ports."""

import fcntl
import os
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from local.settings import LOOPBACK, Settings


class AlreadyTaken(Exception):
    """Another process has the state folder or a port."""


@contextmanager
def lock(settings: Settings) -> Iterator[None]:
    """Hold the state folder; the kernel lets go of the lock when the process ends, however it ends."""
    made = not settings.state.exists()
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
        try:
            yield
        except AlreadyTaken:
            if made:  # by this start, which is refused: there is nothing else in it
                (settings.state / "lock").unlink()
                settings.state.rmdir()
            raise


@contextmanager
def aws_lock(state: Path) -> Iterator[int]:
    """A descriptor whose lock the local AWS inherits and holds until it has ended."""
    with (state / "aws.lock").open("a+") as file:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield file.fileno()


def wait_for_former_aws(settings: Settings, say: Callable[[str], None], patience: float = 60) -> None:
    """Wait while the local AWS of a system that was killed still saves its state, in this folder."""
    if not (settings.state / "aws.lock").exists():
        return
    with (settings.state / "aws.lock").open("a+") as file:
        if _take(file):
            return
        say("The last system here was killed, and its local AWS is still saving. Waiting for that.")
        deadline = time.monotonic() + patience
        while not _take(file):
            if time.monotonic() > deadline:
                raise AlreadyTaken(f"The local AWS of the last system here has not ended in {patience:.0f} s.")
            time.sleep(0.1)  # flock waits without end or not at all


def _take(file: IO[str]) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def listen(settings: Settings) -> socket.socket:
    """The gateway's socket, listening; it is taken first, so that a taken port is told before anything is done."""
    listening = _bound(settings.port, "PORT")
    try:
        _bound(settings.aws_port, "AWS_PORT").close()
    except AlreadyTaken:
        listening.close()
        raise
    return _listening(listening)


def listen_tls(settings: Settings) -> socket.socket:
    """The socket for the gateway over TLS, listening. Raises AlreadyTaken."""
    return _listening(_bound(settings.tls_port, "TLS_PORT"))


def _listening(bound: socket.socket) -> socket.socket:
    bound.listen(2048)
    bound.setblocking(False)
    return bound


def _bound(port: int, name: str) -> socket.socket:
    found = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        found.bind((LOOPBACK, port))
    except OSError as error:
        found.close()
        raise AlreadyTaken(f"Port {port} is not free ({error.strerror}). Choose another one with {name}.") from error
    return found
