"""The handler that awslambdaric runs on the local AWS: it passes each event to the working tree's handler.

Standard output goes to the local AWS and, line by line, to the function's own file in the log folder.
"""

import contextlib
import os
import sys
from pathlib import Path
from typing import Any, TextIO

from local.settings import CHECKOUT, RELOADED_PACKAGES
from local.workers.working_tree import HandlerLoadError, WorkingTree


class Tee:
    """A standard output that also writes to a file, in lines that a terminal shows (awslambdaric ends some with CR)."""

    def __init__(self, output: TextIO, copy: TextIO) -> None:
        self._output, self._copy = output, copy

    def write(self, text: str) -> int:
        self._copy.write(text.replace("\r", "\n"))
        return self._output.write(text)

    def writelines(self, lines: list[str]) -> None:
        self.write("".join(lines))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._output, name)


def _keep_output(folder: Path) -> None:
    log = (folder / f"{os.environ['AWS_LAMBDA_FUNCTION_NAME']}.log").open("a", buffering=1, encoding="utf-8")
    sys.stdout = Tee(sys.stdout, log)
    sys.stderr = Tee(sys.stderr, log)


_output = sys.stdout
_keep_output(Path(os.environ["TASKBELL_LOGS"]))
_tree = WorkingTree(CHECKOUT, RELOADED_PACKAGES, os.environ["_HANDLER"])
with contextlib.suppress(HandlerLoadError):  # reported to the caller of the first invocation
    _tree.handler()


def handle(event: Any, context: Any) -> Any:
    """Run one invocation with the current source files."""
    try:
        return _tree.handler()(event, context)
    finally:
        # The local AWS waits 50 ms for the first line of an invocation's log, and 5 ms after a line: write one.
        _output.write("\n")
