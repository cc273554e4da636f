"""The commands of `taskbell` and their options."""

import getpass
import sys
from typing import Annotated

import typer

from taskbell.application.recount import Recount, correct, recount
from taskbell.application.redrive import list_dead_letters
from taskbell.cli.bulk_redrive import StageRedriver
from taskbell.cli.console import show_json, show_line
from taskbell.cli.dead_letters import dead_letter_details, dead_letter_summary
from taskbell.cli.errors import EXIT_FAILURE, CommandError
from taskbell.cli.options import AsJson, Region, StageName, State, opened_stage
from taskbell.cli.output import show_dead_letter, show_dead_letters, show_redrive, show_removal, show_trace
from taskbell.cli.remove import remove
from taskbell.cli.stage import LOCAL
from taskbell.cli.tokens import tokens
from taskbell.cli.trace import owner_of, trace_document
from taskbell.cli.web import web

app = typer.Typer(
    help="Operate Taskbell: trace a task, list and redrive dead letters, rebuild statistics, get tokens, upload pages. "
    "Without --stage it operates the system that `make start` runs on this machine. Exit status: 0 success, 1 not "
    "found or failed, 2 invalid usage.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
dlq = typer.Typer(
    help="List, redrive and remove dead letters: events that could not be handled and failed executions "
    "(TaskEventsDeadLetters), and records of the table's stream that could not be forwarded (UnforwardedChanges).",
    no_args_is_help=True,
    rich_markup_mode=None,
)
app.add_typer(dlq, name="dlq")
stats = typer.Typer(help="Check and rebuild the statistics.", no_args_is_help=True, rich_markup_mode=None)
app.add_typer(stats, name="stats")
app.add_typer(web, name="web")


@app.callback()
def global_options(
    *,
    as_json: AsJson = False,
    stage: StageName = None,
    region: Region = None,
    state: State = None,
) -> None:
    """Accept the options of every command before the command, too."""


@app.command("trace")
def trace_command(
    context: typer.Context,
    *,
    task_id: Annotated[str, typer.Argument(help="The task's id.", show_default=False)],
    owner: Annotated[
        str | None,
        typer.Option(help="The owner's id (a user's `sub`). Locally also a user's name; defaults to `guest`."),
    ] = None,
    as_json: AsJson = False,
    stage: StageName = None,
    region: Region = None,
    state: State = None,
) -> None:
    """Show a task's item, events, executions with their states, and dead letters.

    Exits with 1 if there is no such task and no trace of one.
    """
    with opened_stage(context, stage, region, state) as found:
        if owner is None and found.name != LOCAL:
            raise typer.BadParameter("required for a deployed stage: the owner's id.", param_hint="--owner")
        traced = found.tracer.trace(owner_of(found, owner), task_id)
        if as_json:
            show_json({"stage": found.name, **trace_document(traced)})
        elif traced.found:
            show_trace(trace_document(traced))
        if not traced.found:
            raise CommandError(f"There is no task {task_id!r} of the owner {traced.owner_id!r}, and no trace of one.")


@dlq.command("list")
def list_command(
    context: typer.Context,
    *,
    limit: Annotated[int, typer.Option(min=1, help="The maximum number of messages of each queue.")] = 100,
    as_json: AsJson = False,
    stage: StageName = None,
    region: Region = None,
    state: State = None,
) -> None:
    """List dead letters: id, queue, kind, owner, task, time, and cause.

    SQS returns at most ten messages of a task at a time; the number of those not returned is printed.
    """
    with opened_stage(context, stage, region, state) as found:
        summaries, unseen, queues = [], {}, found.dead_letter_queues
        for queue in queues.names:
            dead_letters, unseen[queue] = list_dead_letters(queues, queue, limit)
            summaries += [dead_letter_summary(dead_letter) for dead_letter in dead_letters]
        if as_json:
            return show_json({"stage": found.name, "letters": summaries, "unseen": unseen})
        show_dead_letters("Dead letters", summaries)
        for name, count in unseen.items():
            if count:
                show_line(f"About {count} more in {name}.")
    return None


@dlq.command("show")
def show_command(
    context: typer.Context,
    *,
    message_id: Annotated[str, typer.Argument(metavar="ID", help="The message id.", show_default=False)],
    as_json: AsJson = False,
    stage: StageName = None,
    region: Region = None,
    state: State = None,
) -> None:
    """Show one dead letter with its attributes and its body. Exits with 1 if it was not found."""
    with opened_stage(context, stage, region, state) as found:
        queues = found.dead_letter_queues
        for queue in queues.names:
            with queues.receiver(queue) as receiver:
                dead_letter = next((message for message in receiver.receive() if message.id == message_id), None)
            if dead_letter and as_json:
                return show_json({"stage": found.name, **dead_letter_details(dead_letter)})
            if dead_letter:
                return show_dead_letter(dead_letter_details(dead_letter))
        if as_json:
            show_json({"stage": found.name, "notFound": [message_id]})
        raise CommandError(f"No dead letter with the id {message_id} was found; `taskbell dlq list` shows all.")


@dlq.command("redrive")
def redrive_command(
    context: typer.Context,
    *,
    ids: Annotated[
        list[str] | None, typer.Argument(metavar="ID", help="The messages to redrive.", show_default=False)
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="Redrive all messages of both queues.")] = False,
    as_json: AsJson = False,
    stage: StageName = None,
    region: Region = None,
    state: State = None,
) -> None:
    """Redrive dead letters, and delete them after that.

    An event is sent to the event queue again, a failed execution is restarted under a new name, stream records are
    forwarded again. A message that cannot be parsed is kept. Exits with 1 if any was kept or not found.
    """
    if everything and ids:
        raise typer.BadParameter("give either ids or --all, not both.")
    if not everything and not ids:
        raise typer.BadParameter("give the ids of messages to redrive, or --all.")
    with opened_stage(context, stage, region, state) as found:
        redriver = StageRedriver(found)
        missing: set[str] = set()
        try:
            if ids:
                missing = redriver.redrive(ids)
            else:
                redriver.redrive_all()
        finally:
            show_redrive(redriver, sorted(missing), as_json=as_json)
        if missing or redriver.any_kept:
            raise typer.Exit(EXIT_FAILURE)


