"""Puts dead letters back: one by one as the API does, or all at once where SQS can do it without harm.

SQS can move a whole queue by itself (StartMessageMoveTask), but it moves everything, under ids that the other queue
may still remember from the first time; so it is asked to only where that does no harm.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from taskbell.application.redrive import Redriven, look_through
from taskbell.application.redrive import Redriving as OneByOne
from taskbell.cli.stage import Stage
from taskbell.domain.dead_letters import DeadLetter, DeadLetterKind, RedriveOutcome

_REMEMBERED = timedelta(minutes=5)  # how long a FIFO queue knows a deduplication id again
_WORTH_A_TASK = 50  # letters; fewer are sent one by one, which tells of each


@dataclass
class Redriving:
    """One call of `redrive` and what it did."""

    stage: Stage
    now: datetime = field(default_factory=lambda: datetime.now(UTC))
    moving: int = 0

    def __post_init__(self) -> None:
        self._one_by_one = OneByOne(self.stage.letters, self.stage.ways_back, run=uuid4().hex)

    @property
    def outcomes(self) -> list[dict[str, Any]]:
        """What became of each letter, under the names that --json uses."""
        return [_told(each) for each in self._one_by_one.redriven]

    @property
    def kept(self) -> bool:
        """Whether any letter that was asked for stays."""
        return any(each.outcome is RedriveOutcome.KEPT for each in self._one_by_one.redriven)

    def all(self) -> None:
        """Redrive every letter of both queues."""
        moved = {self.stage.dead_letters.name} if self._move_all() else set()
        self._one_by_one.all([queue.name for queue in self.stage.queues if queue.name not in moved])

    def some(self, ids: Collection[str]) -> set[str]:
        """Redrive the letters with these ids; answers with the ids that were not found."""
        return self._one_by_one.some(ids)

    def report(self) -> dict[str, Any]:
        """What was done, for --json."""
        return {"letters": self.outcomes, "moving": self.moving}

    def _move_all(self) -> bool:
        """Whether SQS has begun to move the whole queue by itself."""
        letters, unseen = look_through(self.stage.letters, self.stage.dead_letters.name)
        harmless = all(letter.kind is DeadLetterKind.EVENT and self._is_forgotten(letter) for letter in letters)
        if len(letters) < _WORTH_A_TASK or not harmless or unseen:
            return False
        if not self.stage.mover.move_all():
            return False
        self.moving = len(letters)
        return True

    def _is_forgotten(self, letter: DeadLetter) -> bool:
        """Whether no queue knows any more that it was sent before."""
        return letter.sent_at is not None and self.now - letter.sent_at > _REMEMBERED


def _told(redriven: Redriven) -> dict[str, Any]:
    letter, trouble = redriven.letter, f" ({redriven.trouble})" if redriven.trouble else ""
    return {
        "id": letter.id,
        "queue": letter.queue,
        "kind": letter.kind.value,
        "outcome": redriven.outcome.value,
        "detail": redriven.detail + trouble,
    }
