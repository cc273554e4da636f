"""What a person reads: tables on a terminal, tab-separated lines elsewhere. Stored text can't steer the terminal."""

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
    """The whole answer as one JSON document, in which control characters are escaped."""
    text = json.dumps(document, indent=2, ensure_ascii=False)
    typer.echo("".join(each if each.isprintable() or each == "\n" else json.dumps(each)[1:-1] for each in text))


def show_line(text: str) -> None:
    """One line."""
    typer.echo(_safe(text))


def show_table(title: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """A title and rows below their columns; `none` where there are no rows."""
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
    """The text with control characters spelled out."""
    return "".join(each if each.isprintable() else each.encode("unicode_escape").decode() for each in text)
