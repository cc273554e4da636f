"""Evaluates the handlers of a resolver's code."""

from __future__ import annotations

import re
import secrets
import threading
from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import orjson
import quickjs

from appsync_local._json import to_json
from appsync_local.errors import FieldError
from appsync_local.javascript.host import answer, write_log
from appsync_local.javascript.source import CodeError, factory_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_MARKER = f"ref {secrets.token_hex(8)}"
_RUNTIME_LINES = 100_000  # what surrounds the code has lines that the code does not reach
_RUNTIME = "\n" * _RUNTIME_LINES + files(__package__).joinpath("runtime.js").read_text(encoding="utf-8")
_SPLIT = {"prev", "result"}  # their values cross one by one: a handler often returns one of them as it is
_MAX_SPLIT = 16
_SMALL = 4_096  # bytes of JSON that are parsed sooner than stood for
_FRAME = re.compile(r"\(<input>:(\d+):(\d+)\)|at <input>:(\d+):(\d+)")


@dataclass(frozen=True, slots=True)
class ScriptLimits:
    """What one evaluation may use: seconds of CPU time, and bytes that a script may hold in each thread."""

    seconds: float = 1
    memory_bytes: int = 32 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a handler returned.

    Attributes:
        value: Plain JSON values; None for undefined.
        stash: The stash after the handler.
        appended: The errors of util.appendError.
        early: Whether `value` was returned by runtime.earlyReturn.
        skip_to: END or NEXT, as given to runtime.earlyReturn.
    """

    value: Any
    stash: dict[str, Any]
    appended: tuple[FieldError, ...] = ()
    early: bool = False
    skip_to: str | None = None


class UnauthorizedFieldError(Exception):
    """The handler called util.unauthorized."""


class Script:
    """The code of one resolver. It may be evaluated in several threads: each has an engine of its own."""

    def __init__(self, code: str, limits: ScriptLimits | None = None) -> None:
        """Check and compile the code.

        Raises:
            CodeError: It uses what is not supported, or does not export `request` and `response`.
        """
        self._factory = factory_of(code)
        self._limits = limits or ScriptLimits()
        self._threads = threading.local()
        self._machine()

    def evaluate(self, handler: str, context: Mapping[str, Any], auth_type: str | None = None) -> Outcome:
        """Evaluate a handler.

        Args:
            handler: `request` or `response`.
            context: The fields of the handler's `ctx`, plain JSON values.
            auth_type: What util.authType returns.

        Raises:
            FieldError: The handler called util.error, failed, or used more than the limits allow.
            UnauthorizedFieldError: It called util.unauthorized.
        """
        machine = self._machine()
        try:
            result = machine.run(handler, context, auth_type)
        except quickjs.JSException as error:
            raise self._beyond_limits(str(error)) from error
        for level, message in result.get("logged", ()):
            write_log(level, message)
        if "out of memory" in result.get("thrown", ""):
            raise self._beyond_limits(result["thrown"])
        if "thrown" in result:
            raise FieldError("Code", _located(result["thrown"], result["stack"]))
        if "error" in result:
            raise _field_error(result["error"])
        if result.get("unauthorized"):
            raise UnauthorizedFieldError
        appended = tuple(map(_field_error, result.get("errors", ())))
        return Outcome(result.get("value"), result["stash"], appended, "early" in result, result.get("skipTo"))

    def _beyond_limits(self, error: str) -> FieldError:
        """Return the error of an evaluation that used too much, and drop the engine: its state is unknown."""
        del self._threads.machine
        used = "took too long" if "interrupted" in error else "used too much memory"
        return FieldError("Code", f"code.js: The evaluation {used}.")

    def _machine(self) -> _Machine:
        machine: _Machine | None = getattr(self._threads, "machine", None)
        if machine is None:
            machine = self._threads.machine = _Machine(self._factory, self._limits)
        return machine


class _Machine:
    """An engine with the code in it, for one thread."""

    def __init__(self, factory: str, limits: ScriptLimits) -> None:
        engine = quickjs.Context()
        engine.set("$marker", _MARKER)
        engine.eval(_RUNTIME)
        engine.set_memory_limit(limits.memory_bytes)
        engine.set_time_limit(limits.seconds)
        self._run = engine.get("$run")
        try:
            exported = orjson.loads(engine.eval(f"$define({factory})"))
        except quickjs.JSException as error:
            name, _, stack = str(error).partition("\n")
            raise CodeError(_located(name, stack)) from error
        if not {"request", "response"} <= set(exported):
            raise CodeError("code.js: the functions request and response are not both exported")

    def run(self, handler: str, context: Mapping[str, Any], auth_type: str | None) -> dict[str, Any]:
        """Evaluate a handler, anew with each answer to what it asks for."""
        kept: list[tuple[Any, str]] = []
        small: dict[str, Any] = {}
        places: dict[str, Any] = {}
        for name, value in context.items():
            place = _place(value, kept, split=name in _SPLIT)
            if place is None:
                small[name] = value
            else:
                places[name] = place
        texts = [text for _, text in kept]
        answers: dict[str, list[dict[str, Any]]] = {}
        while True:
            request = {"fields": small, "places": places, "answers": answers, "authType": auth_type}
            text: str = self._run(handler, to_json(request).decode(), *texts)
            result: dict[str, Any] = orjson.loads(text)
            if "ask" not in result:
                return _resolved(result, kept) if _MARKER in text else result
            name, *arguments = orjson.loads(result["ask"])
            known = answers.setdefault(result["ask"], [])
            known += [answer(name, arguments) for _ in range(len(known) + 1)]


def _place(value: Any, kept: list[tuple[Any, str]], *, split: bool = False) -> Any:
    """Keep a large value with its JSON, and return what stands for it in a request; None for a small one."""
    if not isinstance(value, dict | list) or len(text := to_json(value)) <= _SMALL:
        return None
    if split and isinstance(value, dict) and len(value) <= _MAX_SPLIT:
        places = {name: place for name, item in value.items() if (place := _place(item, kept)) is not None}
        return {"of": places, "small": {name: None if name in places else item for name, item in value.items()}}
    kept.append((value, text.decode()))
    return {"id": len(kept) - 1} if isinstance(value, dict) else [len(kept) - 1]


def _resolved(value: Any, kept: Sequence[tuple[Any, str]]) -> Any:
    if isinstance(value, list):
        return [_resolved(item, kept) for item in value]
    if not isinstance(value, dict):
        return value
    if _MARKER in value:
        return kept[value[_MARKER]][0]
    return {key: _resolved(item, kept) for key, item in value.items()}


def _field_error(error: Mapping[str, Any]) -> FieldError:
    return FieldError(error.get("type"), error.get("message"), error.get("data"), error.get("info"))


def _located(message: str, stack: str) -> str:
    """Put the place of an error in front of it, as AppSync does: `code.js:12:9: TypeError: ...`."""
    for found in _FRAME.finditer(stack):
        line, column = (int(number) for number in found.groups() if number)
        if line <= _RUNTIME_LINES:
            return f"code.js:{line - 1}:{column}: {message}"
    return f"code.js: {message}"
