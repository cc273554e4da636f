"""Ranks: the same as a browser's, and short for ever."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from fractional_indexing import generate_key_between, generate_n_keys_between
from hypothesis import given, settings
from hypothesis import strategies as st

from taskbell.domain.ids import new_task_id
from taskbell.domain.ranks import FIRST_RANK, LONG_RANK, MAX_RANK, initial_rank, is_rank, respread
from tests.support.examples import NOW

# What version 4.0.0 of the npm package `fractional-indexing` makes between two ranks: one, or several.
OF_NPM = json.loads(Path(__file__).with_name("ranks_of_npm.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize(("before", "after", "expected"), OF_NPM)
def test_a_rank_is_the_one_that_a_browser_works_out(before: str | None, after: str | None, expected: Any) -> None:
    if isinstance(expected, list):
        assert generate_n_keys_between(before, after, len(expected)) == expected
    else:
        assert generate_key_between(before, after) == expected
    assert all(map(is_rank, expected if isinstance(expected, list) else [expected]))


@pytest.mark.parametrize(
    "text", ["", "a", "0", "a00", "é0", "A" + "0" * 26, "a0 ", "a0\n", "b0", "a0-", "a0" + "V" * MAX_RANK]
)
def test_what_is_no_rank_is_refused(text: str) -> None:
    assert not is_rank(text)


def test_new_tasks_come_behind_older_ones() -> None:
    ranks = []
    for seconds in (0, 0.001, 1, 60, 86_400, 86_400 * 365 * 50):
        at = NOW + timedelta(seconds=seconds)
        ranks.append(initial_rank(at, new_task_id(at, 12345)))
    assert ranks == sorted(ranks)
    assert all(is_rank(rank) and len(rank) <= 12 and rank > FIRST_RANK for rank in ranks)
    assert len({initial_rank(NOW, new_task_id(NOW, number)) for number in range(500)}) > 490


def insert(ranked: list[tuple[str, str]], at: int, id_: str) -> None:
    """Drag a task to a place as a browser does, and spread ranks as the pipeline does."""
    before = ranked[at - 1][0] if at else None
    after = ranked[at][0] if at < len(ranked) else None
    ranked.insert(at, (generate_key_between(before, after), id_))
    spread = respread(ranked, id_)
    ranked[:] = [(spread.get(each, rank), each) for rank, each in ranked]


@pytest.mark.parametrize("place", [0, 1, 5, 10])
def test_ranks_stay_short_however_often_a_task_is_put_in_one_place(place: int) -> None:
    ranked = [
        (initial_rank(NOW + timedelta(minutes=number), f"old-{number:04}"), f"old-{number}") for number in range(10)
    ]
    order = [id_ for _, id_ in ranked]
    for number in range(2_000):
        insert(ranked, place, f"new-{number}")
        order.insert(place, f"new-{number}")
    assert [id_ for _, id_ in ranked] == order
    assert [rank for rank, _ in ranked] == sorted({rank for rank, _ in ranked})
    assert max(len(rank) for rank, _ in ranked) <= LONG_RANK + 1


@settings(max_examples=50)
@given(st.lists(st.integers(0, 10**6), max_size=150))
def test_the_order_is_the_one_that_was_dragged(places: list[int]) -> None:
    ranked: list[tuple[str, str]] = []
    order: list[str] = []
    for number, place in enumerate(places):
        at = place % (len(ranked) + 1)
        insert(ranked, at, str(number))
        order.insert(at, str(number))
    assert [id_ for _, id_ in sorted(ranked)] == order
    assert all(is_rank(rank) for rank, _ in ranked)


def test_two_tasks_that_were_put_in_one_gap_get_ranks_of_their_own() -> None:
    ranked = [("a0", "first"), ("a0V", "left"), ("a0V", "right"), ("a1", "last")]
    spread = respread(ranked, "left")
    assert set(spread) <= {"left", "right"}
    again = sorted((spread.get(id_, rank), id_) for rank, id_ in ranked)
    assert [id_ for _, id_ in again] == ["first", "left", "right", "last"]
    assert len({rank for rank, _ in again}) == 4
    assert respread(again, "left") == respread(again, "right") == {}


def test_many_tasks_of_one_rank_are_spread_as_far_as_one_event_may() -> None:
    ranked = [("a0", f"task-{number:03}") for number in range(200)]
    for number in range(200):
        spread = respread(ranked, f"task-{number:03}")
        assert len(spread) <= 60
        ranked = [(spread.get(id_, rank), id_) for rank, id_ in ranked]
    assert [id_ for _, id_ in ranked] == [f"task-{number:03}" for number in range(200)]


def test_a_task_that_is_not_there_spreads_nothing() -> None:
    assert respread([("a0", "a"), ("a0", "b")], "c") == {}
