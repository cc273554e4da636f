"""How the command `taskbell` comes into .venv/bin."""

import os
import subprocess
from pathlib import Path

from local.prepare import write_command


def test_the_command_finds_its_checkout_from_anywhere(tmp_path: Path) -> None:
    checkout = tmp_path / "a checkout"
    programs = checkout / ".venv" / "bin"
    programs.mkdir(parents=True)
    write_command(checkout)
    (programs / "python").write_text('#!/bin/sh\necho "$PYTHONPATH" "$@"\n')
    (programs / "python").chmod(0o755)
    said = subprocess.run(
        [programs / "taskbell", "trace", "an id"], cwd=os.sep, capture_output=True, text=True, check=True
    )
    assert said.stdout == f"{checkout} -P -m operate trace an id\n"
