"""The options of every command. They can be given before or after it; what is given after it takes precedence."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, TypeVar

import typer

from taskbell.cli.errors import report_errors
from taskbell.cli.stage import LOCAL, Stage, Target, open_stage

T = TypeVar("T")


def _with_precedence(context: typer.Context, option: typer.CallbackParam, value: T) -> T:
    """The option's value after the command, or else the one before it."""
    given: T = value or context.meta.get(str(option.name), value)
    context.meta[str(option.name)] = given
    return given


def _stage_name(context: typer.Context, option: typer.CallbackParam, name: str | None) -> str | None:
    if name is not None and not re.fullmatch(r"[A-Za-z][A-Za-z0-9-]{0,63}", name):
        raise typer.BadParameter("a stage's name has letters, digits and hyphens, such as dev.")
    return _with_precedence(context, option, name)


AsJson = Annotated[
    bool, typer.Option("--json", callback=_with_precedence, help="Print one JSON document and nothing else.")
]
StageName = Annotated[
    str | None,
    typer.Option(
        "--stage", callback=_stage_name, help="A deployed stage, such as dev, accessed with your AWS credentials."
    ),
]
Region = Annotated[
    str | None,
    typer.Option(
        callback=_with_precedence,
        help="The deployed stage's AWS region; else AWS_REGION, your profile's, or eu-central-1.",
    ),
]
State = Annotated[
    Path | None,
    typer.Option(
        callback=_with_precedence,
        help="The local system's state folder; else TASKBELL_STATE, or .local in the checkout.",
    ),
]


@contextmanager
def opened_stage(context: typer.Context, stage: str | None, region: str | None, state: Path | None) -> Iterator[Stage]:
    """The stage that the options name; errors raised while it is used are reported in one line."""
    deployed = stage not in {None, LOCAL}
    if deployed and state:
        raise typer.BadParameter(
            "--state is for the local system and --stage for a deployed one: use only one of them."
        )
    if region and not deployed:
        raise typer.BadParameter("--region is for a deployed stage: give its name with --stage.")
    with report_errors():
        yield (context.obj or open_stage)(Target(stage, region, state))
