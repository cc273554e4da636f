"""Runs the long plan: python -m tests.e2e.faults [--seed 12] [--tasks 1000] [--within 240]."""

import argparse
import asyncio
import random
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

from tests.e2e.faults.kills import Kill
from tests.e2e.faults.run import Plan, Run
from tests.support.local_system import free_port, free_settings

_KILLS = (Kill.WORKERS, Kill.GATEWAY, Kill.WORKERS, Kill.WORKERS, Kill.LOCAL_AWS, Kill.WORKERS, Kill.EVERYTHING)
_WRITERS, _PAUSE, _WITHIN = 20, 0.5, 240


def main() -> int:
    """Run and print; 1 if something does not hold."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=random.randrange(1_000_000))  # noqa: S311 - no cryptography
    parser.add_argument("--tasks", type=int, default=1_000, help=f"a multiple of {_WRITERS}")
    parser.add_argument("--within", type=float, default=_WITHIN, help="seconds, on this machine")
    arguments = parser.parse_args()
    plan = Plan(arguments.seed, arguments.tasks, _WRITERS, _KILLS, _PAUSE, ends_within=arguments.within)
    print(f"Seed {plan.seed}: {plan.tasks} tasks, at most {plan.ends_within:.0f} s.", flush=True)
    with tempfile.TemporaryDirectory() as state:
        run = Run(plan, replace(free_settings(Path(state)), functions_port=free_port()))
        violations = asyncio.run(run.run())
    print(run.report(), *violations, sep="\n")
    return bool(violations)


if __name__ == "__main__":
    sys.exit(main())
