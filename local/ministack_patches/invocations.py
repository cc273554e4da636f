"""How ministack invokes functions: a concurrency limit, stream retries as Lambda has them, a drain at the stop."""

import importlib
import sys
import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from local.ministack_patches import shutdown
from local.ministack_patches.concurrency import ConcurrencyLimit, Function, Result, name_of
from local.ministack_patches.stream_retries import StreamBatches

DRAINED_WITHIN = 5  # seconds


class FunctionInvocations:
    """Replaces ministack's invocation of functions, and drains it."""

    def __init__(self, logs: Path) -> None:
        lambda_service: Any = importlib.import_module("ministack.services.lambda_svc")
        self._lambda = lambda_service
        self._limit = ConcurrencyLimit(self._lambda._execute_function_provided_warm)  # noqa: SLF001
        self._batches = StreamBatches(self._limit, self._send_to_failure_destination, logs)
        self._polling = threading.Lock()
        self._poller = 0
        self._draining = False
        self._lambda._execute_function_provided_warm = self._invoke  # noqa: SLF001
        for name in ("_poll_sqs", "_poll_dynamodb_streams"):
            setattr(self._lambda, name, partial(self._poll, getattr(self._lambda, name)))

    async def drain(self) -> None:
        """Poll no more batches, wait for running invocations, and stop the functions."""
        self._draining = True
        done = await shutdown.wait_until(lambda: not self._has_batches(), DRAINED_WITHIN)
        self._limit.close()
        done = await shutdown.wait_until(lambda: not self._limit.running, DRAINED_WITHIN) and done
        if not done:
            print("Functions that would not finish are killed.", file=sys.stderr)
        self._limit.cut_off()
        runtime: Any = importlib.import_module("ministack.core.lambda_runtime")
        runtime._REAP_GRACE = 0  # awslambdaric ignores SIGTERM while it waits for an event  # noqa: SLF001
        runtime.reset()

    def _has_batches(self) -> bool:
        return self._polling.locked() or bool(self._lambda._esm_inflight)  # noqa: SLF001

    def _invoke(self, function: Function, event: Any, request_id: str) -> Result:
        polled = threading.get_ident() == self._poller  # the poller invokes for streams, and other threads for queues
        return (self._batches if polled else self._limit)(function, event, request_id)

    def _poll(self, poll: Callable[[], bool]) -> bool:
        with self._polling:
            if self._draining:
                return False
            self._poller = threading.get_ident()
            return poll()

    def _send_to_failure_destination(self, function: Function, record: dict[str, Any], result: Result) -> bool:
        arn = record["eventSourceARN"]
        found = [mapping for _, _, mapping in self._lambda._iter_all_esms() if mapping["EventSourceArn"] == arn]  # noqa: SLF001
        mapping = next(each for each in found if each["FunctionName"] == name_of(function))
        failure = (mapping, function, [record], arn, result, "RetryAttemptsExhausted")
        self._lambda._send_ddb_stream_failure_record(*failure)  # noqa: SLF001
        return bool((mapping.get("DestinationConfig") or {}).get("OnFailure"))
