"""The command `python -m tests.simulation`."""

import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial

from tests.simulation.failures import Report, failing, run, shrunk_report
from tests.simulation.simulation import Plan

_CHUNK = 100


def main() -> int:
    """Run the command; the exit status is 1 if an invariant does not hold."""
    arguments = _arguments()
    if arguments.seed is not None:
        report = run(Plan(arguments.seed, devices=arguments.devices))
        sys.stdout.write(f"{shrunk_report(report) if report.violations else report}\n")
        return int(bool(report.violations))
    found = 0
    for report in _failures(arguments):
        found += 1
        sys.stdout.write(f"{shrunk_report(report)}\n\n")
        if found == arguments.failures:
            break
    sys.stdout.write(f"{found} of the seeds {arguments.first} to {arguments.first + arguments.seeds - 1} fail.\n")
    sys.stdout.flush()
    return int(found > 0)


def _failures(arguments: Namespace) -> Iterator[Report]:
    last = arguments.first + arguments.seeds
    if arguments.jobs == 1:
        yield from failing(range(arguments.first, last), devices=arguments.devices)
        return
    chunks = [range(start, min(start + _CHUNK, last)) for start in range(arguments.first, last, _CHUNK)]
    with ProcessPoolExecutor(arguments.jobs) as pool:
        for reports in pool.map(partial(_failing, devices=arguments.devices), chunks):
            yield from reports


def _failing(seeds: range, *, devices: bool) -> list[Report]:
    return list(failing(seeds, devices=devices))


def _arguments() -> Namespace:
    parser = ArgumentParser(prog="python -m tests.simulation", description="Simulate the pipeline with faults.")
    parser.add_argument("--seeds", type=int, default=2_000, help="how many seeds to run")
    parser.add_argument("--first", type=int, default=1, help="the first seed")
    parser.add_argument("--failures", type=int, default=3, help="how many failures to shrink and show")
    parser.add_argument("--jobs", type=int, default=1, help="how many processes to use")
    parser.add_argument("--seed", type=int, help="show what happens with this seed, shrunk if it fails")
    parser.add_argument("--devices", action="store_true", help="let devices with the sync client take part")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
