"""One lock around what ministack does in several steps on several threads."""

import threading
from collections.abc import Callable
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


def locked(function: Callable[P, T], lock: threading.RLock) -> Callable[P, T]:
    """Return the function, called under the lock."""

    def call(*arguments: P.args, **named: P.kwargs) -> T:
        with lock:
            return function(*arguments, **named)

    return call
