"""Turns the changes in the table's stream into events on the queue, in the order in which they were made.

Only the first record that could not be forwarded is reported: Lambda repeats it and all that follow it, and the queue
knows again what it took before (deduplication by task and version). If that goes on failing, Lambda bisects the batch
and puts the record aside. A batch of which nothing got through fails as a whole.
"""

from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.data_classes import DynamoDBStreamEvent
from aws_lambda_powertools.utilities.data_classes.dynamo_db_stream_event import DynamoDBRecord
from aws_lambda_powertools.utilities.typing import LambdaContext

from taskbell import bootstrap
from taskbell.application.serialization import task_of
from taskbell.domain.events import TaskEvent, event_of_change

logger = Logger()


class NothingForwarded(Exception):
    """No change of this batch reached the queue."""


@logger.inject_lambda_context
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, list[dict[str, str]]]:  # noqa: ARG001
    """The Lambda function forwardChanges: answers with the sequence number from which the stream is to be repeated."""
    records = list(DynamoDBStreamEvent(event).records)
    read, unreadable = _read(records)
    unsent = bootstrap.event_queue().send([task_event for _, task_event in read])
    failed = read[-len(unsent)][0] if unsent else unreadable
    if failed is None:
        return {"batchItemFailures": []}
    logger.error("A change was not forwarded.", sequence_number=failed)
    if failed == _sequence_number(records[0]):
        raise NothingForwarded(f"The stream stands at {failed}.")
    return {"batchItemFailures": [{"itemIdentifier": failed}]}


def _read(records: list[DynamoDBRecord]) -> tuple[list[tuple[str, TaskEvent]], str | None]:
    """Events with their sequence numbers, and the number of the first record that makes no sense."""
    read: list[tuple[str, TaskEvent]] = []
    for record in records:
        try:
            task_event = _event_of(record)
        except (KeyError, TypeError, ValueError):
            logger.exception("A change cannot be read.")
            return read, _sequence_number(record)
        if task_event:
            read.append((_sequence_number(record), task_event))
    return read, None


def _event_of(record: DynamoDBRecord) -> TaskEvent | None:
    images = record.dynamodb
    if images is None:
        raise ValueError("The record holds no images.")
    before, after = (task_of(image) if image else None for image in (images.old_image, images.new_image))
    return event_of_change(before, after, bootstrap.now())


def _sequence_number(record: DynamoDBRecord) -> str:
    return str(record["dynamodb"]["SequenceNumber"])