@dlq.command("remove")
def remove_command(
    context: typer.Context,
    *,
    ids: Annotated[list[str], typer.Argument(metavar="ID", help="The messages to remove.", show_default=False)],
    yes: Annotated[bool, typer.Option("--yes", help="Remove them without confirmation.")] = False,
    as_json: AsJson = False,
    stage: StageName = None,
    region: Region = None,
    state: State = None,
) -> None:
    """Delete dead letters without redriving them. This cannot be undone.

    Exits with 1 if any of them was not found.
    """
    with opened_stage(context, stage, region, state) as found:
        if not yes:
            typer.confirm(f"Permanently remove {', '.join(ids)} from {found.name}?", abort=True, err=True)
        removed: list[str] = []
        missing: set[str] = set()
        try:
            missing = remove(found.dead_letter_queues, ids, removed)
        finally:
            show_removal(found.name, removed, sorted(missing), as_json=as_json)
        if missing:
            raise typer.Exit(EXIT_FAILURE)


@app.command("token")
def token_command(
    context: typer.Context,
    *,
    user: Annotated[str, typer.Argument(help="The user's name.", show_default=False)],
    as_json: AsJson = False,
    stage: StageName = None,
    region: Region = None,
    state: State = None,
) -> None:
    """Print a user's access and id token.

    The local users in .local/connection.json need no password. For a deployed stage the password is prompted for (or
    read from stdin if that is no terminal); the stage must allow USER_PASSWORD_AUTH, as dev does.
    """
    with opened_stage(context, stage, region, state) as found:
        signed_in = tokens(found, user, _ask_password)
        if as_json:
            return show_json({"stage": found.name, "user": user, **signed_in})
        for name, value in signed_in.items():
            typer.echo(f"{name}\t{value}")
    return None


def _ask_password() -> str:
    if sys.stdin.isatty():
        return getpass.getpass("Password: ")
    return sys.stdin.readline().rstrip("\n")


@stats.command("rebuild")
def rebuild_command(
    context: typer.Context,
    *,
    owner: Annotated[
        str | None,
        typer.Option(help="The owner's id (a user's `sub`). Locally also a user's name; defaults to `guest`."),
    ] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Only show the difference; exit with 1 if there is one.")
    ] = False,
    as_json: AsJson = False,
    stage: StageName = None,
    region: Region = None,
    state: State = None,
) -> None:
    """Count an owner's tasks, show where the statistics differ, and correct them.

    Events that are still in the pipeline would be counted twice: run it while nothing changes.
    """
    with opened_stage(context, stage, region, state) as found:
        if owner is None and found.name != LOCAL:
            raise typer.BadParameter("required for a deployed stage: the owner's id.", param_hint="--owner")
        counted = recount(found.records, found.statistics, owner_of(found, owner))
        if counted.missing and not check:
            correct(found.statistics, counted)
        if as_json:
            show_json({"stage": found.name, **counted.to_dict(corrected=bool(counted.missing) and not check)})
        elif not counted.is_empty:
            for name, change in counted.missing.items():
                stored, actual = counted.stored.get(name, 0), counted.counted.get(name, 0)
                show_line(f"{name}: stored {stored}, counted {actual} ({change:+d})")
            show_line(_summary(counted, check=check))
        if counted.is_empty:
            raise CommandError(f"The owner {counted.owner_id!r} has neither tasks nor statistics.")
        if counted.missing and check:
            raise CommandError("The statistics differ from the tasks.")


def _summary(counted: Recount, *, check: bool) -> str:
    if not counted.missing:
        return f"The statistics of {counted.owner_id} match the tasks."
    return f"The statistics of {counted.owner_id} {'differ' if check else 'were corrected'}."
