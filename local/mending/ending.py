"""How ministack ends: its functions finish what they do, then it saves, then the process is gone.

Left to itself it saves while functions and workflows go on; what they change meanwhile makes the saving of a whole
service fail, and what they meet (a killed function, a server that has left) is saved as their failure.
"""

import asyncio
import logging
import os
import signal
import sys
from collections.abc import Callable, Mapping
from typing import Any

NOT_SAVED = 3
GetState = Callable[[], dict[str, Any] | None]
SaveAll = Callable[[Mapping[str, GetState]], None]


async def wait_for_signal() -> None:
    """Wait for SIGTERM; a signal before this ends the process as it is."""
    asked = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, asked.set)
    await asked.wait()


async def wait_until(holds: Callable[[], bool], patience: float) -> bool:
    """Whether it holds before the patience (in seconds) is over."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + patience
    while not holds():
        if loop.time() >= deadline:
            return False
        await asyncio.sleep(0.01)
    return True


def save(save_all: SaveAll, services: Mapping[str, GetState]) -> int:
    """Save every service; the exit status: 0, or NOT_SAVED when one of them was not (ministack logs which)."""
    failures: list[logging.LogRecord] = []
    counting = logging.Handler(logging.ERROR)
    counting.emit = failures.append  # type: ignore[assignment,method-assign]
    logger = logging.getLogger("persistence")
    logger.addHandler(counting)
    try:
        save_all({name: _steady(get_state) for name, get_state in services.items()})
    finally:
        logger.removeHandler(counting)
    return NOT_SAVED if failures else 0


def _steady(get_state: GetState, attempts: int = 20) -> GetState:
    """Copies again when a thread that still ran has changed the state under the copying."""

    def again() -> dict[str, Any] | None:
        for _ in range(attempts - 1):
            try:
                return get_state()
            except RuntimeError:
                continue
        return get_state()

    return again


def leave(status: int) -> None:
    """End the process now: whatever thread is left has nothing to say any more."""
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)
