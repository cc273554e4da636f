"""Output: tables on a terminal, tab-separated lines elsewhere. Control characters in stored text are escaped."""

import json
import sys
from collections.abc import Iterable, Sequence
from typing import Any

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

NOTHING = "-"


def show_json(document: object) -> None:
    """Print one JSON document."""
    text = json.dumps(document, indent=2, ensure_ascii=False)
    typer.echo("".join(char if char.isprintable() or char == "\n" else json.dumps(char)[1:-1] for char in text))


def show_line(text: str) -> None:
    """Print one line."""
    typer.echo(_safe(text))


def show_table(title: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Print a title, the names of the columns and the rows; `none` if there are no rows."""
    cells = [[_safe(NOTHING if value is None else str(value)) for value in row] for row in rows]
    if not cells:
        return typer.echo(f"{title}: none")
    if sys.stdout.isatty():
        return _on_terminal(title, columns, cells)
    typer.echo(title)
    for row in (columns, *cells):
        typer.echo("\t".join(row))
    return None


def _on_terminal(title: str, columns: Sequence[str], cells: list[list[str]]) -> None:
    table = Table(title=title, title_justify="left", title_style="bold")
    for number, column in enumerate(columns):
        table.add_column(column, overflow="fold", no_wrap=number == 0)
    for row in cells:
        table.add_row(*map(Text, row))
    Console().print(table)


def _safe(text: str) -> str:
    """The text with control characters escaped."""
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in text)
