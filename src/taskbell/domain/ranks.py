"""Ranks: the order that a person drags, as texts that sort in it.

They are those of the npm package `fractional-indexing`, in base 62: between any two of them there is another, which a
browser can work out as well. Source: https://observablehq.com/@dgreensp/implementing-fractional-indexing.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta

from fractional_indexing import FIError, generate_n_keys_between, validate_order_key

FIRST_RANK = "a0"
MAX_RANK = 100  # characters that a client may send
LONG_RANK, SHORT_RANK = 24, 18  # characters: longer ones are spread, until they are short
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MAX_SPREAD = 50  # tasks that get other ranks at once
_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_INTEGER_DIGITS, _FRACTION_DIGITS = 8, 3
_ENDS = ("A", "z")  # the heads beyond which nothing can be put before or behind
_HEAD = chr(ord("a") + _INTEGER_DIGITS - 1)  # says how many digits follow

Ranked = tuple[str, str]  # the rank and the id of a task


def is_rank(text: str) -> bool:
    """Return whether a text is a rank."""
    if not text or len(text) > MAX_RANK or not set(text) <= set(_DIGITS) or text.startswith(_ENDS):
        return False
    try:
        validate_order_key(text)
    except FIError:
        return False
    return True


def initial_rank(created_at: datetime, task_id: str) -> str:
    """Return the rank of a new task, behind all older ones; the end of its id tells tasks of one time apart."""
    milliseconds = (created_at - _EPOCH) // timedelta(milliseconds=1)
    chance = sum(ord(character) * 257**place for place, character in enumerate(task_id[-6:]))
    last = _DIGITS[1 + chance % (len(_DIGITS) - 1)]  # no rank ends with a zero
    return f"{_HEAD}{_base62(milliseconds, _INTEGER_DIGITS)}{_base62(chance // 61, _FRACTION_DIGITS - 1)}{last}"


def rank_behind(ranks: Iterable[str]) -> str:
    """Return a rank behind others."""
    (rank,) = list[str](generate_n_keys_between(max(ranks, default=None), None, 1))
    return rank


def respread(ranked: Sequence[Ranked], task_id: str) -> dict[str, str]:
    """Return other ranks for tasks around one that was moved, if its rank is long or not its own.

    The order stays. Of as many tasks as it takes, the ranks become short again.

    Args:
        ranked: The tasks in their order.
        task_id: The task that was moved.

    Returns:
        New ranks by the ids of tasks; empty if none is needed, or the task is not there. Stored one after the other in
        this order, they leave the tasks in theirs at any time, so that who dies in between has moved nothing.
    """
    ranks = [rank for rank, _ in ranked]
    at = next((place for place, (_, id_) in enumerate(ranked) if id_ == task_id), None)
    if at is None or not _is_crowded(ranks, at):
        return {}
    first, last = at, at
    while first > 0 and _is_crowded(ranks, first - 1) and last - first < _MAX_SPREAD:
        first -= 1
    while last < len(ranks) - 1 and _is_crowded(ranks, last + 1) and last - first < _MAX_SPREAD:
        last += 1
    while last - first < _MAX_SPREAD:
        spread = _spread(ranks, first, last)
        if spread and max(map(len, spread)) <= SHORT_RANK:
            break
        if (first, last) == (0, len(ranks) - 1):
            break
        first, last = max(0, first - 2), min(len(ranks) - 1, last + 2)
    found = _spread(ranks, first, last)
    return _without_overtaking(ranked[first : last + 1], found) if found else {}


def _without_overtaking(ranked: Sequence[Ranked], ranks: Sequence[str]) -> dict[str, str]:
    """Return the ranks that are new, by id: first of the tasks that go up, the last one first, then of the others."""
    changed = [(id_, old, new) for (old, id_), new in zip(ranked, ranks, strict=True)]
    up = {id_: new for id_, old, new in reversed(changed) if new > old}
    return up | {id_: new for id_, old, new in changed if new < old}


def _is_crowded(ranks: Sequence[str], at: int) -> bool:
    """Whether a rank is long, or that of a neighbour too."""
    neighbours = [*ranks[max(0, at - 1) : at], *ranks[at + 1 : at + 2]]
    return len(ranks[at]) > LONG_RANK or ranks[at] in neighbours


def _spread(ranks: Sequence[str], first: int, last: int) -> list[str]:
    """Return ranks for the tasks from one place to another; empty if what is beside them leaves no room."""
    before = ranks[first - 1] if first else None
    after = ranks[last + 1] if last + 1 < len(ranks) else None
    if before is not None and after is not None and before >= after:
        return []
    return list(generate_n_keys_between(before, after, last - first + 1))


def _base62(number: int, digits: int) -> str:
    text = ""
    for _ in range(digits):
        number, digit = divmod(number, len(_DIGITS))
        text = _DIGITS[digit] + text
    return text
