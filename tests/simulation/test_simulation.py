"""The pipeline keeps its promises, whatever is lost, late, repeated or killed."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.simulation.failures import failing, run, shrunk
from tests.simulation.mutations import MUTANTS, Mutant
from tests.simulation.simulation import Plan

_CHECKOUT = Path(__file__).parents[2]
_SEEDS, _CHUNK = 2_000, 250
_TRACE = "from tests.simulation.failures import run, Plan; print('\\n'.join(run(Plan({seed})).trace))"


@pytest.mark.parametrize("first", range(1, _SEEDS, _CHUNK))
def test_nothing_is_lost_doubled_or_out_of_order_whatever_fails(first: int) -> None:
    report = next(failing(range(first, first + _CHUNK)), None)
    assert report is None, str(report)


@pytest.mark.parametrize("seed", [12, 43])
def test_a_seed_is_replayed_exactly(seed: int) -> None:
    assert "FAULT" in "".join(run(Plan(seed)).trace)
    assert run(Plan(seed)) == run(Plan(seed))


def test_a_seed_is_the_same_in_every_process() -> None:
    traces = set()
    for hash_seed in ("1", "2"):
        command = [sys.executable, "-c", _TRACE.format(seed=43)]
        environment = os.environ | {"PYTHONHASHSEED": hash_seed}
        done = subprocess.run(command, cwd=_CHECKOUT, env=environment, capture_output=True, text=True, check=True)
        traces.add(done.stdout)
    assert len(traces) == 1


def test_a_failure_is_shrunk_to_the_operations_and_faults_that_it_needs() -> None:
    plan = run(Plan(43)).plan
    assert plan.operations
    assert plan.faults
    operation, fault = max(plan.operations), sorted(plan.faults)[len(plan.faults) // 2]

    def fails(smaller: Plan) -> bool:
        return operation in (smaller.operations or ()) and fault in (smaller.faults or ())

    assert shrunk(plan, fails) == Plan(43, frozenset({operation}), frozenset({fault}))


def test_a_run_without_faults_has_none() -> None:
    assert not run(Plan(43, faults=frozenset())).plan.faults


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name.replace(" ", "-"))
def test_a_mutant_changes_one_place(mutant: Mutant) -> None:
    assert (_CHECKOUT / mutant.file).read_text().count(mutant.old) == 1


def test_the_mutants_are_told_apart_by_their_names() -> None:
    assert len({mutant.name for mutant in MUTANTS}) == len(MUTANTS) >= 40
