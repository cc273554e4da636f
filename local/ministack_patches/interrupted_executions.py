"""A file with the executions that were running when ministack stopped, until they are started again."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

InterruptedExecution = dict[str, str]
START_FIELDS = ("stateMachineArn", "name", "input")
_WAITS_UNTIL = "waitsUntil"


def read_interrupted(file: Path) -> list[InterruptedExecution]:
    """Read the executions (state machine, name and input): those that were not waiting, then by the end of their wait.

    The end of a wait is a timestamp in UTC of one format, so that strings sort by time.
    """
    found: list[InterruptedExecution] = json.loads(file.read_text(encoding="utf-8")) if file.exists() else []
    return sorted(found, key=lambda each: each.get(_WAITS_UNTIL, ""))


def add_interrupted(file: Path, executions: Iterable[Mapping[str, Any]]) -> None:
    """Add executions to the file, each once."""
    known = {_key(each): each for each in read_interrupted(file)}
    known.update((_key(each), _start_fields(each)) for each in executions)
    _write(file, list(known.values()))


def remove_interrupted(file: Path, execution: InterruptedExecution) -> None:
    """Remove an execution from the file, and the file with the last one."""
    _write(file, [each for each in read_interrupted(file) if _key(each) != _key(execution)])


def _write(file: Path, executions: list[InterruptedExecution]) -> None:
    if not executions:
        return file.unlink(missing_ok=True)
    new = file.with_suffix(".new")
    new.write_text(json.dumps(executions), encoding="utf-8")
    new.replace(file)
    return None


def _start_fields(execution: Mapping[str, Any]) -> InterruptedExecution:
    return {name: execution[name] for name in START_FIELDS} | {_WAITS_UNTIL: _waits_until(execution)}


def _waits_until(execution: Mapping[str, Any]) -> str:
    """Until when the TaskLifecycle execution waits; empty if it does not wait, or it is unknown."""
    last = execution["events"][-1]
    if last["type"] != "WaitStateEntered":
        return ""
    try:
        return str(json.loads(last["stateEnteredEventDetails"]["input"])["answer"]["plan"]["at"])
    except (KeyError, TypeError, ValueError):
        return ""


def _key(execution: Mapping[str, Any]) -> tuple[str, str]:
    return execution["stateMachineArn"], execution["name"]
