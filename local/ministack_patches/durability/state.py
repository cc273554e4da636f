"""The state of ministack: restored when it starts, and saved in commits a fraction of a second apart.

A commit holds one cut of all services: what has been acknowledged before the cut is in it, and nothing that happened
after it. So no position in a stream is ahead of the queue, and no message is deleted without its effects. A killed
process therefore loses what happened since the last commit and nothing else.

A start is atomic too: until the system is told to `begin`, nothing is saved, polled or continued. One that is killed
before has done nothing.
"""

import asyncio
import gc
import importlib
import threading
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from local.ministack_patches.durability.database import Change, StateDatabase
from local.ministack_patches.durability.executions import Executions
from local.ministack_patches.durability.items import Items
from local.ministack_patches.durability.locking import locked
from local.ministack_patches.durability.queues import Queues
from local.ministack_patches.durability.settings import Settings, changes_settings
from local.ministack_patches.durability.streams import Streams

INTERVAL = 0.2  # seconds from one commit to the next cut
App = Callable[[Any, Any, Any], Awaitable[None]]


class State:
    """All that is kept; `begun` is set when the system begins to work."""

    def __init__(self, folder: Path, begun: threading.Event) -> None:
        self.begun = begun
        self._database = StateDatabase(folder)
        self._lock = threading.RLock()
        self._app = _module("app")
        names = ("dynamodb", "lambda_svc", "sqs", "stepfunctions")
        dynamodb, functions, sqs, stepfunctions = map(_service, names)
        self._settings = Settings(self._modules, _module("core.persistence"))
        self._executions = Executions(stepfunctions, _module("core.responses").request_scope, self._lock)
        self._collections = (
            Items(dynamodb, self._lock),
            Streams(dynamodb, functions, self._lock),
            Queues(sqs, self._lock),
            self._executions,
        )
        _keep_code_with_functions(functions)
        send = functions._send_ddb_stream_failure_record  # noqa: SLF001
        functions._send_ddb_stream_failure_record = locked(send, self._lock)  # noqa: SLF001
        self._wake_pollers: Callable[[], None] = functions.esm_wake.set
        self._app._load_persisted_state = self.restore  # noqa: SLF001

    def watched(self, app: App) -> App:
        """Return the application, noticing requests that may change settings."""

        async def watching(scope: Any, receive: Any, send: Any) -> None:
            async def send_noticing(message: Any) -> None:
                if message["type"] == "http.response.start" and _changes_settings(scope):
                    self._settings.touched = True
                await send(message)

            await app(scope, receive, send_noticing)

        return watching

    async def save_until(self, stopping: asyncio.Event) -> None:
        """Save from the moment when the system begins until it stops, and then for the last time.

        When it raises anything, the state could not be saved, and nothing more may be acknowledged.
        """
        began = False
        while not stopping.is_set():
            if self.begun.is_set():
                began = began or self._begin()
                if changes := self._cut():
                    await asyncio.to_thread(self._database.commit, changes)
            with suppress(TimeoutError):
                await asyncio.wait_for(stopping.wait(), INTERVAL)
        if began:
            self._database.commit(self._cut(), orderly=True)

    def _begin(self) -> bool:
        self._executions.continue_all()
        self._wake_pollers()
        return True

    def _cut(self) -> list[Change]:
        """What changed since the last cut. It is made by the thread that serves requests, so none is half done."""
        with self._lock:
            return [change for each in (*self._collections, self._settings) for change in each.cut()]

    def save(self) -> None:
        """Save what has changed since the last time, at once."""
        self._database.commit(self._cut())

    def restore(self) -> None:
        """Restore what was saved; the garbage collector would search it in vain, again and again while it grows."""
        gc.disable()
        try:
            self._load()
        finally:
            gc.freeze()
            gc.enable()

    def _load(self) -> None:
        settings = self._settings.load(self._database)
        for service, module in self._app._state_map.items():  # noqa: SLF001
            if service in settings:
                self._app._get_module(module).load_persisted_state(settings[service])  # noqa: SLF001
        for each in self._collections:
            each.load(self._database)

    def _modules(self) -> Mapping[str, Any]:
        loaded = self._app._build_persistence_save_dict()  # noqa: SLF001
        return {service: _service(self._app._state_map[service]) for service in loaded}  # noqa: SLF001


def _module(name: str) -> Any:
    return importlib.import_module(f"ministack.{name}")


def _service(name: str) -> Any:
    return _module(f"services.{name}")


def _changes_settings(scope: Any) -> bool:
    target = dict(scope["headers"]).get(b"x-amz-target", b"").decode("latin-1")
    return changes_settings(scope["method"], scope["path"], target)


def _keep_code_with_functions(functions: Any) -> None:
    """ministack would write a function's package to a file of its own, which is in no commit."""
    functions._externalize_code_zip = lambda *_: None  # noqa: SLF001
    functions._prune_orphan_code_blobs = lambda *_: None  # noqa: SLF001
