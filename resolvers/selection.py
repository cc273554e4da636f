"""What a field's answer is asked for: it holds what is selected, and nothing else."""

import re
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache, wraps
from typing import Any

from aws_lambda_powertools.event_handler import AppSyncResolver
from aws_lambda_powertools.event_handler.graphql_appsync.router import Router
from aws_lambda_powertools.utilities.data_classes import AppSyncResolverEvent

_TOKEN = re.compile(r'"""(?:[^"\\]|\\.|"(?!""))*"""|"(?:[^"\\]|\\.)*"|\.\.\.|[^\s,(){}\[\]:@".]+|[(){}\[\]:@]')
_LISTS = {"edges", "nodes"}  # the same items, twice

Tokens = deque[str]
Resolver = Callable[..., Any]


@dataclass(frozen=True, slots=True)
class Selection:
    """The selected fields by their names in the schema; None if they are not known, so that all may be."""

    fields: Mapping[str, "Selection"] | None = None

    def has(self, *names: str) -> bool:
        """Return whether one of the fields is, or may be, selected."""
        return self.fields is None or any(name in self.fields for name in names)

    def of_field(self, *path: str) -> "Selection":
        """Return what is selected of the field at a path; nothing if the field is not selected."""
        found = self
        for name in path:
            found = found if found.fields is None else found.fields.get(name, _LEAF)
        return found

    def of(self, value: Any) -> Any:
        """Return what is selected of a value."""
        if self.fields is None:
            return value
        if isinstance(value, list):
            return [self.of(item) for item in value]
        if isinstance(value, dict):
            names = self.fields.keys() & value.keys() | self._needed_elsewhere(value)
            return {name: self.of_field(name).of(value[name]) for name in value if name in names}
        return value

    def _needed_elsewhere(self, value: Mapping[str, Any]) -> set[str]:
        """Return the id, if a selected field is not in the value: it has a resolver of its own, which needs the id."""
        missing = any(name not in value and not name.startswith("__") for name in self.fields or ())
        return {"id"} & value.keys() if missing else set()


_ALL = Selection()
_LEAF = Selection({})


def selection_of(app: AppSyncResolver | Router) -> Selection:
    """Return what is selected of the field that `app` resolves.

    AppSync passes the text of the selection with aliases and inline fragments, but without the definitions of named
    fragments: where one is spread, everything may be selected. Source: AWS AppSync Developer Guide, "Resolver context
    reference", Info.
    """
    return selection_of_event(app.current_event) if app.current_event else _ALL


def selection_of_event(event: AppSyncResolverEvent) -> Selection:
    """Return what is selected of the field of an event, as `selection_of` does."""
    return _parse(event.info.selection_set_graphql or "") if event.info else _ALL


def only_selected(app: AppSyncResolver | Router) -> Callable[[Resolver], Resolver]:
    """Decorate a resolver of `app` so that its answer holds what is selected, and nothing else."""

    def decorate(resolver: Resolver) -> Resolver:
        @wraps(resolver)
        def resolve(**arguments: Any) -> Any:
            answer, selection = resolver(**arguments), selection_of(app)
            if selection.fields is None and isinstance(answer, dict):
                return _without_unselected_lists(answer, _names(app))
            return selection.of(answer)

        return resolve

    return decorate


def _names(app: AppSyncResolver | Router) -> set[str]:
    """Return the selected fields, also those of named fragments; an aliased one has its alias."""
    info = app.current_event.info if app.current_event else None
    return {path for path in info.selection_set_list or () if "/" not in path} if info else set()


def _without_unselected_lists(answer: dict[str, Any], names: set[str]) -> dict[str, Any]:
    """Return the answer without `edges` or `nodes` that are not selected, unless an alias may stand for them."""
    dropped = _LISTS - names if names and names <= {*answer, "__typename"} else set()
    return {name: value for name, value in answer.items() if name not in dropped}


@lru_cache(maxsize=256)
def _parse(text: str) -> Selection:
    tokens = deque(_TOKEN.findall(text))
    if not tokens or tokens.popleft() != "{":
        return _ALL
    try:
        return _read(tokens)
    except IndexError:
        return _ALL


def _read(tokens: Tokens) -> Selection:
    """Read a selection set to its end."""
    read = _LEAF
    while (word := tokens.popleft()) != "}":
        if word == "...":
            read = _merged(read, _read_fragment(tokens))
            continue
        name = word
        if tokens[0] == ":":  # what came was an alias
            tokens.popleft()
            name = tokens.popleft()
        read = _merged(read, Selection({name: _read_inner(tokens)}))
    return read


def _read_fragment(tokens: Tokens) -> Selection:
    if tokens[0] == "on":
        tokens.popleft()
        tokens.popleft()
    elif tokens[0] not in {"@", "{"}:  # a named one
        tokens.popleft()
        _skip_arguments(tokens)
        return _ALL
    return _read_inner(tokens)


def _read_inner(tokens: Tokens) -> Selection:
    """Read what follows a field's name or a fragment's type: arguments, directives, and a selection set, if any."""
    _skip_arguments(tokens)
    if tokens[0] != "{":
        return _LEAF
    tokens.popleft()
    return _read(tokens)


def _skip_arguments(tokens: Tokens) -> None:
    while tokens[0] in {"@", "("}:
        if tokens.popleft() == "@":
            tokens.popleft()
            continue
        depth = 1
        while depth:
            depth += {"(": 1, ")": -1}.get(tokens.popleft(), 0)


def _merged(one: Selection, other: Selection) -> Selection:
    if one.fields is None or other.fields is None:
        return _ALL
    shared = {name: _merged(one.fields[name], other.fields[name]) for name in one.fields.keys() & other.fields}
    return Selection({**one.fields, **other.fields, **shared})
