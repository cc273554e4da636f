"""Retries failed batches of a table's stream as Lambda does.

ministack takes a partial batch response for success, and so skips the records that failed; and it retries a failed
batch for ever, whatever the mapping says. Here a partial batch response is a failure, so the batch is retried (the
queue deduplicates what it received before). After some failures the records are tried one by one, and a record that
still fails is sent to the mapping's failure destination, as Lambda does.

A function that cannot run (a source file that does not import, a process that was killed) is no failure of the records:
the batch is retried until it can.
"""

import json
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

from local.ministack_patches.concurrency import Function, Invoke, Result, name_of

Record = dict[str, Any]
SendToFailureDestination = Callable[[Function, Record, Result], bool]
_DID_NOT_RUN = ("HandlerLoadError", "Runtime.", "Sandbox.", "TooManyRequestsException")


class StreamBatches:
    """Invokes a function with batches of a stream; called from the one thread that reads the streams."""

    def __init__(
        self, invoke: Invoke, send_to_failure_destination: SendToFailureDestination, logs: Path, attempts: int = 10
    ) -> None:
        self._invoke = invoke
        self._send_to_failure_destination = send_to_failure_destination
        self._logs = logs
        self._attempts = attempts
        self._failures: dict[str, tuple[str, int]] = {}

    def __call__(self, function: Function, event: dict[str, Any], request_id: str) -> Result:
        """Invoke with a batch; ministack retries it if the result is an error."""
        result = self._try(function, event["Records"], request_id)
        if not _is_failure(result):
            return result
        name, first = name_of(function), _number(event["Records"][0])
        before, failures = self._failures.get(name, (first, 0))
        failures = failures + 1 if before == first else 1
        self._failures[name] = first, failures
        if failures < self._attempts:
            return result
        del self._failures[name]
        return self._one_by_one(function, event["Records"])

    def _one_by_one(self, function: Function, records: list[Record]) -> Result:
        for record in records:
            result = self._try(function, [record], str(uuid.uuid4()))
            if _is_failure(result):
                self._log(function, record, result, sent=self._send_to_failure_destination(function, record, result))
            elif result.get("error"):
                return result
        return {"body": {"batchItemFailures": []}, "log": ""}

    def _try(self, function: Function, records: list[Record], request_id: str) -> Result:
        result = self._invoke(function, {"Records": records}, request_id)
        body = result.get("body")
        failed = body.get("batchItemFailures") if isinstance(body, dict) and not result.get("error") else None
        if not failed:
            return result
        message = f"The batch is repeated from {failed[0].get('itemIdentifier')}."
        return {**result, "error": True, "body": {"errorType": "PartOfBatchFailed", "errorMessage": message}}

    def _log(self, function: Function, record: Record, result: Result, *, sent: bool) -> None:
        line = {
            "level": "ERROR",
            "message": "A change failed every time and was sent to the failure destination."
            if sent
            else "A change failed every time.",
            "sequence_number": _number(record),
            "keys": record["dynamodb"].get("Keys"),
            "sent_to": "the mapping's failure destination" if sent else "nothing: the mapping has no destination",
            "cause": result["body"],
        }
        with (self._logs / f"{name_of(function)}.log").open("a", encoding="utf-8") as log:
            log.write(f"{json.dumps(line, default=str)}\n")


def _is_failure(result: Result) -> bool:
    """Whether the function ran and failed on its records."""
    body = result.get("body")
    error_type = str(body.get("errorType", "")) if isinstance(body, dict) else ""
    return bool(result.get("error")) and not error_type.startswith(_DID_NOT_RUN)


def _number(record: Record) -> str:
    return str(record["dynamodb"]["SequenceNumber"])
