"""Treats FIFO queues as SQS and Lambda do, where ministack differs.

- A message moves to the dead-letter queue when it would be received once too often. ministack also moves one that
  cannot be received, because an earlier one of its message group is in flight.
- A mapping processes several batches at a time. They never share a message group, since a group with a message in
  flight is not received from. ministack processes one at a time, so that one slow event holds up everybody's.
"""

import importlib
import time
from collections.abc import Callable
from typing import Any

Queue = dict[str, Any]
Message = dict[str, Any]


def sweep_receivable(sweep: Callable[[Queue], None], queue: Queue, now: float) -> None:
    """Move those messages to the dead-letter queue that were received too often and could be received now."""
    waiting = groups_in_flight(queue["messages"], now) if queue["is_fifo"] else set()
    receivable = {**queue, "messages": [each for each in queue["messages"] if each.get("group_id") not in waiting]}
    before = {each["id"] for each in receivable["messages"]}
    sweep(receivable)
    moved = before - {each["id"] for each in receivable["messages"]}
    if moved:
        queue["messages"] = [each for each in queue["messages"] if each["id"] not in moved]


def groups_in_flight(messages: list[Message], now: float) -> set[str]:
    """The message groups that have a message in flight."""
    in_flight = (each for each in messages if each.get("receive_count") and each["visible_at"] > now)
    return {str(each["group_id"]) for each in in_flight if each.get("group_id")}


def treat_fifo_as_sqs() -> None:
    """Patch ministack's SQS and its mappings."""
    sqs: Any = importlib.import_module("ministack.services.sqs")
    functions: Any = importlib.import_module("ministack.services.lambda_svc")
    sweep, concurrency = sqs._dlq_sweep, functions._sqs_esm_concurrency  # noqa: SLF001

    def concurrency_of_any(mapping: Any, function: Any, config: Any, _queue: Any = None) -> Any:
        return concurrency(mapping, function, config)

    sqs._dlq_sweep = lambda queue: sweep_receivable(sweep, queue, time.time())  # noqa: SLF001
    functions._sqs_esm_concurrency = concurrency_of_any  # noqa: SLF001
