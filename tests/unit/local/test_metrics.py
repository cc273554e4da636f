"""What the local AWS measures for CloudWatch, as Lambda and SQS do."""

from typing import Any

import pytest

from local.ministack_patches.concurrency import Result
from local.ministack_patches.metrics import QueueAges, measure_iterator_age, oldest_age


class Recorded(list[tuple[Any, ...]]):
    """Stands for CloudWatch."""

    def __call__(self, *measurement: Any) -> None:
        self.append(measurement)


@pytest.mark.parametrize(("now", "age"), [(100.9, 0), (103.2, 3_000), (99.5, 0)])
def test_a_batch_is_as_old_as_its_last_record(now: float, age: int) -> None:
    recorded = Recorded()
    answer: Result = {"body": {}}
    passed_on: list[Any] = []

    def invoke(*arguments: Any) -> Result:
        passed_on.append(arguments)
        return answer

    records = [{"dynamodb": {"ApproximateCreationDateTime": second}} for second in (40, 100)]
    function = {"config": {"FunctionName": "forwardChanges"}}
    measured = measure_iterator_age(invoke, recorded, lambda: now)
    assert measured(function, {"Records": records}, "id") is answer
    assert recorded == [("AWS/Lambda", "IteratorAge", age, "Milliseconds", {"FunctionName": "forwardChanges"})]
    assert passed_on == [(function, {"Records": records}, "id")]


def test_the_oldest_message_counts_and_an_empty_queue_has_none() -> None:
    assert oldest_age({"messages": [{"sent_at": 95.0}, {"sent_at": 90.5}]}, 100.0) == 9
    assert oldest_age({"messages": []}, 100.0) == 0


def test_a_minute_has_each_age_once_and_the_next_one_begins_anew() -> None:
    recorded, now = Recorded(), [60.0]
    ages = QueueAges(recorded, lambda: now[0])
    queue: dict[str, Any] = {"name": "events.fifo", "messages": [{"sent_at": 58.0}]}
    for second, messages in ((60.0, [58.0]), (60.5, [58.0]), (65.0, [58.0]), (70.0, []), (121.0, [])):
        now[0], queue["messages"] = second, [{"sent_at": sent} for sent in messages]
        ages.measure([queue])
    assert [value for _, _, value, *_ in recorded] == [2, 7, 0]
    assert recorded[0] == ("AWS/SQS", "ApproximateAgeOfOldestMessage", 2, "Seconds", {"QueueName": "events.fifo"})
