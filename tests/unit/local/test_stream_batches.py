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

    def __init__(self, logs: Path, answer: Answer, *, has_destination: bool = True, **mapping: Any) -> None:
        self.answer = answer
        self.invoked: list[str] = []
        self.sent_on: list[tuple[str, str]] = []
        self.pauses: list[float] = []
        self.log = logs / "forwardChanges.log"
        self._has_destination = has_destination
        mapping = {"MaximumRetryAttempts": 2, "BisectBatchOnFunctionError": True, **mapping}
        self._batches = StreamBatches(
            self._invoke, lambda *_: mapping, self._send_to_failure_destination, logs, self.pauses.append
        )

    def give(self, numbers: str, created: float = 1e12) -> bool:
        """Whether ministack takes the batch for done."""
        records = [
            {
                "eventSourceARN": "arn",
                "dynamodb": {
                    "SequenceNumber": number,
                    "Keys": {"pk": {"S": "p"}},
                    "ApproximateCreationDateTime": created,
                },
            }
            for number in numbers
        ]
        return not self._batches(FUNCTION, {"Records": records}, "request").get("error")

    def _invoke(self, function: Any, event: Any, request_id: str) -> dict[str, Any]:
        numbers = [record["dynamodb"]["SequenceNumber"] for record in event["Records"]]
        self.invoked.append("".join(numbers))
        return self.answer(numbers)

    def _send_to_failure_destination(self, function: Any, records: Any, result: Any, condition: str) -> bool:
        self.sent_on.append(("".join(record["dynamodb"]["SequenceNumber"] for record in records), condition))
        return self._has_destination


def poisoned(poison: str, result: dict[str, Any]) -> Answer:
    """A function that fails as a whole on a batch with a poison."""
    return lambda numbers: result if poison in numbers else DONE


def test_a_batch_that_is_done_is_done(tmp_path: Path) -> None:
    stream = Stream(tmp_path, lambda _: DONE)
    assert stream.give("12")
    assert stream.invoked == ["12"]


def test_a_partial_answer_has_the_rest_repeated_from_there(tmp_path: Path) -> None:
    answers = iter([partly("2"), DONE])
    stream = Stream(tmp_path, lambda _: next(answers))
    assert stream.give("123")
    assert (stream.invoked, stream.sent_on) == (["123", "23"], [])


def test_a_record_that_always_fails_is_put_aside_and_the_others_go_on(tmp_path: Path) -> None:
    stream = Stream(tmp_path, without("2"))
    assert stream.give("123")
    assert stream.sent_on == [("2", "RetryAttemptsExhausted")]
    assert stream.invoked == ["123", "23", "2", "2", "2", "3"]


@pytest.mark.parametrize("kind", ["Runtime.ExitError", "Sandbox.Timedout", "MemoryError"])
def test_a_record_that_crashes_or_hangs_the_function_is_isolated_and_given_up(tmp_path: Path, kind: str) -> None:
    stream = Stream(tmp_path, poisoned("3", failed(kind)))
    assert stream.give("1234")
    assert stream.invoked == ["1234", "12", "34", "3", "3", "3", "4"]
    assert stream.sent_on == [("3", "RetryAttemptsExhausted")]


def test_a_number_that_is_not_in_the_batch_fails_all_of_it(tmp_path: Path) -> None:
    answers = iter([partly("9"), DONE, DONE])
    stream = Stream(tmp_path, lambda _: next(answers))
    assert stream.give("12")
    assert stream.invoked == ["12", "1", "2"]


def test_without_bisecting_the_whole_batch_is_given_up(tmp_path: Path) -> None:
    stream = Stream(tmp_path, poisoned("2", failed()), BisectBatchOnFunctionError=False)
    assert stream.give("123")
    assert (stream.invoked, stream.sent_on) == (["123"] * 3, [("123", "RetryAttemptsExhausted")])


def test_without_a_number_of_retries_a_record_is_retried_until_it_is_too_old(tmp_path: Path) -> None:
    answers = iter([*[failed()] * 30, DONE])
    stream = Stream(tmp_path, lambda _: next(answers), MaximumRetryAttempts=-1)
    assert stream.give("1")
    assert (len(stream.invoked), stream.sent_on) == (31, [])
    stream = Stream(tmp_path, lambda _: failed(), MaximumRetryAttempts=-1, MaximumRecordAgeInSeconds=3600)
    assert stream.give("1", created=1.0)
    assert stream.sent_on == [("1", "MaxRecordAgeExceeded")]


def test_retries_are_some_time_apart(tmp_path: Path) -> None:
    stream = Stream(tmp_path, lambda _: failed(), MaximumRetryAttempts=6)
    stream.give("1")
    assert stream.pauses == [0.1, 0.2, 0.4, 0.8, 1.0, 1.0]


@pytest.mark.parametrize("kind", ["HandlerLoadError", "Runtime.Unknown", "TooManyRequestsException"])
def test_a_function_that_cannot_begin_is_no_failure_of_the_records(tmp_path: Path, kind: str) -> None:
    stream = Stream(tmp_path, lambda _: failed(kind))
    assert not any(stream.give("12") for _ in range(10))
    assert (len(stream.invoked), stream.sent_on) == (10, [])


def test_a_record_sent_to_the_failure_destination_is_logged(tmp_path: Path) -> None:
    Stream(tmp_path, without("1")).give("1")
    entry = json.loads((tmp_path / "forwardChanges.log").read_text())
    assert entry["message"] == "A change failed every time and was sent to the failure destination."
    assert (entry["sequence_number"], entry["cause"]["errorType"]) == ("1", "NothingForwardedError")


def test_without_a_destination_the_log_says_that_nothing_has_it(tmp_path: Path) -> None:
    stream = Stream(tmp_path, without("1"), has_destination=False)
    stream.give("1")
    assert json.loads(stream.log.read_text())["sent_to"] == "nothing: the mapping has no destination"
