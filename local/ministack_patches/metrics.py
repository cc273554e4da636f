"""Measures what Lambda and SQS measure and ministack does not, so that CloudWatch has it.

- `IteratorAge` of Lambda: how old the last record of a batch is when it is passed to its function. ministack's records
  tell the second in which they were made, so this is in whole seconds.
- `ApproximateAgeOfOldestMessage` of SQS: AWS publishes it every minute, here it is taken when somebody asks for
  metrics. As in AWS, a minute has the oldest that was seen in it with the statistic Maximum.
"""

import importlib
import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from local.ministack_patches.concurrency import Function, Invoke, Result, name_of

Record = Callable[..., None]
Queue = Mapping[str, Any]
_MINUTE = 60


def measure_iterator_age(invoke: Invoke, record: Record, now: Callable[[], float] = time.time) -> Invoke:
    """Return an `invoke` for batches of streams that records how old they are before it invokes."""

    def measured(function: Function, event: Any, request_id: str) -> Result:
        created = int(event["Records"][-1]["dynamodb"]["ApproximateCreationDateTime"])
        age = max(0, int(now()) - created) * 1000
        record("AWS/Lambda", "IteratorAge", age, "Milliseconds", {"FunctionName": name_of(function)})
        return invoke(function, event, request_id)

    return measured


class QueueAges:
    """Records the age of the oldest message of each queue, once for each age in a minute."""

    def __init__(self, record: Record, now: Callable[[], float] = time.time) -> None:
        self._record = record
        self._now = now
        self._recorded: dict[str, tuple[int, int]] = {}

    def measure(self, queues: Iterable[Queue]) -> None:
        """Record the ages of now; what a minute has recorded already is not recorded again, unless it is older now."""
        now = self._now()
        for queue in queues:
            name = str(queue["name"])
            measured = int(now // _MINUTE), oldest_age(queue, now)
            if measured > self._recorded.get(name, (0, 0)):
                self._recorded[name] = measured
                self._record("AWS/SQS", "ApproximateAgeOfOldestMessage", measured[1], "Seconds", {"QueueName": name})


def oldest_age(queue: Queue, now: float) -> int:
    """Return the age of the oldest message in seconds; 0 without one."""
    return max((int(now - message["sent_at"]) for message in queue["messages"]), default=0)


def measure_queues() -> None:
    """Patch ministack's CloudWatch to have the ages of SQS' messages."""
    cloudwatch: Any = importlib.import_module("ministack.services.cloudwatch")
    sqs: Any = importlib.import_module("ministack.services.sqs")
    ages, answer = QueueAges(cloudwatch.record_metric), cloudwatch._get_metric_data  # noqa: SLF001

    def get_metric_data(*arguments: Any) -> Any:
        ages.measure(list(sqs._queues.values()))  # noqa: SLF001
        return answer(*arguments)

    cloudwatch._get_metric_data = get_metric_data  # noqa: SLF001
