"""Executions of Step Functions with their histories; those that were running continue at the state that they were in.

A history is read when somebody asks for it: most executions have ended long ago.
"""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Any

from local.ministack_patches.durability.continuation import continue_execution
from local.ministack_patches.durability.database import EXECUTIONS, Change, Delete, Put, StateDatabase, decode_all

HISTORIES = "histories"
_EVENTS = "events"
_ENDS = ("ExecutionSucceeded", "ExecutionFailed", "ExecutionAborted", "ExecutionTimedOut")
Execution = dict[str, Any]
Scope = Callable[[str, str], AbstractContextManager[None]]


class StoredExecution(dict[str, Any]):
    """An execution whose history is read when it is first needed."""

    def __init__(self, values: Execution, read: Callable[[str], list[Any]]) -> None:
        super().__init__(values)
        self._read = read

    def __missing__(self, key: str) -> list[Any]:
        if key != _EVENTS:
            raise KeyError(key)
        events = self[_EVENTS] = self._read(self["executionArn"])
        return events


class Executions:
    """The executions that changed since the last cut."""

    def __init__(self, stepfunctions: Any, scope: Scope, lock: threading.RLock) -> None:
        self._scope = scope
        self._stepfunctions = stepfunctions
        self._lock = lock
        self._changed: dict[str, Execution] = {}
        for name in ("_add_event", "_emit_execution_status_event"):  # called for each change, after it
            setattr(stepfunctions, name, self._noting(getattr(stepfunctions, name)))

    def _noting(self, change: Any) -> Any:
        def noting(execution: Execution, *about: Any) -> Any:
            with self._lock:
                result = change(execution, *about)
                self._changed[execution["executionArn"]] = execution
            return result

        return noting

    def cut(self) -> Iterator[Change]:
        """Yield what changed since the last cut; the lock is held."""
        changed, self._changed = self._changed, {}
        for arn, execution in changed.items():
            if self._stepfunctions._executions._data.get(_key(arn)) is not execution:  # noqa: SLF001
                yield from (Delete(EXECUTIONS, arn), Delete(HISTORIES, arn))
            elif execution["status"] != "RUNNING" and execution[_EVENTS][-1]["type"] not in _ENDS:
                self._changed[arn] = execution  # it is just ending
            else:
                values = {name: value for name, value in execution.items() if name != _EVENTS}
                yield Put(EXECUTIONS, arn, json.dumps(values))
                yield Put(HISTORIES, arn, json.dumps(execution[_EVENTS]))

    def load(self, database: StateDatabase) -> None:
        """Restore the executions, which stand still until `continue_all`."""

        def read(arn: str) -> list[Any]:
            return list(json.loads(database.value(HISTORIES, arn) or "[]"))

        for values in decode_all(value for _, value in database.rows(EXECUTIONS)):
            arn = values["executionArn"]
            self._stepfunctions._executions._data[_key(arn)] = StoredExecution(values, read)  # noqa: SLF001

    def continue_all(self) -> None:
        """Let the restored executions that were running continue, each in a thread, as ministack runs them."""
        for (account, region, _), execution in list(self._stepfunctions._executions._data.items()):  # noqa: SLF001
            if isinstance(execution, StoredExecution) and execution["status"] == "RUNNING":
                about = (self._stepfunctions, execution, self._scope(account, region))
                threading.Thread(target=continue_execution, args=about, daemon=True).start()


def _key(arn: str) -> tuple[str, str, str]:
    _, _, _, region, account, *_ = arn.split(":")
    return account, region, arn
