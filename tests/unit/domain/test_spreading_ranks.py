"""Spreading ranks: one write after the other, any of which may be the last before the process dies."""

from datetime import UTC, datetime, timedelta

import pytest
from fractional_indexing import generate_key_between
from hypothesis import given
from hypothesis import strategies as st

from taskbell.domain.ranks import LONG_RANK, initial_rank, is_rank, respread

LOWEST, HIGHEST = f"A{'0' * 25}1", "z" * 27


def order(ranks: dict[str, str]) -> list[str]:
    return [id_ for _, id_ in sorted((rank, id_) for id_, rank in ranks.items())]


def after_each_write(ranks: dict[str, str], moved: str) -> list[dict[str, str]]:
    """Return the ranks after no write, after one, and so on."""
    states = [ranks]
    for id_, rank in respread(sorted((rank, id_) for id_, rank in ranks.items()), moved).items():
        states.append(states[-1] | {id_: rank})
    return states


@pytest.mark.parametrize("up", [True, False], ids=["behind the last one", "before the last one"])
def test_a_spread_that_ends_early_has_moved_nothing(*, up: bool) -> None:
    ranks, rank = {"first": "a0", "last": "a1"}, "a0" if up else "a1"
    while len(rank) <= LONG_RANK:
        rank = generate_key_between(rank, "a1") if up else generate_key_between("a0", rank)
        ranks[f"task-{len(ranks):04}"] = rank
    states = after_each_write(ranks, f"task-{len(ranks) - 1:04}")
    assert len(states) > 2
    assert {tuple(order(state)) for state in states} == {tuple(order(ranks))}


@given(st.lists(st.sampled_from(["Zz", "a0", "a0V", "a1", f"a0{'V' * 24}", f"a0{'V' * 25}"]), min_size=1, max_size=70))
def test_no_write_of_a_spread_changes_the_order(given_ranks: list[str]) -> None:
    ranks = {f"{number:02}": rank for number, rank in enumerate(given_ranks)}
    for moved in ranks:
        assert all(order(state) == order(ranks) for state in after_each_write(ranks, moved))


@pytest.mark.parametrize("rank", [LOWEST, f"{LOWEST}V", HIGHEST, f"{HIGHEST}V"])
def test_a_rank_at_an_end_of_the_scale_is_refused(rank: str) -> None:
    assert not is_rank(rank)


@pytest.mark.parametrize("rank", [f"B{'0' * 25}", f"B{'0' * 25}V", "y" + "z" * 25, "y" + "z" * 25 + "V"])
@pytest.mark.parametrize("moved", [0, 30, 69])
def test_tasks_far_out_on_the_scale_are_spread_all_the_same(rank: str, moved: int) -> None:
    assert is_rank(rank)
    ranks = {f"{number:02}": rank for number in range(70)}
    assert all(order(state) == order(ranks) for state in after_each_write(ranks, f"{moved:02}"))


@given(st.integers(0, 2 * 10**13), st.integers(0, 999))
def test_the_rank_of_a_new_task_follows_from_its_time_as_it_is_stored(milliseconds: int, microseconds: int) -> None:
    stored = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=milliseconds)
    at = stored + timedelta(microseconds=microseconds)
    assert initial_rank(at, "task") == initial_rank(stored, "task")
    assert initial_rank(at, "task") < initial_rank(stored + timedelta(milliseconds=1), "other")
