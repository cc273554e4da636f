"""Converts changes in the table's stream to events on the queue, in order.

Only the first record that failed is reported: Lambda retries from there, and the queue deduplicates what it accepted
before, by task and version. If the retries fail, Lambda bisects the batch and sends the record to the on-failure
destination. A batch that fails at its first record fails as a whole.
"""

from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.data_classes import DynamoDBStreamEvent
from aws_lambda_powertools.utilities.data_classes.dynamo_db_stream_event import DynamoDBRecord
from aws_lambda_powertools.utilities.typing import LambdaContext

from taskbell import bootstrap
from taskbell.application.serialization import task_from_dict
from taskbell.domain.events import TaskEvent, event_from_change

logger = Logger()


class NothingForwardedError(Exception):
    """No change of this batch reached the queue."""


@logger.inject_lambda_context
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, list[dict[str, str]]]:  # noqa: ARG001
    """Handle a batch for the Lambda function forwardChanges: return the sequence number to retry from."""
    records = list(DynamoDBStreamEvent(event).records)
    read, unreadable = _read(records)
    unsent = bootstrap.event_queue().send([task_event for _, task_event in read])
    failed = read[-len(unsent)][0] if unsent else unreadable
    if failed is None:
        return {"batchItemFailures": []}
    logger.error("A change was not forwarded.", sequence_number=failed)
    if failed == _sequence_number(records[0]):
        raise NothingForwardedError(f"The first record failed: {failed}.")
    return {"batchItemFailures": [{"itemIdentifier": failed}]}


def _read(records: list[DynamoDBRecord]) -> tuple[list[tuple[str, TaskEvent]], str | None]:
    """Return events with their sequence numbers, and the number of the first invalid record."""
    read: list[tuple[str, TaskEvent]] = []
    for record in records:
        try:
            task_event = _event_of(record)
        except (KeyError, TypeError, ValueError):
            logger.exception("A change is invalid.")
            return read, _sequence_number(record)
        if task_event:
            read.append((_sequence_number(record), task_event))
    return read, None


def _event_of(record: DynamoDBRecord) -> TaskEvent | None:
    images = record.dynamodb
    if images is None:
        raise ValueError("The record holds no images.")
    before, after = (task_from_dict(image) if image else None for image in (images.old_image, images.new_image))
    return event_from_change(before, after, bootstrap.now())


def _sequence_number(record: DynamoDBRecord) -> str:
    return str(record["dynamodb"]["SequenceNumber"])
