"""Lists dead letters and redrives them.

A message is deleted only after what it stands for was handed on: an event is sent again, a failed execution is
restarted, stream records are replayed. A crash between the two steps leaves a message that is redriven twice, which
the pipeline tolerates because its consumers are idempotent. A message that cannot be redriven is kept.
"""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from functools import partial
from itertools import islice

from taskbell.application.ports import DeadLetterQueues, DeadLetterReceiver, RedriveTargets
from taskbell.domain.dead_letters import DeadLetter, DeadLetterKind, DeletionError, RedriveError, RedriveOutcome


@dataclass(frozen=True, slots=True)
class RedriveResult:
    """The outcome of redriving one message.

    Attributes:
        dead_letter: The message as it was received.
        outcome: Where it was sent, or that it was kept.
        detail: How or why, for people.
        error: What AWS answered, for operators alone; None if nothing failed.
    """

    dead_letter: DeadLetter
    outcome: RedriveOutcome
    detail: str
    error: str | None = None


def list_dead_letters(queues: DeadLetterQueues, queue: str, limit: int | None = None) -> tuple[list[DeadLetter], int]:
    """Receive messages of a queue and make them visible again.

    Args:
        queues: The dead-letter queues.
        queue: The name of one of them.
        limit: The maximum number of messages; None for all that the queue returns.

    Returns:
        The messages, and the approximate number of those that were not returned.
    """
    with queues.receiver(queue) as receiver:
        dead_letters = list(islice(receiver.receive(), limit))
        return dead_letters, max(0, receiver.approximate_count() - len(dead_letters))


@dataclass
class DeadLetterRedriver:
    """Redrives messages during one request, and keeps the results.

    Attributes:
        queues: Where the messages are received from.
        targets: Where they are handed on to.
        redrive_id: Identifies this redrive and is never used twice. Deduplication ids start with it, so that a message
            that fails again at once is recognised and not redriven a second time.
        has_time: Checked before each message; the redrive ends when it returns False.
        results: One result for each message, in the order in which they were received.
        timed_out: Whether the redrive ended because `has_time` returned False.
    """

    queues: DeadLetterQueues
    targets: RedriveTargets
    redrive_id: str
    has_time: Callable[[], bool] = lambda: True
    results: list[RedriveResult] = field(default_factory=list)
    timed_out: bool = False
    _restarted: set[str] = field(default_factory=set)

    def redrive(self, ids: Collection[str]) -> set[str]:
        """Redrive the messages with these ids.

        Returns:
            The ids of messages that were not found, or not reached in time.
        """
        missing = set(ids)
        for queue in self.queues.names:
            if missing and not self.timed_out:
                self._redrive_queue(queue, missing, len(missing))
                missing -= {result.dead_letter.id for result in self.results}
        return missing

    def redrive_all(self, queues: Collection[str], limit: int | None = None) -> None:
        """Redrive all messages that these queues return, at most `limit` in total."""
        for queue in queues:
            self._redrive_queue(queue, None, None if limit is None else limit - len(self.results))

    def _redrive_queue(self, queue: str, ids: Collection[str] | None, limit: int | None) -> None:
        with self.queues.receiver(queue) as receiver:
            blocked_groups: set[str | None] = set()
            for dead_letter in islice(self._selected(receiver, ids), limit):
                self.results.append(self._redrive_one(dead_letter, receiver, blocked_groups))

    def _selected(self, receiver: DeadLetterReceiver, ids: Collection[str] | None) -> Iterator[DeadLetter]:
        for dead_letter in receiver.receive():
            if not self.has_time():
                self.timed_out = True
                return
            if (ids is None or dead_letter.id in ids) and not self._was_redriven_here(dead_letter):
                yield dead_letter

    def _redrive_one(
        self, dead_letter: DeadLetter, receiver: DeadLetterReceiver, blocked_groups: set[str | None]
    ) -> RedriveResult:
        """Hand the message on, then delete it; a failure blocks the later messages of its group."""
        kept = partial(RedriveResult, dead_letter, RedriveOutcome.KEPT)
        if dead_letter.kind is DeadLetterKind.UNKNOWN:
            return kept("The message cannot be parsed as an event, a failed execution or unforwarded changes.")
        if dead_letter.group_id is not None and dead_letter.group_id in blocked_groups:
            return kept("An earlier dead letter of the same task could not be redriven.")
        try:
            outcome, detail = self._hand_on(dead_letter)
        except RedriveError as error:
            blocked_groups.add(dead_letter.group_id)
            return kept(str(error), _cause(error))
        try:
            receiver.delete(dead_letter)
        except DeletionError as error:
            warning = "it could not be deleted and may be redriven twice, which is harmless"
            return RedriveResult(dead_letter, outcome, f"{detail}; {warning}", _cause(error))
        return RedriveResult(dead_letter, outcome, detail)

    def _hand_on(self, dead_letter: DeadLetter) -> tuple[RedriveOutcome, str]:
        match dead_letter.kind:
            case DeadLetterKind.EVENT:
                self.targets.resend_event(dead_letter, f"{self.redrive_id}:{dead_letter.id}")
                return RedriveOutcome.SENT, "to the queue TaskEvents"
            case DeadLetterKind.EXECUTION:
                execution = self.targets.restart_execution(dead_letter)
                self._restarted.add(execution)
                return RedriveOutcome.STARTED, f"the execution {execution.rpartition(':')[2]}"
        return RedriveOutcome.FORWARDED, f"{self.targets.replay_records(dead_letter)} changes, passed on again"

    def _was_redriven_here(self, dead_letter: DeadLetter) -> bool:
        """Whether the message results from this redrive: an event resent or an execution restarted by it failed."""
        restarted = dead_letter.execution is not None and dead_letter.execution.id in self._restarted
        return restarted or dead_letter.deduplication_id.startswith(self.redrive_id)


def _cause(error: Exception) -> str | None:
    return str(error.__cause__) if error.__cause__ else None
