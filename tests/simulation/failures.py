"""Runs plans, and shrinks one that fails to the fewest operations and faults that still fail."""

import gc
import traceback
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TypeVar

from tests.simulation.invariants import violations
from tests.simulation.simulation import Plan, Simulation

T = TypeVar("T", int, str)

_RUNS_BETWEEN_COLLECTIONS = 25


@dataclass(frozen=True)
class Report:
    """How a run ended.

    Attributes:
        plan: The plan, with the operations and the faults that happened.
        violations: What does not hold, `invariant: in words`.
        trace: What happened, a line each.
    """

    plan: Plan
    violations: tuple[str, ...]
    trace: tuple[str, ...]

    @property
    def kinds(self) -> frozenset[str]:
        """The invariants that do not hold."""
        return frozenset(text.partition(":")[0] for text in self.violations)

    def __str__(self) -> str:
        again = f"python -m tests.simulation --seed {self.plan.seed}"
        return "\n".join([*self.trace, "", *self.violations, "", f"Again: {again}"])


def run(plan: Plan) -> Report:
    """Run a plan."""
    simulation = Simulation(plan)
    try:
        simulation.run()
        found = violations(simulation)
    except Exception as error:
        simulation.world.log(traceback.format_exc())
        found = [f"{type(error).__name__}: {error}"]
    happened = Plan(
        plan.seed,
        frozenset(operation.number for operation in simulation.operations),
        frozenset(simulation.world.chance.fired),
    )
    return Report(happened, tuple(found), tuple(simulation.world.trace))


def failing(seeds: Iterable[int]) -> Iterator[Report]:
    """Run seeds; the reports of those that fail. Garbage is collected between runs only: an eighth of their time."""
    gc.disable()
    try:
        for number, seed in enumerate(seeds):
            if number % _RUNS_BETWEEN_COLLECTIONS == 0:
                gc.collect()
            if (report := run(Plan(seed))).violations:
                yield report
    finally:
        gc.enable()


def shrunk(plan: Plan, fails: Callable[[Plan], bool]) -> Plan:
    """Return a plan with as few operations and faults as possible that fails as well."""
    operations = _fewest(plan.operations or (), lambda kept: fails(replace(plan, operations=kept)))
    fewer = replace(plan, operations=operations)
    faults = _fewest(plan.faults or (), lambda kept: fails(replace(fewer, faults=kept)))
    smaller = replace(fewer, faults=faults)
    return smaller if smaller == plan else shrunk(smaller, fails)


def shrunk_report(report: Report) -> Report:
    """Return the report of the shrunk plan, which violates one of the same invariants."""
    return run(shrunk(report.plan, lambda plan: bool(run(plan).kinds & report.kinds)))


def _fewest(elements: Iterable[T], fails: Callable[[frozenset[T]], bool]) -> frozenset[T]:
    """Return the elements without those that are not needed, larger parts first (delta debugging)."""
    kept = sorted(elements)
    size = len(kept)
    while size:
        for start in range(0, len(kept), size):
            without = kept[:start] + kept[start + size :]
            if len(without) < len(kept) and fails(frozenset(without)):
                kept = without
                break
        else:
            size //= 2
    return frozenset(kept)
