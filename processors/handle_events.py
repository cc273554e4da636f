"""Handles the events on the queue; `taskbell.application.event_batch` decides what happens to those that fail.

What is delivered again comes with exponential backoff, for about a week. If the function cannot run at all for longer
than that, the queue's redrive policy moves the messages to the dead-letter queue, where they are kept.
"""

from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from aws_lambda_powertools.utilities.typing import LambdaContext

from taskbell import bootstrap
from taskbell.application.event_batch import EventBatch, Message, PostponedError
from taskbell.application.ports import MessageId
from taskbell.domain.dead_letters import CAUSE

logger = Logger()

MILLISECONDS_PER_EVENT = 10_000  # worst case for one event: timeouts and retries


@logger.inject_lambda_context
def handler(event: dict[str, Any], context: LambdaContext) -> PartialItemFailureResponse:
    """Handle a batch for the Lambda function handleEvents: return the messages to deliver again."""
    batch = EventBatch(
        bootstrap.event_handler(),
        bootstrap.attempts(),
        bootstrap.failed_messages(),
        lambda: context.get_remaining_time_in_millis() >= MILLISECONDS_PER_EVENT,
        bootstrap.now(),
    )
    return process(event, context, batch)


def process(event: dict[str, Any], context: LambdaContext, batch: EventBatch) -> PartialItemFailureResponse:
    """Handle a batch of messages."""
    processor = BatchProcessor(EventType.SQS, raise_on_entire_batch_failure=False)

    def handle_record(record: SQSRecord) -> None:
        message = _message(record)
        try:
            cause = batch.handle(message)
        except PostponedError:
            raise
        except Exception:
            logger.exception("An event was not handled.", message_id=record.message_id, receives=message.receives)
            raise
        if cause:
            logger.error("An event was given up.", message_id=record.message_id, cause=cause)

    response = process_partial_response(event, handle_record, processor, context)
    failed = [record for record in processor.fail_messages if isinstance(record, SQSRecord)]
    attempts = {record.receipt_handle: batch.attempts_of_first(_message(record).id.group_id) for record in failed}
    try:
        batch.failed_messages.retry_later(attempts)
    except Exception:
        logger.exception("Messages are delivered again only when their visibility timeout ends.")
    return response


def _message(record: SQSRecord) -> Message:
    attributes = record.attributes
    return Message(
        id=MessageId(str(attributes.message_group_id), str(attributes.message_deduplication_id)),
        body=record.body,
        receives=int(attributes.approximate_receive_count),
        redriven=CAUSE in record.message_attributes,
    )
