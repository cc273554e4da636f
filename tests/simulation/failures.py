"""Runs plans, and shrinks one that fails to the fewest operations and faults that still fail."""

import gc
import traceback
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TypeVar

from tests.simulation import invariants
from tests.simulation.simulation import Plan, Simulation
from tests.simulation.sync import invariants as sync_invariants
from tests.simulation.sync.simulation import SyncSimulation
from tests.simulation.world import Violation

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
        again = f"python -m tests.simulation --seed {self.plan.seed}{' --devices' * self.plan.devices}"
        return "\n".join([*self.trace, "", *self.violations, "", f"Again: {again}"])


def run(plan: Plan) -> Report:
    """Run a plan."""
    simulation = SyncSimulation(plan) if plan.devices else Simulation(plan)
    try:
        simulation.run()
        found = violations(simulation)
    except (Exception, Violation) as error:
        simulation.world.log(traceback.format_exc())
        found = [f"{type(error).__name__}: {error}"]
    happened = Plan(
        plan.seed,
        frozenset(operation.number for operation in simulation.operations),
        frozenset(simulation.world.chance.fired),
        plan.devices,
    )
    return Report(happened, tuple(found), tuple(simulation.world.trace))


def violations(simulation: Simulation) -> list[str]:
    """What does not hold at the end of a run."""
    of_devices = sync_invariants.violations(simulation) if isinstance(simulation, SyncSimulation) else []
    return invariants.violations(simulation) + of_devices


def failing(seeds: Iterable[int], *, devices: bool = False) -> Iterator[Report]:
    """Run seeds; the reports of those that fail. Garbage is collected between runs only: an eighth of their time."""
    gc.disable()
    try:
        for number, seed in enumerate(seeds):
            if number % _RUNS_BETWEEN_COLLECTIONS == 0:
                gc.collect()
            if (report := run(Plan(seed, devices=devices))).violations:
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
