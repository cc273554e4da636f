"""Redrives dead letters of a stage: one by one as the API does, or in bulk where SQS can do that safely.

StartMessageMoveTask moves a whole queue, whatever is in it, and keeps the deduplication ids, by which the event queue
drops what it received within the last five minutes. It is used only if every message is an event and old enough.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from taskbell import bootstrap
from taskbell.application.redrive import DeadLetterRedriver, RedriveResult, list_dead_letters
from taskbell.cli.stage import Stage
from taskbell.domain.dead_letters import DeadLetter, DeadLetterKind, RedriveOutcome

_DEDUPLICATION_INTERVAL = timedelta(minutes=5)  # of FIFO queues
_MIN_BULK_SIZE = 50  # messages; fewer are redriven one by one, with a result for each


@dataclass
class StageRedriver:
    """One invocation of `taskbell dlq redrive`.

    Attributes:
        stage: The stage.
        now: The current time.
        moving: The number of messages that SQS moves in bulk; they have no results.
    """

    stage: Stage
    now: datetime = field(default_factory=bootstrap.now)
    moving: int = 0

    def __post_init__(self) -> None:
        queues, targets = self.stage.dead_letter_queues, self.stage.redrive_targets
        self._redriver = DeadLetterRedriver(queues, targets, redrive_id=bootstrap.new_id())

    @property
    def results(self) -> list[dict[str, Any]]:
        """The results as JSON documents: id, queue, kind, outcome, detail."""
        return [_result(result) for result in self._redriver.results]

    @property
    def any_kept(self) -> bool:
        """Whether any message could not be redriven."""
        return any(result.outcome is RedriveOutcome.KEPT for result in self._redriver.results)

    def redrive(self, ids: Collection[str]) -> set[str]:
        """Redrive the messages with these ids; the ids that were not found."""
        return self._redriver.redrive(ids)

    def redrive_all(self) -> None:
        """Redrive all messages of both queues."""
        moved = {self.stage.task_events_dead_letters.name} if self._start_bulk_move() else set()
        self._redriver.redrive_all([queue.name for queue in self.stage.queues if queue.name not in moved])

    def report(self) -> dict[str, Any]:
        """The results and the number of messages that SQS moves, as a JSON document."""
        return {"letters": self.results, "moving": self.moving}

    def _start_bulk_move(self) -> bool:
        """Whether SQS has started to move all failed events."""
        name = self.stage.task_events_dead_letters.name
        dead_letters, not_returned = list_dead_letters(self.stage.dead_letter_queues, name)
        if len(dead_letters) < _MIN_BULK_SIZE or not_returned or not all(map(self._can_be_moved, dead_letters)):
            return False
        if not self.stage.mover.move_all():
            return False
        self.moving = len(dead_letters)
        return True

    def _can_be_moved(self, dead_letter: DeadLetter) -> bool:
        """Whether the message is an event, and no queue knows its deduplication id any more."""
        if dead_letter.kind is not DeadLetterKind.EVENT or dead_letter.sent_at is None:
            return False
        return self.now - dead_letter.sent_at > _DEDUPLICATION_INTERVAL


def _result(result: RedriveResult) -> dict[str, Any]:
    error = f" ({result.error})" if result.error else ""
    return {
        "id": result.dead_letter.id,
        "queue": result.dead_letter.queue,
        "kind": result.dead_letter.kind.value,
        "outcome": result.outcome.value,
        "detail": result.detail + error,
    }
