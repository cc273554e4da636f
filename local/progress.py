"""Progress of `make start`: one line for each step, with the seconds since the start."""

import sys
import time
from collections.abc import Callable


class Progress:
    """Prints steps; `seconds` is the time since it was made."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._began = clock()

    @property
    def seconds(self) -> float:
        return self._clock() - self._began

    def say(self, what: str) -> None:
        """Print one step."""
        print(f"{self.seconds:6.1f} s  {what}", flush=True)


def fail(message: str) -> None:
    """Print why the system cannot run."""
    print(message, file=sys.stderr, flush=True)
