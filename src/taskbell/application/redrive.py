"""Looks through dead letters and puts them back on the road.

A letter is removed only after what it stands for was taken elsewhere: who dies between the two leaves a letter that
comes twice, which the pipeline does not mind. An event is sent again, a failed execution is started anew, changes are
forwarded again. The rest stays.
"""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from functools import partial
from itertools import islice

from taskbell.application.ports import DeadLetters, LettersInHand, WaysBack
from taskbell.domain.dead_letters import DeadLetter, DeadLetterKind, NotPassedOn, NotRemoved, RedriveOutcome


@dataclass(frozen=True, slots=True)
class Redriven:
    """What became of one letter, with how or why in words; `trouble` is what AWS said, for operators alone."""

    letter: DeadLetter
    outcome: RedriveOutcome
    detail: str
    trouble: str | None = None


def look_through(dead_letters: DeadLetters, queue: str, most: int | None = None) -> tuple[list[DeadLetter], int]:
    """At most so many letters of a queue (None: all that it shows), and about how many more it has."""
    with dead_letters.look(queue) as hand:
        letters = list(islice(hand.letters(), most))
        return letters, max(0, hand.left() - len(letters))


@dataclass
class Redriving:
    """One call: what it did, and by what it knows its own letters again when they come back at once.

    `run` names the call and is never used twice. `may_go_on` is asked before each letter, so that a call can end in
    time; what it did not come to is told by `cut_short`.
    """

    dead_letters: DeadLetters
    ways: WaysBack
    run: str
    may_go_on: Callable[[], bool] = lambda: True
    redriven: list[Redriven] = field(default_factory=list)
    cut_short: bool = False
    _started: set[str] = field(default_factory=set)

    def some(self, ids: Collection[str]) -> set[str]:
        """Redrive the letters with these ids; answers with the ids that were not found, or not come to."""
        missing = set(ids)
        for queue in self.dead_letters.queues:
            if missing and not self.cut_short:
                self._from(queue, missing, len(missing))
                missing -= {each.letter.id for each in self.redriven}
        return missing

    def all(self, queues: Collection[str], most: int | None = None) -> None:
        """Redrive the letters of these queues that are shown, at most so many in all."""
        for queue in queues:
            self._from(queue, None, None if most is None else most - len(self.redriven))

    def _from(self, queue: str, wanted: Collection[str] | None, most: int | None) -> None:
        with self.dead_letters.look(queue) as hand:
            stuck: set[str | None] = set()
            for letter in islice(self._asked_for(hand, wanted), most):
                self.redriven.append(self._redrive(letter, hand, stuck))

    def _asked_for(self, hand: LettersInHand, wanted: Collection[str] | None) -> Iterator[DeadLetter]:
        for letter in hand.letters():
            if not self.may_go_on():
                self.cut_short = True
                return
            if (wanted is None or letter.id in wanted) and not self._is_our_own(letter):
                yield letter

    def _redrive(self, letter: DeadLetter, hand: LettersInHand, stuck: set[str | None]) -> Redriven:
        """Pass the letter on, then remove it; a letter behind one that could not be passed on stays behind it."""
        kept = partial(Redriven, letter, RedriveOutcome.KEPT)
        if letter.kind is DeadLetterKind.UNKNOWN:
            return kept("It makes no sense to this version: neither an event nor what a workflow or Lambda left.")
        if letter.group is not None and letter.group in stuck:
            return kept("It stays behind an earlier letter of its task.")
        try:
            outcome, detail = self._pass_on(letter)
        except NotPassedOn as refusal:
            stuck.add(letter.group)
            return kept(str(refusal), _behind(refusal))
        try:
            hand.remove(letter)
        except NotRemoved as refusal:
            twice = "it could not be removed and may come twice, without harm"
            return Redriven(letter, outcome, f"{detail}; {twice}", _behind(refusal))
        return Redriven(letter, outcome, detail)

    def _pass_on(self, letter: DeadLetter) -> tuple[RedriveOutcome, str]:
        match letter.kind:
            case DeadLetterKind.EVENT:
                self.ways.send(letter, f"{self.run}:{letter.id}")
                return RedriveOutcome.SENT, "to the queue TaskEvents"
            case DeadLetterKind.EXECUTION:
                execution = self.ways.start(letter)
                self._started.add(execution)
                return RedriveOutcome.STARTED, f"the execution {execution.rpartition(':')[2]}"
        return RedriveOutcome.FORWARDED, f"{self.ways.forward(letter)} changes, by forwardChanges"

    def _is_our_own(self, letter: DeadLetter) -> bool:
        """Whether it is a letter of this very run, back again: one try for each call."""
        restarted = letter.execution is not None and letter.execution.id in self._started
        return restarted or letter.deduplication_id.startswith(self.run)


def _behind(refusal: Exception) -> str | None:
    return str(refusal.__cause__) if refusal.__cause__ else None
