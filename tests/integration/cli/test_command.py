"""The command `taskbell` as it is installed."""

import subprocess
import sys
from pathlib import Path


def test_the_command_is_installed_and_runs_from_anywhere(tmp_path: Path) -> None:
    command = Path(sys.executable).with_name("taskbell")
    said = subprocess.run([command, "--help"], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert "Usage: taskbell" in said.stdout
