"""The operator's command `taskbell`, which looks at a stage and puts back what fell out of it.

It reads what the pipeline left behind (items, executions, dead letters) with the operator's own AWS credentials, on the
local system or on a deployed stage. Nothing here runs in Lambda.
"""

import sys


def main() -> None:
    """The command `taskbell`; what it needs beside the package itself comes with the extra `cli`."""
    try:
        from taskbell.cli.app import app  # noqa: PLC0415 - the package is of use without what this imports
    except ModuleNotFoundError as error:
        if error.name not in {"rich", "typer"}:
            raise
        sys.exit(f"taskbell needs {error.name}: pip install 'taskbell[cli]'")
    app(prog_name="taskbell")
