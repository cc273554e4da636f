"""The policy: the tables of docs/reference/access.md."""

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TypeVar

from tests.integration.access.callers import Caller

_PAGE = Path(__file__).parents[3] / "docs" / "reference" / "access.md"
_NAME = re.compile(r"`([^`]+)`")
_ARGUMENT = re.compile(r"`([^`]+)\(([^`()]+)\)`")

K = TypeVar("K")
V = TypeVar("V")
Row = list[str]
Cells = Mapping[str, str]  # by caller: own, any, all, no; for fields: yes, no


def _table(heading: str) -> tuple[Row, list[Row]]:
    """The first table below a heading: its own heading, and its rows."""
    section = _PAGE.read_text(encoding="utf-8").partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    lines = [line.strip("| ").split(" | ") for line in section.splitlines() if line.startswith("|")]
    assert len(lines) > 2, f"The page has no table below {heading}."
    return lines[0], lines[2:]


def _operations() -> dict[str, Cells]:
    (_, *callers), rows = _table("Operations")
    return _unique((_NAME.findall(name)[0], dict(zip(callers, cells, strict=True))) for name, *cells in rows)


def _fields() -> Iterator[tuple[str, Cells]]:
    (_, _, *callers), rows = _table("Fields")
    for type_, fields, *cells in rows:
        for field in _NAME.findall(fields):
            yield f"{type_.strip('`')}.{field}", dict(zip(callers, cells, strict=True))


def _arguments() -> Iterator[tuple[tuple[str, str], str]]:
    _, rows = _table("Arguments that name something")
    for names, arguments in rows:
        for place, argument in _ARGUMENT.findall(arguments):
            yield (place, argument), names


def _unique(pairs: Iterable[tuple[K, V]]) -> dict[K, V]:
    listed = list(pairs)
    found = dict(listed)
    assert len(found) == len(listed), "The page has a row twice."
    return found


OPERATIONS: Mapping[str, Cells] = _operations()
FIELDS: Mapping[str, Cells] = _unique(_fields())
ARGUMENTS: Mapping[tuple[str, str], str] = _unique(_arguments())
CREDENTIALS: Mapping[str, tuple[str, str]] = {
    name: (graphql, rest) for name, graphql, rest in _table("Credentials that are refused")[1]
}
COLUMNS = ("guest", "student", "staff", "admin", "backend")


FUNCTIONS = ("handleEvents", "pushNotifications")


def allowed(key: str, caller: Caller) -> str:
    """What a caller has of an operation or a route: own, any, all or no."""
    cell = OPERATIONS[key].get(caller.column, "no")
    return ("all" if cell == caller.function else "no") if cell in FUNCTIONS else cell


def operations(type_: str) -> dict[str, Cells]:
    """The rows of Query, Mutation or Subscription, by the field's name."""
    return {name.partition(".")[2]: cells for name, cells in OPERATIONS.items() if name.startswith(f"{type_}.")}


def routes() -> dict[str, Cells]:
    """The rows of the HTTP API, by `METHOD /path`."""
    return {name: cells for name, cells in OPERATIONS.items() if " " in name}
