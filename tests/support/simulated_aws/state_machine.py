"""The part of the Amazon States Language that the workflow uses. Anything else is an error, so that nothing is ignored.

Source: Amazon States Language specification; AWS Step Functions Developer Guide, "Error handling" and "Intrinsics".
"""

import json
import re
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from typing import Any

from tests.support.template_file import template_file

Json = Any
State = Mapping[str, Any]

_KNOWN = {
    "Task": {
        "Resource", "Parameters", "TimeoutSeconds", "ResultSelector", "ResultPath", "Retry", "Catch", "Next",
    },
    "Choice": {"Choices", "Default"},
    "Wait": {"TimestampPath", "SecondsPath", "Next"},
    "Pass": {"Result", "ResultPath", "Next"},
    "Succeed": set(),
    "Fail": {"ErrorPath", "CausePath", "Error", "Cause"},
}  # fmt: skip


@cache
def definition() -> Mapping[str, Any]:
    """The workflow's definition."""
    machine = template_file("infrastructure/task_lifecycle.asl.yml")
    for name, state in machine["States"].items():
        unknown = state.keys() - _KNOWN[state["Type"]] - {"Type", "Comment"}
        if unknown:
            raise NotImplementedError(f"{name}: {unknown}")
    return machine


def look_up(path: str, data: Json, context: Json) -> Json:
    """The value at a path: `$.a.b` in the data, `$$.a.b` in the context object."""
    found = context if path.startswith("$$") else data
    for part in path.lstrip("$").split(".")[1:]:
        found = found[part]
    return found


def fill(template: Json, data: Json, context: Json) -> Json:
    """A payload template with its paths and intrinsic functions evaluated."""
    if isinstance(template, list):
        return [fill(part, data, context) for part in template]
    if not isinstance(template, dict):
        return template
    filled = {}
    for name, value in template.items():
        if name.endswith(".$"):
            filled[name[:-2]] = _evaluate(value, data, context)
        else:
            filled[name] = fill(value, data, context)
    return filled


def write(result_path: str | None, data: Json, result: Json) -> Json:
    """The data with a result at a path; the result itself without a path."""
    if result_path is None:
        return result
    (name,) = re.fullmatch(r"\$\.(\w+)", result_path).groups()  # type: ignore[union-attr]
    return {**data, name: result}


def choose(state: State, data: Json) -> str:
    """The next state of a Choice."""
    for rule in state["Choices"]:
        if _applies(rule, data):
            return str(rule["Next"])
    return str(state["Default"])


def matches(error: str, names: list[str]) -> bool:
    """Whether a retrier or catcher is for that error."""
    return error in names or "States.ALL" in names or ("States.TaskFailed" in names and error != "States.Timeout")


def wait_until(state: State, data: Json, now: datetime) -> datetime:
    """When a Wait ends. Step Functions cuts timestamps to whole seconds."""
    if "TimestampPath" not in state:
        raise NotImplementedError(state)
    return datetime.fromisoformat(look_up(state["TimestampPath"], data, {})).replace(microsecond=0)


def _evaluate(expression: str, data: Json, context: Json) -> Json:
    call = re.fullmatch(r"States\.(\w+)\('([^']*)',\s*(.+)\)", expression)
    if call is None:
        if not expression.startswith("$"):
            raise NotImplementedError(expression)
        return look_up(expression, data, context)
    if call[1] != "Format":
        raise NotImplementedError(expression)
    arguments = [_text(look_up(path, data, context)) for path in re.split(r",\s*", call[3])]
    return call[2].format(*arguments)


def _text(value: Json) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _applies(rule: Mapping[str, Any], data: Json) -> bool:
    tests = rule.keys() - {"Variable", "Next", "Comment"}
    if tests == {"StringEquals"}:
        return bool(look_up(rule["Variable"], data, {}) == rule["StringEquals"])
    if tests == {"And"}:
        return all(_applies(part, data) for part in rule["And"])
    if tests == {"IsPresent"}:
        try:
            look_up(rule["Variable"], data, {})
        except (KeyError, TypeError):
            return not rule["IsPresent"]
        return bool(rule["IsPresent"])
    raise NotImplementedError(rule)
