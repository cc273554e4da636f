"""The commands `taskbell web`: the pages of a deployed stage."""

from pathlib import Path
from typing import Annotated

import typer

from taskbell.cli.amplify import amplify_outputs
from taskbell.cli.console import show_json, show_line
from taskbell.cli.options import AsJson, Region, StageName, State, opened_stage
from taskbell.cli.stage import LOCAL, web_outputs_of
from taskbell.cli.upload import upload

web = typer.Typer(
    help="Configure and upload the pages of a deployed stage: the board, the explorer and the operator's page.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@web.command("config")
def config_command(
    context: typer.Context,
    *,
    as_json: AsJson = False,  # noqa: ARG001 (it is always JSON)
    stage: StageName = None,
    region: Region = None,
    state: State = None,
) -> None:
    """Print the stage's amplify_outputs.json, which configures the pages and any app that uses Amplify."""
    _refuse_local(stage)
    with opened_stage(context, stage, region, state) as found:
        show_json(amplify_outputs(found))


@web.command("upload")
def upload_command(
    context: typer.Context,
    *,
    folder: Annotated[Path, typer.Argument(help="The built pages, such as web/dist.", show_default=False)],
    as_json: AsJson = False,
    stage: StageName = None,
    region: Region = None,
    state: State = None,
) -> None:
    """Upload built pages and their configuration; an earlier build takes a later one back.

    The stack of infrastructure/web.yml must be deployed. Files of earlier builds stay, for pages that are open.
    """
    _refuse_local(stage)
    with opened_stage(context, stage, region, state) as found:
        site = web_outputs_of(found)
        done = upload(folder, amplify_outputs(found), found.client("s3"), site["BucketName"])
        if as_json:
            return show_json({"stage": found.name, "url": site["Url"], "uploaded": done.keys, "kept": done.kept})
        show_line(f"Uploaded {len(done.keys)} files, {done.kept} were there already: {site['Url']}")
    return None


def _refuse_local(stage: str | None) -> None:
    if stage in {None, LOCAL}:
        raise typer.BadParameter(
            "required: the system that runs here serves its pages and their configuration itself.", param_hint="--stage"
        )
