"""Devices with the sync client end equal to the table, whatever is lost, late, cut, killed or changed elsewhere."""

from pathlib import Path

import pytest

from tests.simulation.failures import failing, run
from tests.simulation.mutations import Mutant
from tests.simulation.simulation import Plan
from tests.simulation.sync.mutations import SYNC_MUTANTS

_CHECKOUT = Path(__file__).parents[2]
_SEEDS, _CHUNK = 100, 50  # `make test-sync` runs 500


@pytest.mark.parametrize("first", range(1, _SEEDS, _CHUNK))
def test_devices_end_equal_to_the_table_whatever_fails(first: int) -> None:
    report = next(failing(range(first, first + _CHUNK), devices=True), None)
    assert report is None, str(report)


@pytest.mark.parametrize("seed", [12, 43])
def test_a_seed_with_devices_is_replayed_exactly(seed: int) -> None:
    plan = Plan(seed, devices=True)
    assert "FAULT" in "".join(run(plan).trace)
    assert run(plan) == run(plan)


@pytest.mark.parametrize("mutant", SYNC_MUTANTS, ids=lambda mutant: mutant.name.replace(" ", "-"))
def test_a_mutant_of_the_client_changes_one_place(mutant: Mutant) -> None:
    assert (_CHECKOUT / mutant.file).read_text().count(mutant.old) == 1
