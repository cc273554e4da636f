"""Vitest's tests in `web/tests`."""

import os
import subprocess

from local.settings import CHECKOUT


def test_the_component_tests_pass() -> None:
    command = ["npm", "test", "--silent", "--workspace", "web"]
    environment = {**os.environ, "NO_COLOR": "1"}
    run = subprocess.run(
        command, cwd=CHECKOUT, env=environment, capture_output=True, text=True, check=False, timeout=120
    )
    assert run.returncode == 0, run.stdout + run.stderr
