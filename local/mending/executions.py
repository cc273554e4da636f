"""The executions that were running when ministack stopped, in a file, until they have been started again."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

Noted = dict[str, str]
_NAMES = ("stateMachineArn", "name", "input")


def noted(file: Path) -> list[Noted]:
    """What the file holds: each execution by its machine, name and input."""
    found: list[Noted] = json.loads(file.read_text(encoding="utf-8")) if file.exists() else []
    return found


def note(file: Path, executions: Iterable[Mapping[str, Any]]) -> None:
    """Add executions to the file; one that it has already is not added twice."""
    known = {_key(each): each for each in noted(file)}
    known.update((_key(each), {name: each[name] for name in _NAMES}) for each in executions)
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


def _key(execution: Mapping[str, Any]) -> tuple[str, str]:
    return execution["stateMachineArn"], execution["name"]
