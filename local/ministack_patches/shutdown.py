"""Stops ministack in order: running invocations finish, the state is saved, the process exits.

Unpatched, ministack saves while functions and workflows still run: their changes make saving a service fail, and the
shutdown's own effects (a killed function, a closed server) are saved as their failures.
"""

import asyncio
import ctypes
import importlib
import logging
import os
import signal
import sys
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import Any

NOT_SAVED = 3
GetState = Callable[[], dict[str, Any] | None]
SaveAll = Callable[[Mapping[str, GetState]], None]


async def wait_for_signal() -> None:
    """Wait for SIGTERM; a signal before this ends the process at once."""
    requested = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, requested.set)
    await requested.wait()


async def wait_until(holds: Callable[[], bool], timeout_seconds: float) -> bool:
    """Return whether the condition holds within the time."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + timeout_seconds
    while not holds():
        if loop.time() >= deadline:
            return False
        await asyncio.sleep(0.01)
    return True


def save(save_all: SaveAll, services: Mapping[str, GetState]) -> int:
    """Save every service, and return the exit status: 0, or NOT_SAVED if one failed (ministack logs which)."""
    failures: list[logging.LogRecord] = []
    counting = logging.Handler(logging.ERROR)
    counting.emit = failures.append  # type: ignore[assignment,method-assign]
    logger = logging.getLogger("persistence")
    logger.addHandler(counting)
    try:
        save_all({name: _retry_on_change(get_state) for name, get_state in services.items()})
    finally:
        logger.removeHandler(counting)
    return NOT_SAVED if failures else 0


def _retry_on_change(get_state: GetState, attempts: int = 20) -> GetState:
    """Retry when another thread changed the state during the copy."""

    def again() -> dict[str, Any] | None:
        for _ in range(attempts - 1):
            try:
                return get_state()
            except RuntimeError:
                continue
        return get_state()

    return again


def exit_now(status: int) -> None:
    """Exit at once, without waiting for the remaining threads."""
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)


def end_with_parent() -> None:
    """On Linux, have the kernel signal this process when its parent dies."""
    if sys.platform == "linux":
        set_parent_death_signal = 1
        ctypes.CDLL(None).prctl(set_parent_death_signal, signal.SIGTERM)


def stop_in_order(drain: Callable[[], Awaitable[None]]) -> None:
    """On SIGTERM, drain the functions while requests are still served, then save and exit."""
    hypercorn: Any = importlib.import_module("hypercorn.asyncio")
    app: Any = importlib.import_module("ministack.app")

    async def stop() -> None:
        await wait_for_signal()
        await drain()
        exit_now(save(app.save_all, app._build_persistence_save_dict()))  # noqa: SLF001

    hypercorn.serve = partial(hypercorn.serve, shutdown_trigger=stop)
