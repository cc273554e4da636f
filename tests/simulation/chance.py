"""Decisions that depend on a seed and a name alone, so that leaving one out does not change the others."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import TypeVar

T = TypeVar("T")


@dataclass
class Chance:
    """Draws by name.

    Attributes:
        seed: What the draws depend on.
        allowed: The faults that may happen; None for all.
        fired: The faults that happened, in order.
    """

    seed: int
    allowed: frozenset[str] | None = None
    fired: list[str] = field(default_factory=list)
    _drawn: Counter[str] = field(default_factory=Counter)

    def draw(self, name: str) -> float:
        """Return a number in [0, 1), the same for the same name."""
        digest = blake2b(f"{self.seed}:{name}".encode(), digest_size=6).digest()
        return int.from_bytes(digest) / 2**48

    def next(self, name: str) -> float:
        """Return another number each time."""
        self._drawn[name] += 1
        return self.draw(f"{name}:{self._drawn[name]}")

    def between(self, name: str, low: float, high: float) -> float:
        """Return another number in a range each time."""
        return low + (high - low) * self.next(name)

    def pick(self, name: str, options: Sequence[T]) -> T:
        """Return one of several, the same for the same name."""
        return options[int(self.draw(name) * len(options))]

    def fault(self, name: str, rate: float) -> bool:
        """Whether a fault happens; `name` must be unique."""
        happens = rate > 0 and self.draw(name) < rate and (self.allowed is None or name in self.allowed)
        if happens:
            self.fired.append(name)
        return happens
