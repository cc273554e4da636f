"""How ministack invokes functions: at most so many at once, streams with Lambda's retries, nothing before the start."""

import importlib
import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from local.ministack_patches.concurrency import ConcurrencyLimit, Function, Result, name_of
from local.ministack_patches.stream_retries import StreamBatches


class FunctionInvocations:
    """Replaces ministack's invocation of functions; queues and streams are polled from when `begun` is set."""

    def __init__(self, logs: Path, begun: threading.Event) -> None:
        lambda_service: Any = importlib.import_module("ministack.services.lambda_svc")
        self._lambda = lambda_service
        self._begun = begun
        self._limit = ConcurrencyLimit(self._lambda._execute_function_provided_warm)  # noqa: SLF001
        self._batches = StreamBatches(self._limit, self._send_to_failure_destination, logs)
        self._poller = 0
        self._lambda._execute_function_provided_warm = self._invoke  # noqa: SLF001
        for name in ("_poll_sqs", "_poll_dynamodb_streams"):
            setattr(self._lambda, name, partial(self._poll, getattr(self._lambda, name)))

    def _invoke(self, function: Function, event: Any, request_id: str) -> Result:
        polled = threading.get_ident() == self._poller  # the poller invokes for streams, and other threads for queues
        return (self._batches if polled else self._limit)(function, event, request_id)

    def _poll(self, poll: Callable[[], bool]) -> bool:
        self._poller = threading.get_ident()
        return self._begun.is_set() and poll()

    def _send_to_failure_destination(self, function: Function, record: dict[str, Any], result: Result) -> bool:
        arn = record["eventSourceARN"]
        found = [mapping for _, _, mapping in self._lambda._iter_all_esms() if mapping["EventSourceArn"] == arn]  # noqa: SLF001
        mapping = next(each for each in found if each["FunctionName"] == name_of(function))
        failure = (mapping, function, [record], arn, result, "RetryAttemptsExhausted")
        self._lambda._send_ddb_stream_failure_record(*failure)  # noqa: SLF001
        return bool((mapping.get("DestinationConfig") or {}).get("OnFailure"))


def kill_functions() -> None:
    """Kill the processes of all functions at once; awslambdaric ignores SIGTERM while it waits for an event."""
    runtime: Any = importlib.import_module("ministack.core.lambda_runtime")
    runtime._REAP_GRACE = 0  # noqa: SLF001
    runtime.reset()
