"""What Lambda does with a batch of a table's stream that fails, and ministack does not.

ministack takes a partial answer for success and goes on after what was not forwarded; and a batch that fails is
repeated for ever, whatever the mapping says. Here a partial answer is a failure, so that the batch is repeated (the
queue knows again what it took before). After some failures the batch is taken record by record, and a record that
fails alone too goes to the mapping's failure destination, as Lambda puts it there; the others go on.

A function that cannot run (a source file that does not import, a process that was killed) has not looked at the
records: that is no failure of theirs, and the batch waits until it can.
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
        """What ministack makes of the batch: an error has it repeated, anything else takes it for done."""
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
                self._tell(function, record, result, kept=self._send_to_failure_destination(function, record, result))
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

    def _tell(self, function: Function, record: Record, result: Result, *, kept: bool) -> None:
        line = {
            "level": "ERROR",
            "message": "A change is put aside, for it failed every time." if kept else "A change failed every time.",
            "sequence_number": _number(record),
            "keys": record["dynamodb"].get("Keys"),
            "put_into": "the mapping's failure destination" if kept else "nothing: the mapping has no destination",
            "cause": result["body"],
        }
        with (self._logs / f"{name_of(function)}.log").open("a", encoding="utf-8") as log:
            log.write(f"{json.dumps(line, default=str)}\n")


def _is_failure(result: Result) -> bool:
    """Whether the function ran and failed over its records."""
    body = result.get("body")
    error_type = str(body.get("errorType", "")) if isinstance(body, dict) else ""
    return bool(result.get("error")) and not error_type.startswith(_DID_NOT_RUN)


def _number(record: Record) -> str:
    return str(record["dynamodb"]["SequenceNumber"])
