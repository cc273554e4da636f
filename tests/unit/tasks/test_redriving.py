"""Redriving: what is passed on is removed, what is not stays, and every letter's outcome is told."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field

from taskbell.adapters.dead_letter_messages import interpret
from taskbell.application.redrive import Redriving
from taskbell.application.serialization import event_to_dict
from taskbell.domain.dead_letters import DeadLetter, NotPassedOn, RedriveOutcome
from taskbell.domain.events import event_between
from tests.examples import example_task
from tests.fakes import InMemoryDeadLetters

GIVEN_UP, UNFORWARDED = InMemoryDeadLetters().queues
EVENT = json.dumps(event_to_dict(event_between(None, example_task())))
FAILED = json.dumps({"execution": "arn:run", "input": {"ownerId": "ada", "taskId": "essay"}, "error": "E"})
STRETCH = dict.fromkeys(("streamArn", "shardId", "startSequenceNumber", "endSequenceNumber"), "1")
CHANGES = json.dumps({"DDBStreamBatchInfo": STRETCH})


@dataclass
class Road:
    """`WaysBack` that remembers what came; what it does at a letter can be another."""

    came: list[tuple[str, str]] = field(default_factory=list)
    meets: Callable[[DeadLetter], object] = lambda _: None

    def send(self, letter: DeadLetter, deduplication_id: str) -> None:
        self.meets(letter)
        self.came.append((letter.id, deduplication_id))

    def start(self, letter: DeadLetter) -> str:
        self.meets(letter)
        self.came.append((letter.id, "started"))
        return "arn:aws:states:eu-central-1:1:execution:lifecycle:run_r2"

    def forward(self, letter: DeadLetter) -> int:
        self.meets(letter)
        self.came.append((letter.id, "forwarded"))
        return 7


def letter(id_: str, body: str = EVENT, queue: str = GIVEN_UP, group: str | None = "ada/essay") -> DeadLetter:
    return interpret(DeadLetter(id_, queue, body, group=group))


def redriving(*lying: DeadLetter, road: Road | None = None, most: int = 1_000) -> Redriving:
    """A call that may look at so many letters."""
    looks = iter(range(most))
    return Redriving(InMemoryDeadLetters(list(lying)), road or Road(), "run", lambda: next(looks, None) is not None)


def told(call: Redriving) -> list[tuple[str, RedriveOutcome]]:
    return [(each.letter.id, each.outcome) for each in call.redriven]


def left(call: Redriving) -> list[str]:
    assert isinstance(call.dead_letters, InMemoryDeadLetters)
    assert not call.dead_letters.hidden
    return [each.id for each in call.dead_letters.lying]


def refuse(_: DeadLetter) -> None:
    raise NotPassedOn("AWS refused it.") from OSError("said AWS")


def test_each_kind_goes_its_own_way() -> None:
    road = Road()
    call = redriving(letter("a"), letter("b", FAILED), letter("c", CHANGES, UNFORWARDED, None), road=road)
    call.all(call.dead_letters.queues)
    assert told(call) == [("a", RedriveOutcome.SENT), ("b", RedriveOutcome.STARTED), ("c", RedriveOutcome.FORWARDED)]
    assert road.came == [("a", "run:a"), ("b", "started"), ("c", "forwarded")]
    assert [each.detail for each in call.redriven][1:] == ["the execution run_r2", "7 changes, by forwardChanges"]
    assert left(call) == []


def test_a_letter_that_is_not_passed_on_holds_up_those_of_its_task_alone() -> None:
    road = Road(meets=lambda met: refuse(met) if met.group == "ada/essay" else None)
    call = redriving(letter("a"), letter("b"), letter("c", group="ada/other"), road=road)
    call.all([GIVEN_UP])
    assert told(call) == [("a", RedriveOutcome.KEPT), ("b", RedriveOutcome.KEPT), ("c", RedriveOutcome.SENT)]
    assert left(call) == ["a", "b"]


def test_what_aws_said_stands_apart_from_what_people_read() -> None:
    call = redriving(letter("a"), road=Road(meets=refuse))
    call.all([GIVEN_UP])
    assert [(each.detail, each.trouble) for each in call.redriven] == [("AWS refused it.", "said AWS")]


def test_what_makes_no_sense_stays_and_holds_up_nothing() -> None:
    call = redriving(letter("a", "nonsense"), letter("b"))
    call.all([GIVEN_UP])
    assert told(call) == [("a", RedriveOutcome.KEPT), ("b", RedriveOutcome.SENT)]
    assert left(call) == ["a"]


def test_a_letter_that_somebody_else_removed_meanwhile_is_told() -> None:
    letters = InMemoryDeadLetters([letter("a")])
    call = Redriving(letters, Road(meets=letters.lying.remove), "run")
    call.all([GIVEN_UP])
    assert told(call) == [("a", RedriveOutcome.SENT)]
    assert "may come twice" in call.redriven[0].detail


def test_only_what_was_named_is_redriven_in_whichever_queue_it_lies() -> None:
    call = redriving(letter("a"), letter("b", group="x"), letter("c", CHANGES, UNFORWARDED, None))
    assert call.some(["c", "b", "nowhere"]) == {"nowhere"}
    assert told(call) == [("b", RedriveOutcome.SENT), ("c", RedriveOutcome.FORWARDED)]
    assert (left(call), call.cut_short) == (["a"], False)


def test_no_more_are_redriven_than_asked_for() -> None:
    call = redriving(*(letter(str(number), group=None) for number in range(5)), letter("c", CHANGES, UNFORWARDED, None))
    call.all(call.dead_letters.queues, most=3)
    assert left(call) == ["3", "4", "c"]


def test_who_runs_out_of_time_stops_between_two_letters_and_says_so() -> None:
    call = redriving(*(letter(str(number), group=None) for number in range(5)), most=2)
    assert call.some(["0", "1", "2"]) == {"2"}
    assert (told(call), call.cut_short) == ([("0", RedriveOutcome.SENT), ("1", RedriveOutcome.SENT)], True)
    assert left(call) == ["2", "3", "4"]


def test_what_comes_back_at_once_is_tried_once() -> None:
    letters = InMemoryDeadLetters([letter("a")])
    again = interpret(DeadLetter("again", GIVEN_UP, EVENT, deduplication_id="run:a"))
    call = Redriving(letters, Road(meets=lambda _: letters.lying.append(again)), "run")
    call.all([GIVEN_UP])
    assert told(call) == [("a", RedriveOutcome.SENT)]
    assert [each.id for each in letters.lying] == ["again"]
