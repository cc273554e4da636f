"""Retries failed batches of a table's stream as Lambda does.

ministack takes a partial batch response for success, and so skips the records that failed; and it retries a failed
batch for ever, whatever the mapping says. Here a batch is retried from the first record that failed, split in two if
the mapping says so (which is no retry), and after the mapping's retries sent to its failure destination. A function
that crashes or exceeds its timeout has failed on its records, too.

A function that cannot begin (a source file that does not import) is no failure of the records: the batch is retried
until it can.
"""

import json
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from local.ministack_patches.concurrency import Function, Invoke, Result, name_of

Record = dict[str, Any]
EventSourceMapping = Mapping[str, Any]
SendToFailureDestination = Callable[[Function, list[Record], Result, str], bool]
EXHAUSTED, TOO_OLD = "RetryAttemptsExhausted", "MaxRecordAgeExceeded"
_DID_NOT_BEGIN = ("HandlerLoadError", "Runtime.", "TooManyRequestsException", "CodeVerificationFailedException")
_CRASHED = "Runtime.ExitError"
_MAX_PAUSE = 1.0  # seconds between two tries


@dataclass(frozen=True)
class _Batch:
    records: list[Record]
    failures: int = 0

    def halves(self) -> "list[_Batch]":
        middle = len(self.records) // 2
        return [_Batch(self.records[middle:], self.failures), _Batch(self.records[:middle], self.failures)]


class StreamBatches:
    """Invokes a function with batches of a stream; called from the one thread that reads the streams."""

    def __init__(
        self,
        invoke: Invoke,
        mapping_of: Callable[[Function, str], EventSourceMapping],
        send_to_failure_destination: SendToFailureDestination,
        logs: Path,
        pause: Callable[[float], object] = time.sleep,
    ) -> None:
        self._invoke = invoke
        self._mapping_of = mapping_of
        self._send_to_failure_destination = send_to_failure_destination
        self._logs = logs
        self._pause = pause

    def __call__(self, function: Function, event: dict[str, Any], request_id: str) -> Result:
        """Have each record processed or given up, in order; ministack retries if the result is an error."""
        mapping = self._mapping_of(function, str(event["Records"][0]["eventSourceARN"]))
        waiting = [_Batch(event["Records"])]
        while waiting:
            batch = waiting.pop()
            result = self._invoke(function, {"Records": batch.records}, request_id)
            request_id = str(uuid.uuid4())
            if _did_not_begin(result):
                return result
            rest = _unprocessed(batch.records, result)
            if len(rest) < len(batch.records):
                waiting += [_Batch(rest)] if rest else []
            else:
                waiting += self._after_failure(function, mapping, batch, result)
        return {"body": {"batchItemFailures": []}, "log": ""}

    def _after_failure(
        self, function: Function, mapping: EventSourceMapping, batch: _Batch, result: Result
    ) -> list[_Batch]:
        """What remains to be tried, the first part last."""
        if mapping.get("BisectBatchOnFunctionError") and len(batch.records) > 1:
            return batch.halves()
        retries = int(mapping.get("MaximumRetryAttempts", -1))
        if 0 <= retries <= batch.failures:
            self._give_up(function, batch, result, EXHAUSTED)
        elif _age(batch.records[0]) > int(mapping.get("MaximumRecordAgeInSeconds", -1)) > 0:
            self._give_up(function, batch, result, TOO_OLD)
        else:
            self._pause(min(0.1 * 2**batch.failures, _MAX_PAUSE))
            return [_Batch(batch.records, batch.failures + 1)]
        return []

    def _give_up(self, function: Function, batch: _Batch, result: Result, condition: str) -> None:
        sent = self._send_to_failure_destination(function, batch.records, result, condition)
        with (self._logs / f"{name_of(function)}.log").open("a", encoding="utf-8") as log:
            for record in batch.records:
                log.write(f"{json.dumps(_entry(record, result, sent=sent), default=str)}\n")


def _unprocessed(records: list[Record], result: Result) -> list[Record]:
    """The records from the first that failed on; none if all were processed."""
    if result.get("error"):
        return records
    body = result.get("body")
    reported = (body.get("batchItemFailures") if isinstance(body, dict) else None) or []
    failed = {str(failure.get("itemIdentifier")) for failure in reported}
    unprocessed = [place for place, record in enumerate(records) if _number(record) in failed]
    # A number that is not in the batch fails all of it, as in Lambda.
    return records[unprocessed[0] if unprocessed else 0 :] if failed else []


def _age(record: Record) -> float:
    return time.time() - float(record["dynamodb"].get("ApproximateCreationDateTime", "inf"))


def _entry(record: Record, result: Result, *, sent: bool) -> dict[str, Any]:
    return {
        "level": "ERROR",
        "message": "A change failed every time and was sent to the failure destination."
        if sent
        else "A change failed every time.",
        "sequence_number": _number(record),
        "keys": record["dynamodb"].get("Keys"),
        "sent_to": "the mapping's failure destination" if sent else "nothing: the mapping has no destination",
        "cause": result["body"],
    }


def _did_not_begin(result: Result) -> bool:
    body = result.get("body")
    error_type = str(body.get("errorType", "")) if isinstance(body, dict) else ""
    return bool(result.get("error")) and error_type.startswith(_DID_NOT_BEGIN) and error_type != _CRASHED


def _number(record: Record) -> str:
    return str(record["dynamodb"]["SequenceNumber"])
