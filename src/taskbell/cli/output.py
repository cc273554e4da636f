"""The output of the commands, as tables or as JSON."""

from collections.abc import Iterator, Mapping
from textwrap import shorten
from typing import Any

import typer

from taskbell.cli.bulk_redrive import StageRedriver
from taskbell.cli.console import show_json, show_line, show_table

_MAX_CAUSE_LENGTH = 120  # characters


def show_trace(trace: Mapping[str, Any]) -> None:
    """Print the document of a trace, table by table."""
    task = {**trace["task"], "schedule": trace["schedule"]} if trace["task"] else {}
    show_table("Task", ("field", "value"), _flat(task))
    show_table(
        "Events",
        ("version", "at", "type", "actor", "status", "changes"),
        (
            (
                event["version"],
                event["at"],
                event["type"],
                event["actor"] or "pipeline",
                event["status"],
                _changes(event),
            )
            for event in trace["events"]
        ),
    )
    for execution in trace["executions"]:
        error = f": {execution['error']}" if execution["error"] else ""
        show_line(
            f"Execution {execution['name']} (schedule {execution['scheduleVersion']}) {execution['status']}{error}"
        )
        show_table(
            f"From {execution['startedAt']} to {execution['stoppedAt'] or 'now'}",
            ("state", "entered", "left"),
            ((state["name"], state["enteredAt"], state["leftAt"]) for state in execution["states"]),
        )
    if not trace["executions"]:
        show_line("Executions: none")
    show_dead_letters("Dead letters", trace["deadLetters"])
    if trace["unseenDeadLetters"]:
        show_line(f"About {trace['unseenDeadLetters']} more dead letters could not be checked for this task.")


def _flat(document: Mapping[str, object], prefix: str = "") -> Iterator[tuple[str, object]]:
    """The fields of a document: nested ones under dotted names, lists as text."""
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


def _changes(event: dict[str, object]) -> str | None:
    changes = event["changes"]
    assert isinstance(changes, list)
    return "; ".join(f"{change['field']}: {change['before']} -> {change['after']}" for change in changes) or None


def show_dead_letters(title: str, dead_letters: list[dict[str, object]]) -> None:
    """Print a table of dead letters, with their causes shortened."""
    columns = ("id", "queue", "kind", "ownerId", "taskId", "sentAt")
    rows = ([*(summary[column] for column in columns), _shortened(summary["cause"])] for summary in dead_letters)
    show_table(title, (*columns, "cause"), rows)


def _shortened(cause: object) -> str | None:
    return shorten(str(cause), _MAX_CAUSE_LENGTH, placeholder=" ...") if cause else None


def show_dead_letter(details: dict[str, object]) -> None:
    """Print the details of one dead letter, its body as JSON."""
    parts = {name: details.pop(name) for name in ("attributes", "messageAttributes", "body")}
    show_table("Dead letter", ("field", "value"), details.items())
    for name in ("attributes", "messageAttributes"):
        values = parts[name]
        assert isinstance(values, dict)
        show_table(name, ("name", "value"), values.items())
    show_line("body")
    show_json(parts["body"])


def show_redrive(redriver: StageRedriver, missing: list[str], *, as_json: bool) -> None:
    """Print the results of a redrive, and the ids that were not found."""
    if as_json:
        return show_json({"stage": redriver.stage.name, **redriver.report(), "notFound": missing})
    columns = ("id", "queue", "kind", "outcome", "detail")
    show_table("Redriven", columns, ([result[column] for column in columns] for result in redriver.results))
    if redriver.moving:
        show_line(
            f"SQS is moving {redriver.moving} messages to TaskEvents in bulk; `taskbell dlq list` shows the rest."
        )
    return _show_missing(missing)


def show_removal(stage: str, removed: list[str], missing: list[str], *, as_json: bool) -> None:
    """Print the ids of removed messages, and those that were not found."""
    if as_json:
        return show_json({"stage": stage, "removed": removed, "notFound": missing})
    show_table("Removed", ("id",), ([id_] for id_ in removed))
    return _show_missing(missing)


def _show_missing(ids: list[str]) -> None:
    for id_ in ids:
        typer.echo(f"No dead letter with the id {id_} was found.", err=True)
