"""Continues an execution of Step Functions after the process that ran it was killed.

The state that it was in is entered again, with the input that it had: a task is invoked once more, a wait ends when it
would have ended. That suits workflows as the template's: one level of states, JSONPath, tasks that may be repeated.
When the state machine no longer has the state, the execution begins anew.
"""

import json
from contextlib import AbstractContextManager
from types import FunctionType, SimpleNamespace
from typing import Any

_AGAIN = "(continued)"
Execution = dict[str, Any]


def continue_execution(stepfunctions: Any, execution: Execution, scope: AbstractContextManager[None]) -> None:
    """Run the execution to its end, in the scope of its account and region; blocking."""
    with scope:
        machine = stepfunctions._state_machines.get(execution["stateMachineArn"])  # noqa: SLF001
        history = _History(stepfunctions._add_event)  # noqa: SLF001
        entered = _last_entered(execution)
        if machine is not None and entered is not None:
            machine = {**machine, "definition": history.entering(machine["definition"], execution, *entered)}
        run = _with_globals(
            stepfunctions._run_execution,  # noqa: SLF001
            _state_machines={execution["stateMachineArn"]: machine},
            _add_event=history.add,
            time=SimpleNamespace(sleep=lambda _: None),  # ministack delays a start
        )
        run(execution["executionArn"])


def _last_entered(execution: Execution) -> tuple[int, str, Any] | None:
    """The last state that was entered: the place of its event in the history, its name and its input."""
    events = execution["events"]
    for place in range(len(events) - 1, -1, -1):
        if details := events[place].get("stateEnteredEventDetails"):
            return place, details["name"], json.loads(details["input"])
    return None


class _History:
    """Adds events to a history that continues; it does not show how the execution comes to its state."""

    def __init__(self, add_event: Any) -> None:
        self._add_event = add_event
        self._hidden = 0

    def entering(self, definition: str, execution: Execution, place: int, name: str, input_: Any) -> str:
        """Return the definition for an execution that enters a state at once; its history ends with that from now."""
        parsed = json.loads(definition)
        if name not in parsed["States"]:
            return definition
        del execution["events"][place + 1 :]
        self._hidden = 3  # the added state is entered and exited, and the state itself is entered once more
        parsed["States"][_AGAIN] = {"Type": "Pass", "Result": input_, "Next": name}
        return json.dumps({**parsed, "StartAt": _AGAIN})

    def add(self, execution: Execution, type_: str, details: Any = None) -> Any:
        """Add an event as ministack does, after those that are hidden."""
        if self._hidden:
            self._hidden -= 1
            return {}
        return self._add_event(execution, type_, details)


def _with_globals(function: Any, **replaced: Any) -> Any:
    """The function, with some of its module's names replaced."""
    return FunctionType(function.__code__, {**function.__globals__, **replaced}, function.__name__)
