"""The operator's command `taskbell`: inspects a stage and redrives its dead letters.

It reads the items, executions and dead letters of the local system or of a deployed stage, with the operator's own AWS
credentials. Nothing here runs in Lambda.
"""

import sys


def main() -> None:
    """Run the command `taskbell`, which needs the extra `cli`."""
    try:
        from taskbell.cli.app import app  # noqa: PLC0415 - the package works without the extra
    except ModuleNotFoundError as error:
        if error.name not in {"rich", "typer"}:
            raise
        sys.exit(f"taskbell needs {error.name}: pip install 'taskbell[cli]'")
    app(prog_name="taskbell")
