"""Shows that the simulation bites: mutants of the product, each of which some seed or some test has to kill.

`python -m tests.simulation.mutants` applies each in a copy of the checkout and runs seeds there until one fails.
"""

import os
import re
import shutil
import subprocess
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.simulation.mutations import MUTANTS, Mutant
from tests.simulation.sync.mutations import SYNC_MUTANTS

_CHECKOUT = Path(__file__).parents[2]
_COPIED = ("src", "processors", "resolvers", "infrastructure", "tests", "local", "benchmarks", "serverless.yml",
           "pyproject.toml", "schema.graphql", "packages/sync-client")  # fmt: skip


@dataclass(frozen=True)
class Verdict:
    """What became of a mutant; `killer` is None if it survived, `broken` says why there is no verdict."""

    mutant: Mutant
    killer: str | None = None
    broken: str | None = None

    @property
    def expected(self) -> bool:
        """Whether it was killed, or survived for the reason that it names."""
        return not self.broken and bool(self.killer) != bool(self.mutant.survives)

    def __str__(self) -> str:
        if self.broken:
            return f"{self.mutant.name}: BROKEN: {self.broken}"
        if self.killer and self.mutant.survives:
            return f"{self.mutant.name}: killed by {self.killer}, and should survive: {self.mutant.survives}"
        by = f"killed by {self.killer}" if self.killer else f"SURVIVED: {self.mutant.survives or 'for no known reason'}"
        return f"{self.mutant.name}: {by}"


def check(mutant: Mutant, seeds: int) -> Verdict:
    """Apply a mutant in a copy of the checkout, and look for what kills it."""
    with TemporaryDirectory() as folder:
        copy = Path(folder)
        for name in _COPIED:
            source = _CHECKOUT / name
            if source.is_dir():
                shutil.copytree(source, copy / name, ignore=shutil.ignore_patterns("__pycache__", "dist"))
            else:
                shutil.copy(source, copy / name)
        (copy / "node_modules").symlink_to(_CHECKOUT / "node_modules")
        try:
            mutate(mutant, copy)
            if mutant in SYNC_MUTANTS and (errors := _compiler_errors(copy)):
                return Verdict(mutant, broken=errors)
            return Verdict(mutant, _killer(mutant, copy, seeds))
        except (RuntimeError, ValueError) as error:
            return Verdict(mutant, broken=str(error))


def mutate(mutant: Mutant, checkout: Path) -> None:
    """Apply a mutant. Raises ValueError if its text is not there exactly once."""
    file = checkout / mutant.file
    text = file.read_text()
    if text.count(mutant.old) != 1:
        raise ValueError(f"{mutant.name}: {mutant.file} has the text {text.count(mutant.old)} times: {mutant.old}")
    file.write_text(text.replace(mutant.old, mutant.new))


def _killer(mutant: Mutant, copy: Path, seeds: int) -> str | None:
    for test in mutant.tests:
        if _python(copy, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", test).returncode == 1:
            return test
    if mutant in SYNC_MUTANTS and (failed := _failing_client_test(copy)):
        return failed
    return _first_failure(copy, seeds, devices=mutant in SYNC_MUTANTS)


def _compiler_errors(copy: Path) -> str:
    """What the compiler says of the sync client and its tests; empty if it compiles."""
    command = [str(copy / "node_modules/.bin/tsc"), "--project", str(copy / "packages/sync-client")]
    done = subprocess.run(command, text=True, capture_output=True, check=False)
    return done.stdout.strip() or done.stderr.strip() * (done.returncode != 0)


def _failing_client_test(copy: Path) -> str | None:
    """Return the first unit test of the compiled sync client that fails."""
    tests = copy / "packages/sync-client/dist/tests/client.test.js"
    command = ["node", "--test", "--test-reporter=tap", "--test-timeout=20000", str(tests)]
    done = subprocess.run(command, text=True, capture_output=True, check=False)
    failed = re.search(r"^\s*not ok \d+ - (.*)$", done.stdout, re.MULTILINE)
    if done.returncode and not failed:
        raise RuntimeError(f"The client's tests did not run ({done.returncode}): {done.stdout[-1_000:]}")
    return f"the client's test '{failed[1]}'" if failed else None


def _first_failure(checkout: Path, seeds: int, *, devices: bool = False) -> str | None:
    found = _python(checkout, "-m", "tests.simulation.first_failure", str(seeds), *["devices"] * devices)
    if found.returncode == 0:
        return None
    if not found.stdout.startswith("seed "):
        raise RuntimeError(f"The seeds did not run to their end ({found.returncode}): {found.stderr[-2_000:]}")
    return found.stdout.strip()


def _python(copy: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    environment = os.environ | {"PYTHONPATH": f"{copy / 'src'}:{copy}"}
    return subprocess.run(
        [sys.executable, *arguments], cwd=copy, env=environment, text=True, capture_output=True, check=False
    )


def _verdicts(mutants: list[Mutant], seeds: int, jobs: int) -> Iterator[Verdict]:
    with ThreadPoolExecutor(jobs) as pool:
        yield from pool.map(lambda mutant: check(mutant, seeds), mutants)


def main() -> int:
    """Run the command; the exit status is 1 if a verdict is not the expected one."""
    parser = ArgumentParser(prog="python -m tests.simulation.mutants", description=__doc__)
    parser.add_argument("names", nargs="*", help="mutants, by parts of their names; all if left out")
    parser.add_argument("--seeds", type=int, default=2_000, help="how many seeds to run at most")
    parser.add_argument("--jobs", type=int, default=2, help="how many processes to use")
    arguments = parser.parse_args()
    every = MUTANTS + SYNC_MUTANTS
    mutants = [m for m in every if not arguments.names or any(name in m.name for name in arguments.names)]
    for devices in {mutant in SYNC_MUTANTS for mutant in mutants}:
        if baseline := _first_failure(_CHECKOUT, arguments.seeds, devices=devices):
            sys.stdout.write(f"Without any mutant a seed fails, so that no mutant can be judged: {baseline}\n")
            return 1
    unexpected = []
    for verdict in _verdicts(mutants, arguments.seeds, arguments.jobs):
        unexpected += [] if verdict.expected else [verdict]
        sys.stdout.write(f"{verdict}\n")
        sys.stdout.flush()
    sys.stdout.write(f"{len(mutants)} mutants, {len(unexpected)} without the expected verdict\n")
    sys.stdout.write("".join(f"- {verdict}\n" for verdict in unexpected))
    return int(bool(unexpected))


if __name__ == "__main__":
    sys.exit(main())
