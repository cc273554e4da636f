"""Reloads the handler when a source file has changed.

Lambda imports a handler once; a developer saves a file and expects the next call to run it. So before an invocation the
packages' files are checked (names, times and sizes; nothing is watched), and after a change their modules are imported
again. Other packages (boto3, Powertools) stay loaded.
"""

import importlib
import importlib.util
import os
import sys
import time
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

Handler = Callable[[Any, Any], Any]
Snapshot = Mapping[str, tuple[int, int]]


class HandlerLoadError(Exception):
    """The handler's module, or one that it imports, cannot be imported."""


class WorkingTree:
    """Loads the handler `module.function`, again when a source file of the packages has changed."""

    def __init__(
        self,
        checkout: Path,
        packages: Sequence[str],
        handler: str,
        *,
        check_every: float = 0.2,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._checkout = checkout
        self._folders = tuple(packages)
        self._packages = {Path(folder).name for folder in packages}
        self._module, _, self._function = handler.rpartition(".")
        self._check_every = check_every
        self._clock = clock
        self._next_check = float("-inf")
        self._files: Snapshot = {}
        self._loaded: Handler | None = None

    def handler(self) -> Handler:
        """The current handler; raises HandlerLoadError, naming file and line, while a file does not import."""
        if self._loaded is None or self._clock() >= self._next_check:
            self._check_files()
        return self._loaded or self._load()

    def _check_files(self) -> None:
        files = dict(_source_files(self._checkout, self._folders))
        if files != self._files:
            self._unload(path for path in files.keys() | self._files.keys() if files.get(path) != self._files.get(path))
            self._files = files
        self._next_check = self._clock() + self._check_every

    def _unload(self, changed: Iterator[str]) -> None:
        for path in changed:
            # Byte code knows its source by whole seconds and size: a second save within a second would go unseen.
            Path(importlib.util.cache_from_source(path)).unlink(missing_ok=True)
        for name in [name for name in sys.modules if name.partition(".")[0] in self._packages]:
            del sys.modules[name]
        importlib.invalidate_caches()
        self._loaded = None

    def _load(self) -> Handler:
        if self._module.partition(".")[0] not in self._packages:
            raise HandlerLoadError(f"{self._module} is not in {', '.join(sorted(self._packages))}.")
        try:
            handler: Handler = getattr(importlib.import_module(self._module), self._function)
        except Exception as error:
            raise HandlerLoadError(self._describe(error)) from error
        self._loaded = handler
        return handler

    def _describe(self, error: Exception) -> str:
        what = f"{type(error).__name__}: {error.msg if isinstance(error, SyntaxError) else error}"
        if isinstance(error, SyntaxError) and error.filename:
            return f"{self._relative(error.filename)}:{error.lineno}: {what}"
        frames = [
            f for f in traceback.extract_tb(error.__traceback__) if Path(f.filename).is_relative_to(self._checkout)
        ]
        ours = [frame for frame in frames if self._relative(frame.filename).startswith(self._folders)]
        where = f"{self._relative(ours[-1].filename)}:{ours[-1].lineno}" if ours else f"{self._module}.{self._function}"
        return f"{where}: {what}"

    def _relative(self, filename: str) -> str:
        path = Path(filename)
        return str(path.relative_to(self._checkout)) if path.is_relative_to(self._checkout) else filename


def _source_files(checkout: Path, packages: Sequence[str]) -> Iterator[tuple[str, tuple[int, int]]]:
    folders = [os.fspath(checkout / folder) for folder in packages]
    while folders:
        folder = folders.pop()
        if not Path(folder).is_dir():
            continue
        with os.scandir(folder) as entries:
            for entry in entries:
                if entry.name.endswith(".py"):
                    status = entry.stat()
                    yield entry.path, (status.st_mtime_ns, status.st_size)
                elif entry.is_dir() and entry.name != "__pycache__":
                    folders.append(entry.path)
