"""Redriving: a message that is resent is deleted, any other is kept, and each has a result."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from taskbell.adapters.dead_letter_messages import parse_body
from taskbell.application.redrive import DeadLetterRedriver
from taskbell.application.serialization import event_to_dict
from taskbell.domain.dead_letters import DeadLetter, DeadLetterKind, RedriveError, RedriveOutcome
from taskbell.domain.events import event_between
from tests.support.examples import example_task
from tests.support.fakes import InMemoryDeadLetterQueues

TASK_EVENTS_DEAD_LETTERS, UNFORWARDED_CHANGES = InMemoryDeadLetterQueues().names
EVENT = json.dumps(event_to_dict(event_between(None, example_task())))
FAILED = json.dumps({"execution": "arn:run", "input": {"ownerId": "ada", "taskId": "essay"}, "error": "E"})
BATCH_INFO = dict.fromkeys(("streamArn", "shardId", "startSequenceNumber", "endSequenceNumber"), "1")
CHANGES = json.dumps({"DDBStreamBatchInfo": BATCH_INFO})


@dataclass
class RecordingTargets:
    """`RedriveTargets` that records its calls; `before_call` may raise."""

    calls: list[tuple[str, str]] = field(default_factory=list)
    before_call: Callable[[DeadLetter], object] = lambda _: None

    def resend_event(self, dead_letter: DeadLetter, deduplication_id: str) -> None:
        self.before_call(dead_letter)
        self.calls.append((dead_letter.id, deduplication_id))

    def restart_execution(self, dead_letter: DeadLetter) -> str:
        self.before_call(dead_letter)
        self.calls.append((dead_letter.id, "started"))
        return "arn:aws:states:eu-central-1:1:execution:lifecycle:run_r2"

    def replay_records(self, dead_letter: DeadLetter) -> int:
        self.before_call(dead_letter)
        self.calls.append((dead_letter.id, "forwarded"))
        return 7


def message(
    id_: str, body: str = EVENT, queue: str = TASK_EVENTS_DEAD_LETTERS, group: str | None = "ada/essay"
) -> DeadLetter:
    return parse_body(DeadLetter(id_, queue, body, group_id=group))


def redriver_of(
    *messages: DeadLetter, targets: RecordingTargets | None = None, time_for: int = 1_000
) -> DeadLetterRedriver:
    """A redriver that has time for so many messages."""
    remaining = iter(range(time_for))
    return DeadLetterRedriver(
        InMemoryDeadLetterQueues(list(messages)),
        targets or RecordingTargets(),
        "run",
        lambda: next(remaining, None) is not None,
    )


def outcomes(redriver: DeadLetterRedriver) -> list[tuple[str, RedriveOutcome]]:
    return [(result.dead_letter.id, result.outcome) for result in redriver.results]


def kept(redriver: DeadLetterRedriver) -> list[str]:
    assert isinstance(redriver.queues, InMemoryDeadLetterQueues)
    assert not redriver.queues.in_flight
    return [each.id for each in redriver.queues.messages]


def refuse(_: DeadLetter) -> None:
    raise RedriveError("AWS rejected the request.") from OSError("said AWS")


def test_each_kind_is_redriven_to_its_own_target() -> None:
    targets = RecordingTargets()
    redriver = redriver_of(
        message("a"), message("b", FAILED), message("c", CHANGES, UNFORWARDED_CHANGES, None), targets=targets
    )
    redriver.redrive_all(redriver.queues.names)
    assert outcomes(redriver) == [
        ("a", RedriveOutcome.SENT),
        ("b", RedriveOutcome.STARTED),
        ("c", RedriveOutcome.FORWARDED),
    ]
    assert targets.calls == [("a", "run:a"), ("b", "started"), ("c", "forwarded")]
    assert [each.detail for each in redriver.results][1:] == ["the execution run_r2", "7 changes, passed on again"]
    assert kept(redriver) == []


def test_a_message_that_cannot_be_redriven_blocks_only_later_ones_of_its_task() -> None:
    targets = RecordingTargets(before_call=lambda message: refuse(message) if message.group_id == "ada/essay" else None)
    redriver = redriver_of(message("a"), message("b"), message("c", group="ada/other"), targets=targets)
    redriver.redrive_all([TASK_EVENTS_DEAD_LETTERS])
    assert outcomes(redriver) == [("a", RedriveOutcome.KEPT), ("b", RedriveOutcome.KEPT), ("c", RedriveOutcome.SENT)]
    assert kept(redriver) == ["a", "b"]


def test_the_error_of_aws_is_separate_from_the_detail_for_people() -> None:
    redriver = redriver_of(message("a"), targets=RecordingTargets(before_call=refuse))
    redriver.redrive_all([TASK_EVENTS_DEAD_LETTERS])
    assert [(each.detail, each.error) for each in redriver.results] == [("AWS rejected the request.", "said AWS")]


def test_an_unknown_message_is_kept_and_blocks_nothing() -> None:
    redriver = redriver_of(message("a", "nonsense"), message("b"))
    redriver.redrive_all([TASK_EVENTS_DEAD_LETTERS])
    assert outcomes(redriver) == [("a", RedriveOutcome.KEPT), ("b", RedriveOutcome.SENT)]
    assert kept(redriver) == ["a"]


def test_a_message_deleted_by_somebody_else_meanwhile_is_reported() -> None:
    queues = InMemoryDeadLetterQueues([message("a")])
    redriver = DeadLetterRedriver(queues, RecordingTargets(before_call=queues.messages.remove), "run")
    redriver.redrive_all([TASK_EVENTS_DEAD_LETTERS])
    assert outcomes(redriver) == [("a", RedriveOutcome.SENT)]
    assert "may be redriven twice" in redriver.results[0].detail


def test_only_the_given_ids_are_redriven_in_either_queue() -> None:
    redriver = redriver_of(message("a"), message("b", group="x"), message("c", CHANGES, UNFORWARDED_CHANGES, None))
    assert redriver.redrive(["c", "b", "nowhere"]) == {"nowhere"}
    assert outcomes(redriver) == [("b", RedriveOutcome.SENT), ("c", RedriveOutcome.FORWARDED)]
    assert (kept(redriver), redriver.timed_out) == (["a"], False)


def test_no_more_messages_are_redriven_than_the_limit() -> None:
    redriver = redriver_of(
        *(message(str(number), group=None) for number in range(5)), message("c", CHANGES, UNFORWARDED_CHANGES, None)
    )
    redriver.redrive_all(redriver.queues.names, limit=3)
    assert kept(redriver) == ["3", "4", "c"]


def test_a_redrive_that_runs_out_of_time_stops_between_two_messages() -> None:
    redriver = redriver_of(*(message(str(number), group=None) for number in range(5)), time_for=2)
    assert redriver.redrive(["0", "1", "2"]) == {"2"}
    assert (outcomes(redriver), redriver.timed_out) == ([("0", RedriveOutcome.SENT), ("1", RedriveOutcome.SENT)], True)
    assert kept(redriver) == ["2", "3", "4"]


def test_a_message_that_fails_again_at_once_is_redriven_once() -> None:
    queues = InMemoryDeadLetterQueues([message("a")])
    again = parse_body(DeadLetter("again", TASK_EVENTS_DEAD_LETTERS, EVENT, deduplication_id="run:a"))
    redriver = DeadLetterRedriver(queues, RecordingTargets(before_call=lambda _: queues.messages.append(again)), "run")
    redriver.redrive_all([TASK_EVENTS_DEAD_LETTERS])
    assert outcomes(redriver) == [("a", RedriveOutcome.SENT)]
    assert [each.id for each in queues.messages] == ["again"]


def test_a_change_that_was_set_aside_names_its_task_and_its_cause() -> None:
    keys = {"pk": {"S": "OWNER#ada"}, "sk": {"S": "TASK#essay"}}
    body = json.dumps({"record": {"eventName": "INSERT", "dynamodb": {"Keys": keys}}})
    parsed = parse_body(
        DeadLetter("a", UNFORWARDED_CHANGES, body, message_attributes={"cause": "KeyError: 'schedule'"})
    )
    assert (parsed.kind, parsed.owner_id, parsed.task_id) == (DeadLetterKind.CHANGES, "ada", "essay")
    assert parsed.cause == "KeyError: 'schedule'"


@pytest.mark.parametrize("keys", [None, {}, {"pk": "OWNER#ada"}, {"pk": {"S": 1}, "sk": {"S": "STATS"}}, []])
def test_a_change_whose_keys_make_no_sense_names_no_task(keys: object) -> None:
    body = json.dumps({"record": {"dynamodb": {"Keys": keys}}})
    parsed = parse_body(DeadLetter("a", UNFORWARDED_CHANGES, body))
    assert (parsed.kind, parsed.owner_id, parsed.task_id) == (DeadLetterKind.CHANGES, None, None)


@pytest.mark.parametrize(
    "body",
    [
        EVENT.replace('"expiresAt": null', '"expiresAt": 100000000000000000000'),
        EVENT.replace('"version": 1', '"version": Infinity'),
        EVENT.replace('"at": "2026', '"at": "0001-01-01T00:00:00+10:00", "was": "2026'),
        EVENT.replace('"title": "Write', '"title": "\\ud800'),
        "[" * 100_000,
        '{"input":' * 100_000,
    ],
    ids=["expiry", "version", "time", "surrogate", "lists", "objects"],
)
def test_a_message_that_cannot_be_read_hides_no_other_one(body: str) -> None:
    assert body != EVENT
    parsed = message("a", body)
    assert parsed.kind is DeadLetterKind.UNKNOWN
    redriver = redriver_of(parsed, message("b"))
    redriver.redrive_all([TASK_EVENTS_DEAD_LETTERS])
    assert outcomes(redriver) == [("a", RedriveOutcome.KEPT), ("b", RedriveOutcome.SENT)]
