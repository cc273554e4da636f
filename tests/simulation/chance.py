"""Decisions that depend on a seed and a name alone, so that leaving one out does not change the others."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeVar
from zlib import crc32

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
        mixed = crc32(name.encode(), self.seed * 2_654_435_761 & 0xFFFF_FFFF)
        mixed = (mixed ^ mixed >> 16) * 0x85EB_CA6B & 0xFFFF_FFFF  # the end of MurmurHash3: CRC alone is linear
        mixed = (mixed ^ mixed >> 13) * 0xC2B2_AE35 & 0xFFFF_FFFF
        return (mixed ^ mixed >> 16) / 2**32

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
