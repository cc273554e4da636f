"""How the answers of the commands look to a person."""

from collections.abc import Iterator, Mapping
from textwrap import shorten

import typer

from taskbell.cli.console import show_json, show_line, show_table
from taskbell.cli.redrive import Redriving
from taskbell.cli.trace import Trace

_LINE = 120  # characters


def show_trace(traced: Trace) -> None:
    """All about a task, part by part."""
    if not traced.found:
        return
    task = {**traced.task, "schedule": traced.schedule} if traced.task else {}
    show_table("Task", ("field", "value"), _flat(task))
    show_table(
        "Events",
        ("version", "at", "type", "actor", "status", "changes"),
        (
            (event["version"], event["at"], event["type"], event["actor"] or "pipeline", event["status"], _told(event))
            for event in traced.events
        ),
    )
    for execution in traced.executions:
        why = f": {execution['error']}" if execution["error"] else ""
        show_line(f"Execution {execution['name']} (schedule {execution['scheduleVersion']}) {execution['status']}{why}")
        show_table(
            f"From {execution['startedAt']} to {execution['stoppedAt'] or 'now'}",
            ("state", "entered", "left"),
            ((passed["name"], passed["enteredAt"], passed["leftAt"]) for passed in execution["states"]),
        )
    if not traced.executions:
        show_line("Executions: none")
    show_letters("Dead letters", traced.dead_letters)
    if traced.unseen:
        show_line(f"About {traced.unseen} more dead letters could not be told to be about this task or not.")


def _flat(document: Mapping[str, object], prefix: str = "") -> Iterator[tuple[str, object]]:
    """The document's fields in lines: parts of a part by a dotted name, lists as text."""
    for name, value in document.items():
        match value:
            case dict():
                yield from _flat(value, f"{prefix}{name}.")
            case list():
                yield prefix + name, ", ".join(map(str, value)) or None
            case bool():
                yield prefix + name, "yes" if value else "no"
            case _:
                yield prefix + name, value


def _told(event: dict[str, object]) -> str | None:
    changes = event["changes"]
    assert isinstance(changes, list)
    return "; ".join(f"{each['field']}: {each['before']} -> {each['after']}" for each in changes) or None


def show_letters(title: str, letters: list[dict[str, object]]) -> None:
    """A list of dead letters, each cause cut to a line."""
    columns = ("id", "queue", "kind", "ownerId", "taskId", "sentAt")
    rows = ([*(letter[column] for column in columns), _line(letter["cause"])] for letter in letters)
    show_table(title, (*columns, "cause"), rows)


def _line(cause: object) -> str | None:
    return shorten(str(cause), _LINE, placeholder=" ...") if cause else None


def show_whole(letter: dict[str, object]) -> None:
    """All of one dead letter, its body as JSON."""
    parts = {name: letter.pop(name) for name in ("attributes", "messageAttributes", "body")}
    show_table("Dead letter", ("field", "value"), letter.items())
    for name in ("attributes", "messageAttributes"):
        values = parts[name]
        assert isinstance(values, dict)
        show_table(name, ("name", "value"), values.items())
    show_line("body")
    show_json(parts["body"])


def show_redriving(redriving: Redriving, missing: list[str], *, as_json: bool) -> None:
    """What became of each letter that was asked for, and which were not found."""
    if as_json:
        return show_json({"stage": redriving.stage.name, **redriving.report(), "notFound": missing})
    columns = ("id", "queue", "kind", "outcome", "detail")
    show_table("Redriven", columns, ([each[column] for column in columns] for each in redriving.outcomes))
    if redriving.moving:
        show_line(
            f"SQS is moving {redriving.moving} letters to TaskEvents by itself; `taskbell dlq list` shows what is left."
        )
    return _show_missing(missing)


def show_removing(stage: str, removed: list[str], missing: list[str], *, as_json: bool) -> None:
    """Which letters were removed, and which were not found."""
    if as_json:
        return show_json({"stage": stage, "removed": removed, "notFound": missing})
    show_table("Removed", ("id",), ([each] for each in removed))
    return _show_missing(missing)


def _show_missing(ids: list[str]) -> None:
    for each in ids:
        typer.echo(f"No dead letter {each} is to be seen.", err=True)
