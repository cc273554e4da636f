"""One owner changes 200 tasks a second: a model of how often DynamoDB refuses the transactions that count.

Two transactions conflict if they write one item at the same time: the later one is cancelled. Source: Amazon DynamoDB
Developer Guide, "Transactional conflict handling in DynamoDB". A transaction takes 12 ms, as decision record 19 has it.
"""

import heapq
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

import pytest

from taskbell.adapters.dynamodb.statistics import SHARDS, shard_of
from taskbell.domain.ids import new_task_id
from tests.support.examples import NOW

PER_SECOND, SECONDS, TRANSACTION = 200, 30, 0.012
MAX_ATTEMPTS = 8
PARTITION_WRITE_UNITS = 1_000  # a second; Amazon DynamoDB Developer Guide, "Partitions and data distribution"


@dataclass
class Outcome:
    """What became of the transactions."""

    attempts: int = 0
    refused: int = 0
    returned: int = 0

    @property
    def rate(self) -> float:
        return self.refused / self.attempts


def backoff(attempt: int, random: Random) -> float:
    """The adapter's pause after a conflict, in seconds."""
    longest: float = min(0.8, 0.05 * 2**attempt)
    return random.random() * longest


def run(item_of: Callable[[str], int]) -> Outcome:
    """Let the transactions of SECONDS begin at random times, each on the item of its task."""
    random, outcome = Random(1), Outcome()  # noqa: S311 - a model
    busy_until: dict[int, float] = {}
    arrivals = ((random.random() * SECONDS, number) for number in range(PER_SECOND * SECONDS))
    waiting = [(at, number, 0, new_task_id(NOW, random.getrandbits(74))) for at, number in arrivals]
    heapq.heapify(waiting)
    while waiting:
        at, number, attempt, task_id = heapq.heappop(waiting)
        item = item_of(task_id)
        outcome.attempts += 1
        if busy_until.get(item, 0) <= at:
            busy_until[item] = at + TRANSACTION
            continue
        outcome.refused += 1
        if attempt == MAX_ATTEMPTS - 1:
            outcome.returned += 1
        else:
            heapq.heappush(waiting, (at + backoff(attempt, random), number, attempt + 1, task_id))
    return outcome


def test_with_shards_few_transactions_are_refused_and_none_goes_back_to_the_queue() -> None:
    sharded = run(shard_of)
    assert sharded.rate < 0.2
    assert sharded.returned == 0


def test_with_one_item_most_were_refused_and_many_went_back() -> None:
    single = run(lambda _: 0)
    assert single.rate > 0.75
    assert single.returned > 100


def test_tasks_are_spread_over_all_shards_evenly() -> None:
    random, count = Random(1), 16_000  # noqa: S311 - a model
    found = [shard_of(new_task_id(NOW, random.getrandbits(74))) for _ in range(count)]
    for shard in range(SHARDS):
        assert found.count(shard) == pytest.approx(count / SHARDS, rel=0.15)


def test_no_partition_gets_more_than_it_can_write() -> None:
    log = PER_SECOND * 2 * 2  # a transaction of an item and its entry in one index, twice the price
    shard = PER_SECOND / SHARDS * 2 * 2  # at most 2 KB
    assert max(log, shard) < PARTITION_WRITE_UNITS
