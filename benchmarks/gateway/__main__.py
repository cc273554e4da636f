"""The local AppSync beside Amplify's simulator, in one run:

    python -m benchmarks.gateway [--seconds 1] [--rounds 3] [--only local]

`ceiling` is the same server with an application that does nothing but answer and push constant texts.

Needs Node 20 and npm for the simulator, which is installed into .build/bench when it is not there.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import shutil
import subprocess
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import uvloop

from benchmarks.gateway.load import CREATE, GET, Measured, Target, pushes, requests

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator, Mapping

HERE = Path(__file__).resolve().parent
CHECKOUT = HERE.parents[1]
INSTALLED = CHECKOUT / ".build" / "bench" / "simulator"
API_KEY = "da2-benchmark"
ASKED = (
    ("getTask", GET, {"id": "t-1"}),
    ("createTask", CREATE, {"input": {"id": "t-1", "title": "Read chapter 4", "labels": ["reading"]}}),
)


def install() -> None:
    """Install the simulator as its lock file says, when that has changed."""
    wanted = (HERE / "package-lock.json").read_bytes()
    stamp = INSTALLED / "installed.json"
    if stamp.exists() and stamp.read_bytes() == wanted:
        return
    print("Installing Amplify's simulator (once)", flush=True)
    INSTALLED.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json", ".npmrc"):
        shutil.copy(HERE / name, INSTALLED / name)
    subprocess.run(["npm", "ci", "--loglevel=error"], cwd=INSTALLED, check=True, timeout=600)  # noqa: S607
    stamp.write_bytes(wanted)


@contextlib.contextmanager
def running(*command: str) -> Iterator[Target]:
    """Run a server, from its line of JSON to the end of the block."""
    environment = {**os.environ, "NODE_NO_WARNINGS": "1"}
    with subprocess.Popen(command, cwd=CHECKOUT, env=environment, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout
            told = json.loads(process.stdout.readline())
            yield Target(told["url"], told["apiKey"], told["pid"])
        finally:
            process.kill()


def measurements() -> Iterator[tuple[str, Callable[[Target, float], Awaitable[Measured]]]]:
    """What is measured, in this order."""
    for name, query, variables in ASKED:
        for count in (1, 32):
            ask = partial(requests, query=query, variables=variables, connections=count)
            yield f"{name}, {count} connection{'s' * (count > 1)}", ask
    for subscribers in (100, 1000):
        yield f"pushes to {subscribers:,}", partial(pushes, subscribers=subscribers)


async def compare(targets: Mapping[str, Target], seconds: float, rounds: int) -> None:
    """Take turns, so that what else the machine does disturbs all alike; print each one's least disturbed round."""
    for _, query, variables in ASKED:
        for target in targets.values():
            await requests(target, 0.5, query=query, variables=variables, connections=1)
    for what, measure in measurements():
        found: dict[str, list[Measured]] = {name: [] for name in targets}
        for _ in range(rounds):
            for name, target in targets.items():
                found[name].append(await measure(target, seconds))
        print(f"\n{what}")
        for name, values in found.items():
            print(f"  {name:<10} {max(values)}", flush=True)


def main() -> int:
    """Measure all servers, or one."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=1, help="for each round")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", choices=["local", "simulator", "ceiling"])
    arguments = parser.parse_args()
    servers = {
        "local": (sys.executable, "-m", "benchmarks.gateway.serve"),
        "simulator": ("node", str(HERE / "simulator.cjs"), str(INSTALLED), str(HERE / "schema.graphql"), API_KEY),
    }
    servers["ceiling"] = (sys.executable, "-m", "benchmarks.gateway.bare")
    chosen = [arguments.only] if arguments.only else list(servers)
    if "simulator" in chosen:
        install()
    with contextlib.ExitStack() as stack:
        targets = {name: stack.enter_context(running(*servers[name])) for name in chosen}
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(compare(targets, arguments.seconds, arguments.rounds))
    return 0


if __name__ == "__main__":
    sys.exit(main())
