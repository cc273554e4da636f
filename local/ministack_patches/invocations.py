"""How ministack invokes functions: at most so many at once, streams with Lambda's retries, nothing before the start."""

import importlib
import logging
import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from local.ministack_patches.concurrency import ConcurrencyLimit, Function, Result, name_of
from local.ministack_patches.metrics import measure_iterator_age
from local.ministack_patches.stream_retries import StreamBatches

_IDLE = 1.0  # seconds until a stream is read again without a new record: after a failure, or of records that expire


class FunctionInvocations:
    """Replaces ministack's invocation of functions; queues, streams and schedules are served once `begun` is set.

    ministack polls both with one thread, which waits while a function processes a batch of a stream. A batch that is
    retried would hold up the queues, so streams have a thread of their own here.
    """

    def __init__(self, logs: Path, begun: threading.Event) -> None:
        lambda_service: Any = importlib.import_module("ministack.services.lambda_svc")
        dynamodb: Any = importlib.import_module("ministack.services.dynamodb")
        self._lambda = lambda_service
        self._begun = begun
        self._limit = ConcurrencyLimit(self._lambda._execute_function_provided_warm)  # noqa: SLF001
        cloudwatch: Any = importlib.import_module("ministack.services.cloudwatch")
        measured = measure_iterator_age(self._limit, cloudwatch.record_metric)
        self._batches = StreamBatches(measured, self._mapping_of, self._send_to_failure_destination, logs)
        self._records_added = dynamodb.esm_wake = threading.Event()
        self._poll_streams = self._lambda._poll_dynamodb_streams  # noqa: SLF001
        self._streams = threading.Thread(target=self._follow_streams, daemon=True)
        self._lambda._execute_function_provided_warm = self._invoke  # noqa: SLF001
        self._lambda._poll_sqs = partial(self._once_begun, self._lambda._poll_sqs)  # noqa: SLF001
        schedules: Any = importlib.import_module("ministack.services.eventbridge")
        schedules._tick_scheduled_rules = partial(self._once_begun, schedules._tick_scheduled_rules)  # noqa: SLF001
        self._lambda._poll_dynamodb_streams = lambda: False  # noqa: SLF001
        self._streams.start()

    def _invoke(self, function: Function, event: Any, request_id: str) -> Result:
        is_stream = threading.current_thread() is self._streams
        return (self._batches if is_stream else self._limit)(function, event, request_id)

    def _once_begun(self, serve: Callable[[], bool | None]) -> bool:
        return self._begun.is_set() and bool(serve())

    def _follow_streams(self) -> None:
        self._begun.wait()
        while True:
            self._records_added.clear()
            try:
                processed = self._poll_streams()
            except Exception:  # as ministack's own poller: whatever it was, the next records are to be read
                logging.getLogger("lambda").exception("A stream could not be polled.")
                processed = False
            if not processed:
                self._records_added.wait(_IDLE)

    def _mapping_of(self, function: Function, arn: str) -> dict[str, Any]:
        found = [mapping for _, _, mapping in self._lambda._iter_all_esms() if mapping["EventSourceArn"] == arn]  # noqa: SLF001
        return next(each for each in found if each["FunctionName"] == name_of(function))

    def _send_to_failure_destination(
        self, function: Function, records: list[dict[str, Any]], result: Result, condition: str
    ) -> bool:
        arn = records[0]["eventSourceARN"]
        mapping = self._mapping_of(function, arn)
        self._lambda._send_ddb_stream_failure_record(mapping, function, records, arn, result, condition)  # noqa: SLF001
        return bool((mapping.get("DestinationConfig") or {}).get("OnFailure"))


def kill_functions() -> None:
    """Kill the processes of all functions at once; awslambdaric ignores SIGTERM while it waits for an event."""
    runtime: Any = importlib.import_module("ministack.core.lambda_runtime")
    runtime._REAP_GRACE = 0  # noqa: SLF001
    runtime.reset()
