"""Limits the concurrent invocations of a function, and discards the results of those that a stop interrupts.

ministack starts one process for each concurrent invocation, without a limit: five hundred workflows that wake at once
would start five hundred processes. Here further invocations wait; none is throttled.
"""

import threading
from collections.abc import Callable
from typing import Any, NoReturn

Function = dict[str, Any]
Result = dict[str, Any]
Invoke = Callable[[Function, Any, str], Result]


class ConcurrencyLimit:
    """Invokes at most `at_once` invocations of each function; called from many threads.

    Before the process ends, `close` blocks the invocations that have not begun, until the process ends. `cut_off` also
    blocks those that are running: otherwise an execution or a batch would record the killed function as its failure,
    and that would be saved.
    """

    def __init__(self, invoke: Invoke, at_once: int = 4) -> None:
        self._invoke = invoke
        self._at_once = at_once
        self._slots: dict[str, threading.Semaphore] = {}
        self._lock = threading.Lock()
        self._running = 0
        self._closed = False
        self._cut_off = False

    @property
    def running(self) -> int:
        """The number of running invocations."""
        return self._running

    def __call__(self, function: Function, event: Any, request_id: str) -> Result:
        """Invoke as ministack does, as soon as a slot is free."""
        with self._slots.setdefault(name_of(function), threading.Semaphore(self._at_once)):
            self._begin()
            try:
                result = self._invoke(function, event, request_id)
            finally:
                self._end()
        return result

    def close(self) -> None:
        """Start no further invocation."""
        with self._lock:
            self._closed = True

    def cut_off(self) -> None:
        """Discard the results of running invocations, whose functions are about to be killed."""
        with self._lock:
            self._closed = self._cut_off = True

    def _begin(self) -> None:
        with self._lock:
            closed = self._closed
            self._running += not closed
        if closed:
            _block_forever()

    def _end(self) -> None:
        with self._lock:
            self._running -= 1
            cut_off = self._cut_off
        if cut_off:
            _block_forever()


def name_of(function: Function) -> str:
    """The name of a function, from its record or its configuration as ministack has them."""
    return str((function.get("config") or function).get("FunctionName", ""))


def _block_forever() -> NoReturn:
    while True:
        threading.Event().wait()
