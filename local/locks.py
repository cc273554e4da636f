"""Locks on the state folder: one system at a time, and no start before the previous local AWS has ended."""

import fcntl
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from local.ports import PortInUseError
from local.settings import Settings


class AlreadyRunningError(Exception):
    """Another process holds the state folder."""


@contextmanager
def lock(settings: Settings) -> Iterator[None]:
    """Lock the state folder; the kernel releases the lock when the process ends, however it ends."""
    made = not settings.state.exists()
    settings.state.mkdir(parents=True, exist_ok=True)
    with (settings.state / "lock").open("a+", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            holder = file.read().strip() or "another process"
            hint = "Stop it first, or start another one with its own PORT and TASKBELL_STATE."
            raise AlreadyRunningError(f"Taskbell already runs here ({holder}). {hint}") from None
        file.truncate(0)
        file.write(f"process {os.getpid()}, {settings.graphql_url}\n")
        file.flush()
        try:
            yield
        except (AlreadyRunningError, PortInUseError):
            if made:  # by this start, which is refused: there is nothing else in it
                (settings.state / "lock").unlink()
                settings.state.rmdir()
            raise


@contextmanager
def aws_lock(state: Path) -> Iterator[int]:
    """A descriptor whose lock the local AWS inherits and holds until it ends."""
    with (state / "aws.lock").open("a+") as file:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield file.fileno()


def wait_for_former_aws(settings: Settings, say: Callable[[str], None], timeout_seconds: float = 60) -> None:
    """Wait while the local AWS of a system that was killed has not ended, in this folder."""
    if not (settings.state / "aws.lock").exists():
        return
    with (settings.state / "aws.lock").open("a+") as file:
        if _try_lock(file):
            return
        say("The last system here was killed, and its local AWS is still ending. Waiting for that.")
        deadline = time.monotonic() + timeout_seconds
        while not _try_lock(file):
            if time.monotonic() > deadline:
                raise AlreadyRunningError(
                    f"The local AWS of the last system here has not ended in {timeout_seconds:.0f} s."
                )
            time.sleep(0.1)  # flock waits without end or not at all


def _try_lock(file: IO[str]) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
