"""Handles the events on the queue.

Handling is idempotent, so an interrupted event is handled again. Events of a task are handled in order: when one fails,
later ones of its task wait. They are retried with exponential backoff. At every fifth receive, a failing message is
sent to the dead-letter queue with its cause; later messages of its task, received as often but never tried, are
delivered again and have five attempts of their own.

The events of a task that has left the table are deleted only when no earlier event of it is on the queue: the stored
events record what was counted, so a repeated event would be counted twice.

If the function itself is interrupted repeatedly, the queue's redrive policy moves the message.
"""

from dataclasses import dataclass, field
from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.batch import SqsFifoPartialProcessor, process_partial_response
from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from aws_lambda_powertools.utilities.typing import LambdaContext

from taskbell import bootstrap
from taskbell.application.event_handlers import EventHandler
from taskbell.application.ports import FailedMessages
from taskbell.application.serialization import event_from_dict
from taskbell.domain.events import TaskEvent

logger = Logger()

MAX_ATTEMPTS = 5
MILLISECONDS_PER_EVENT = 10_000  # worst case for one event: timeouts and retries


class PostponedError(Exception):
    """The message was not tried; it will be delivered again."""


@logger.inject_lambda_context
def handler(event: dict[str, Any], context: LambdaContext) -> PartialItemFailureResponse:
    """Handle a batch for the Lambda function handleEvents: return the messages to deliver again."""
    return process(event, context, bootstrap.event_handler(), bootstrap.failed_messages())


def process(
    event: dict[str, Any], context: LambdaContext, handler: EventHandler, failed_messages: FailedMessages
) -> PartialItemFailureResponse:
    """Handle a batch of messages with these dependencies."""
    processor = SqsFifoPartialProcessor(skip_group_on_error=True)
    processor.raise_on_entire_batch_failure = False
    response = process_partial_response(
        event, _Batch(handler, failed_messages, context).handle_record, processor, context
    )
    failed = [record for record in processor.fail_messages if isinstance(record, SQSRecord)]
    try:
        failed_messages.retry_later({record.receipt_handle: _attempt(record) for record in failed})
    except Exception:
        logger.exception("Messages are delivered again only when their visibility timeout ends.")
    return response


@dataclass
class _Batch:
    """A batch in progress: the message groups that were started or have failed, and the remaining time."""

    handler: EventHandler
    failed_messages: FailedMessages
    context: LambdaContext
    started_groups: set[str] = field(default_factory=set)
    failed_groups: set[str] = field(default_factory=set)

    def handle_record(self, record: SQSRecord) -> None:
        """Handle a message or send it to the dead-letter queue; raises if it is to be delivered again."""
        group = str(record.attributes.message_group_id)
        if group in self.failed_groups or self.context.get_remaining_time_in_millis() < MILLISECONDS_PER_EVENT:
            raise PostponedError
        try:
            self._handle(event_from_dict(record.json_body), group)
        except PostponedError:
            raise
        except Exception as failure:
            logger.exception("An event was not handled.", tries=_attempt(record))
            if _attempt(record) < MAX_ATTEMPTS:
                raise
            cause = f"{type(failure).__name__}: {failure}"
            deduplication_id = str(record.attributes.message_deduplication_id)
            self.failed_messages.send_to_dead_letter_queue(record.body, group, deduplication_id, cause)
            self.failed_groups.add(group)

    def _handle(self, task_event: TaskEvent, group: str) -> None:
        if task_event.is_hard_delete and group in self.started_groups:
            raise PostponedError
        self.started_groups.add(group)
        self.handler.handle(task_event)


def _attempt(record: SQSRecord) -> int:
    """Return the number of this attempt, 1 to 5; it starts again after every five receives."""
    return (int(record.attributes.approximate_receive_count) - 1) % MAX_ATTEMPTS + 1
