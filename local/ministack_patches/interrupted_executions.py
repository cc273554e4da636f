"""The executions that were running when ministack stopped, in a file, until they have been started again."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

Noted = dict[str, str]
WHAT_STARTS_IT = ("stateMachineArn", "name", "input")
_WAITS_UNTIL = "waitsUntil"


def noted(file: Path) -> list[Noted]:
    """What the file holds: each execution by its machine, name and input; who was at work first, then who waits least.

    The moment for which an execution waits is an instant in UTC, of one form, so that texts are in the order of time.
    """
    found: list[Noted] = json.loads(file.read_text(encoding="utf-8")) if file.exists() else []
    return sorted(found, key=lambda each: each.get(_WAITS_UNTIL, ""))


def note(file: Path, executions: Iterable[Mapping[str, Any]]) -> None:
    """Add executions to the file; one that it has already is not added twice."""
    known = {_key(each): each for each in noted(file)}
    known.update((_key(each), _note_of(each)) for each in executions)
    _write(file, list(known.values()))


def forget(file: Path, execution: Noted) -> None:
    """Take one execution out of the file; without any the file is removed."""
    _write(file, [each for each in noted(file) if _key(each) != _key(execution)])


def _write(file: Path, executions: list[Noted]) -> None:
    if not executions:
        return file.unlink(missing_ok=True)
    new = file.with_suffix(".new")
    new.write_text(json.dumps(executions), encoding="utf-8")
    new.replace(file)
    return None


def _note_of(execution: Mapping[str, Any]) -> Noted:
    return {name: execution[name] for name in WHAT_STARTS_IT} | {_WAITS_UNTIL: _moment(execution)}


def _moment(execution: Mapping[str, Any]) -> str:
    """The moment for which the workflow TaskLifecycle waits; empty when it does not, or is not known to."""
    last = execution["events"][-1]
    if last["type"] != "WaitStateEntered":
        return ""
    try:
        return str(json.loads(last["stateEnteredEventDetails"]["input"])["answer"]["plan"]["at"])
    except (KeyError, TypeError, ValueError):
        return ""


def _key(execution: Mapping[str, Any]) -> tuple[str, str]:
    return execution["stateMachineArn"], execution["name"]
