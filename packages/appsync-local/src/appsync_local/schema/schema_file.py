"""A schema in a file, served anew when it has changed."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from appsync_local.errors import UnsupportedFeatureError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


class SchemaFile:
    """Reads the file again before a request when its time or size has changed; nothing is watched."""

    def __init__(
        self,
        path: Path,
        report: Callable[[str], None],
        *,
        check_every: float = 0.2,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Name the file.

        Args:
            path: SDL.
            report: Gets a line for people when a changed schema is served, or cannot be.
            check_every: Seconds between two looks at the file.
            clock: Seconds.
        """
        self._path = path
        self._report = report
        self._check_every = check_every
        self._clock = clock
        self._next_check = float("-inf")
        self._stamp: tuple[int, int] | None = None

    def refresh(self, served: str, load: Callable[[str], None]) -> None:
        """Load the schema if the file has changed.

        Args:
            served: The schema that is served now.
            load: Serves another one, or raises UnsupportedFeatureError and goes on with the one before.
        """
        now = self._clock()
        if now < self._next_check:
            return
        self._next_check = now + self._check_every
        try:
            status = self._path.stat()
            stamp = status.st_mtime_ns, status.st_size
            if stamp == self._stamp:
                return
            text = self._path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            return  # somebody is writing it: the next look finds it
        self._stamp = stamp
        if text != served:
            self._load(text, load)

    def _load(self, text: str, load: Callable[[str], None]) -> None:
        name = self._path.name
        try:
            load(text)
        except UnsupportedFeatureError as error:
            self._report(f"{name} has changed and is not served, the one before is. {error}")
        else:
            self._report(f"{name} has changed and is served")
