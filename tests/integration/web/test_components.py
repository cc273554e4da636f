"""Vitest's tests in `web/tests`."""

import subprocess

from local.settings import CHECKOUT


def test_the_component_tests_pass() -> None:
    vitest = CHECKOUT / "node_modules/.bin/vitest"
    run = subprocess.run(
        [vitest, "run", "--root", "web"], cwd=CHECKOUT, capture_output=True, text=True, check=False, timeout=120
    )
    assert run.returncode == 0, run.stdout + run.stderr
