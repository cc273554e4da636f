"""Runs ministack until it is stopped, and stops it at once: a stop is a kill after a last save.

Functions and workflows that are running are interrupted as by a kill, and repeated at the next start as after one.
"""

import asyncio
import ctypes
import importlib
import logging
import os
import signal
import sys
import threading
from collections.abc import Callable
from typing import Any

from local.ministack_patches.durability.state import State

NOT_SAVED = 3


def begin_at_signal() -> threading.Event:
    """Return an event that SIGUSR1 sets: the system around ministack is ready, and it may begin to work."""
    begun = threading.Event()
    signal.signal(signal.SIGUSR1, lambda *_: begun.set())
    return begun


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


def save_and_stop(state: State, kill_functions: Callable[[], None]) -> None:
    """Save while ministack serves; on SIGTERM save for the last time, kill the functions and exit."""
    hypercorn: Any = importlib.import_module("hypercorn.asyncio")
    serve = hypercorn.serve

    async def run() -> None:
        stopping = asyncio.Event()
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopping.set)
        status = 0
        try:
            await state.save_until(stopping)
        except Exception:  # whatever it was: what is acknowledged must be saved
            logging.getLogger("persistence").exception("The state cannot be saved any more.")
            status = NOT_SAVED
        kill_functions()
        exit_now(status)

    def serve_watched(app: Any, config: Any) -> Any:
        return serve(state.watched(app), config, shutdown_trigger=run)

    hypercorn.serve = serve_watched
