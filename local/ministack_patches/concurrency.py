"""How many invocations of a function run at once in ministack, and that none is torn when it ends.

ministack starts one process for each concurrent invocation, without a bound: five hundred workflows that go on at once
would be five hundred processes. Here the rest wait; nobody is refused.
"""

import threading
from collections.abc import Callable
from typing import Any, NoReturn

Function = dict[str, Any]
Result = dict[str, Any]
Invoke = Callable[[Function, Any, str], Result]


class ConcurrencyLimit:
    """Invokes at most `at_once` invocations of each function; called from many threads.

    Before the process ends, `close` holds back who has not begun. Those threads stay where they are until the
    process ends, and so do those whose invocation is cut off: an execution or a batch that met a killed function would
    note a failure that is none, and that note would be saved.
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
        """How many invocations run now."""
        return self._running

    def __call__(self, function: Function, event: Any, request_id: str) -> Result:
        """Invoke as ministack does, when it is this invocation's turn."""
        with self._slots.setdefault(name_of(function), threading.Semaphore(self._at_once)):
            self._begin()
            try:
                result = self._invoke(function, event, request_id)
            finally:
                self._end()
        return result

    def close(self) -> None:
        """Let no further invocation begin."""
        with self._lock:
            self._closed = True

    def cut_off(self) -> None:
        """Let nobody hear of the invocations that still run: their functions are about to be killed."""
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
