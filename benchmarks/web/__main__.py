"""What the board costs a browser, beside a plain list in React that does without a store and shows every row.

    python -m benchmarks.web [--tasks 5000] [--runs 7] [--times 24] [--pushes 50]

takes some three minutes: the API serves the built pages (`make pages`) over a table in memory (`serve.py`), and
Chromium uses them as a person does. README.md has the goals and the figures seen.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser

from benchmarks.web.browser import chromium
from benchmarks.web.interacting import on_the_board, on_the_peer
from benchmarks.web.loading import SLOWED, first_load, visits
from benchmarks.web.pushing import pushes
from local.settings import CHECKOUT

BUILD = CHECKOUT / "web/dist/index.html"
PAGES = {"board": ("/", ".task-row"), "peer": ("/peer/", "li")}


@contextmanager
def backend(tasks: int) -> Iterator[str]:
    """The pages and the API in a process of their own; their address."""
    subprocess.run(["node", CHECKOUT / "benchmarks/web/peer/build.mjs"], check=True)  # noqa: S607
    command = [sys.executable, "-m", "benchmarks.web.serve", "--tasks", str(tasks)]
    with subprocess.Popen(command, cwd=CHECKOUT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        try:
            yield json.loads(process.stdout.readline())["url"]
        finally:
            process.terminate()


def show(name: str, values: list[float]) -> None:
    """Print a row: half of the values are at most p50, 95 of a hundred at most p95."""
    p95 = statistics.quantiles(values, n=20, method="inclusive")[18] if len(values) > 1 else values[0]
    print(f"{name:<52} p50 {statistics.median(values):6.0f} ms   p95 {p95:6.0f} ms   n {len(values)}", flush=True)


def measure(browser: Browser, url: str, options: argparse.Namespace) -> None:
    """Measure and print everything, the board and its peer in turns."""
    print(f"Processor {SLOWED} times slower")
    for page, (path, row) in PAGES.items():
        for name, values in visits(browser, url + path, row, options.runs).items():
            show(f"{page}: {name}", values)
        scripts, size = first_load(browser, url + path)
        print(f"{page}: first load: {scripts} scripts, {size / 1_000:.1f} kB compressed")
    print("Processor as it is")
    for page, found in (
        ("board", on_the_board(browser, url, options.times)),
        ("peer", on_the_peer(browser, url + PAGES["peer"][0], options.times)),
    ):
        for name, values in found.items():
            show(f"{page}: {name}", values)
        show(f"{page}: all interactions", [value for values in found.values() for value in values])
    for page, (path, row) in PAGES.items():
        show(f"{page}: push to pixel", pushes(browser, url, url + path, row, options.pushes))


def main() -> int:
    """Measure and print; 1 when the pages are not built."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tasks", type=int, default=5_000)
    parser.add_argument("--runs", type=int, default=7, help="visits of each kind")
    parser.add_argument("--times", type=int, default=24, help="interactions of each kind")
    parser.add_argument("--pushes", type=int, default=50)
    options = parser.parse_args()
    if not BUILD.exists():
        print(f"{BUILD} is not there. Build the pages first: make pages", file=sys.stderr)
        return 1
    with backend(options.tasks) as url, chromium() as browser:
        print(
            f"{options.tasks} tasks, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, Chromium {browser.version}"
        )
        measure(browser, url, options)
    return 0


if __name__ == "__main__":
    sys.exit(main())
