"""Handles the events on the queue: remembers them, starts and stops runs of the workflow, and pushes them.

Each step can be repeated without harm, so an event whose handling was cut off is simply handled again. The events of a
task are handled in their order: when one fails, those behind it wait. They come again after a while, each time after
twice as long; at the fifth failure the message is put into the dead-letter queue together with the cause, and those
behind it go on. Should the function itself break off, the queue moves the message there after the fifth time.
"""

from functools import partial
from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.batch import SqsFifoPartialProcessor, process_partial_response
from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from aws_lambda_powertools.utilities.typing import LambdaContext

from adapters import wiring
from tasks.documents import event_of
from tasks.events import TaskEvent

logger = Logger()

MOST_RECEIVES = 5  # as the redrive policy of the queue says


@logger.inject_lambda_context
def handler(event: dict[str, Any], context: LambdaContext) -> PartialItemFailureResponse:
    """The Lambda function handleEvents: answers with the messages that are to come again."""
    return process(event, context, wiring.handling())


def process(event: dict[str, Any], context: LambdaContext, handling: wiring.Handling) -> PartialItemFailureResponse:
    """Handle a batch of messages with what is given for it."""
    processor = SqsFifoPartialProcessor(skip_group_on_error=True)
    processor.raise_on_entire_batch_failure = False
    answer = process_partial_response(event, partial(_handle_or_bury, handling=handling), processor, context)
    handling.messages.retry_later({record.receipt_handle: _receives(record) for record in _failed(processor)})
    return answer


def handle(task_event: TaskEvent, handling: wiring.Handling) -> None:
    """Remember, stop, start, push. The push is last: what a screen shows has been done."""
    handling.history.append(task_event)
    if task_event.superseded is not None:
        handling.workflows.stop(task_event.task, task_event.superseded)
    if task_event.schedules:
        handling.workflows.start(task_event.task)
    handling.publisher.publish(task_event)


def _handle_or_bury(record: SQSRecord, handling: wiring.Handling) -> None:
    try:
        handle(event_of(record.json_body), handling)
    except Exception as failure:
        logger.exception("An event was not handled.", receives=_receives(record))
        if _receives(record) < MOST_RECEIVES:
            raise
        group, deduplication_id = record.attributes.message_group_id, record.attributes.message_deduplication_id
        cause = f"{type(failure).__name__}: {failure}"
        handling.messages.bury(record.body, str(group), str(deduplication_id), cause)


def _failed(processor: SqsFifoPartialProcessor) -> list[SQSRecord]:
    """The messages that failed, and those of the same tasks behind them."""
    return [record for record in processor.fail_messages if isinstance(record, SQSRecord)]


def _receives(record: SQSRecord) -> int:
    return int(record.attributes.approximate_receive_count)
