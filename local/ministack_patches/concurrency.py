"""Limits the concurrent invocations of a function.

ministack starts one process for each concurrent invocation, without a limit: five hundred workflows that wake at once
would start five hundred processes. Here further invocations wait; none is throttled.
"""

import threading
from collections.abc import Callable
from typing import Any

Function = dict[str, Any]
Result = dict[str, Any]
Invoke = Callable[[Function, Any, str], Result]


class ConcurrencyLimit:
    """Invokes at most `at_once` invocations of each function; called from many threads."""

    def __init__(self, invoke: Invoke, at_once: int = 4) -> None:
        self._invoke = invoke
        self._at_once = at_once
        self._slots: dict[str, threading.Semaphore] = {}

    def __call__(self, function: Function, event: Any, request_id: str) -> Result:
        """Invoke as ministack does, as soon as a slot is free."""
        with self._slots.setdefault(name_of(function), threading.Semaphore(self._at_once)):
            return self._invoke(function, event, request_id)


def name_of(function: Function) -> str:
    """The name of a function, from its record or its configuration as ministack has them."""
    return str((function.get("config") or function).get("FunctionName", ""))
