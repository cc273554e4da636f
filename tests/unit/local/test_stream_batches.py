"""Failed batches of a table's stream."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from local.ministack_patches.stream_retries import StreamBatches

FUNCTION = {"config": {"FunctionName": "forwardChanges"}}
DONE: dict[str, Any] = {"body": {"batchItemFailures": []}, "log": ""}
Answer = Callable[[list[str]], dict[str, Any]]


def failed(kind: str = "NothingForwardedError") -> dict[str, Any]:
    return {"body": {"errorType": kind, "errorMessage": "No."}, "error": True, "log": ""}


def partly(number: str) -> dict[str, Any]:
    return {"body": {"batchItemFailures": [{"itemIdentifier": number}]}, "log": ""}


def without(poison: str) -> Answer:
    """A function that forwards what stands before the poison."""

    def answer(numbers: list[str]) -> dict[str, Any]:
        if poison not in numbers:
            return DONE
        return failed() if numbers[0] == poison else partly(poison)

    return answer


class Stream:
    """Gives batches to a function as ministack does, and keeps what came of them."""

    def __init__(self, logs: Path, answer: Answer, *, has_destination: bool = True) -> None:
        self.answer = answer
        self.invoked: list[list[str]] = []
        self.sent_on: list[str] = []
        self.log = logs / "forwardChanges.log"
        self._has_destination = has_destination
        self._batches = StreamBatches(self._invoke, self._send_to_failure_destination, logs, attempts=3)

    def give(self, *numbers: str) -> bool:
        """Whether ministack takes the batch for done."""
        records = [{"dynamodb": {"SequenceNumber": number, "Keys": {"pk": {"S": "p"}}}} for number in numbers]
        return not self._batches(FUNCTION, {"Records": records}, "request").get("error")

    def _invoke(self, function: Any, event: Any, request_id: str) -> dict[str, Any]:
        numbers = [record["dynamodb"]["SequenceNumber"] for record in event["Records"]]
        self.invoked.append(numbers)
        return self.answer(numbers)

    def _send_to_failure_destination(self, function: Any, record: Any, result: Any) -> bool:
        self.sent_on.append(record["dynamodb"]["SequenceNumber"])
        return self._has_destination


def test_a_batch_that_is_done_is_done(tmp_path: Path) -> None:
    stream = Stream(tmp_path, lambda _: DONE)
    assert stream.give("1", "2")
    assert stream.invoked == [["1", "2"]]


def test_a_partial_answer_has_the_batch_repeated(tmp_path: Path) -> None:
    stream = Stream(tmp_path, without("2"))
    assert not stream.give("1", "2", "3")
    stream.answer = lambda _: DONE
    assert stream.give("1", "2", "3")
    assert stream.sent_on == []


def test_a_record_that_always_fails_is_put_aside_and_the_others_go_on(tmp_path: Path) -> None:
    stream = Stream(tmp_path, without("2"))
    assert [stream.give("1", "2", "3") for _ in range(3)] == [False, False, True]
    assert stream.invoked[3:] == [["1"], ["2"], ["3"]]
    assert stream.sent_on == ["2"]


def test_the_batch_may_grow_while_it_is_repeated(tmp_path: Path) -> None:
    stream = Stream(tmp_path, without("1"))
    assert [stream.give("1"), stream.give("1", "2"), stream.give("1", "2", "3")] == [False, False, True]
    assert stream.sent_on == ["1"]


def test_the_failures_of_another_batch_do_not_count(tmp_path: Path) -> None:
    stream = Stream(tmp_path, lambda _: failed())
    assert not any(stream.give(number) for number in ("1", "1", "2", "2"))
    assert stream.sent_on == []


@pytest.mark.parametrize("kind", ["HandlerLoadError", "Runtime.Unknown", "Sandbox.Timedout"])
def test_a_function_that_cannot_run_is_no_failure_of_the_records(tmp_path: Path, kind: str) -> None:
    stream = Stream(tmp_path, lambda _: failed(kind))
    assert not any(stream.give("1", "2") for _ in range(10))
    assert stream.sent_on == []


def test_a_record_sent_to_the_failure_destination_is_logged(tmp_path: Path) -> None:
    stream = Stream(tmp_path, without("1"))
    for _ in range(3):
        stream.give("1")
    entry = json.loads(stream.log.read_text())
    assert entry["message"] == "A change failed every time and was sent to the failure destination."
    assert (entry["sequence_number"], entry["cause"]["errorType"]) == ("1", "NothingForwardedError")


def test_without_a_destination_the_log_says_that_nothing_has_it(tmp_path: Path) -> None:
    stream = Stream(tmp_path, without("1"), has_destination=False)
    for _ in range(3):
        stream.give("1")
    assert json.loads(stream.log.read_text())["sent_to"] == "nothing: the mapping has no destination"
