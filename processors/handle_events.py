"""Handles the events on the queue: remembers them, starts and stops runs, makes what recurs, and pushes them.

Each step can be repeated without harm, so an event whose handling was cut off is simply handled again. The events of a
task are handled in their order: when one fails, those behind it wait. They come again after a while, each time after
about twice as long. At every fifth receive a message that fails is put into the dead-letter queue together with the
cause; those behind it, which were received as often but never tried, come again and have tries of their own.

A task that has left the table is forgotten only when all that went before has been taken off the queue: with its
events goes the knowledge that they were counted, and what came again would be counted anew.

Should the function itself break off time and again, the queue moves the message there by its redrive policy.
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

TRIES = 5
MILLISECONDS_FOR_ONE = 10_000  # what one event may take at the worst: its calls time out, its counting waits


class Postponed(Exception):
    """The message was not tried; it comes again."""


@logger.inject_lambda_context
def handler(event: dict[str, Any], context: LambdaContext) -> PartialItemFailureResponse:
    """The Lambda function handleEvents: answers with the messages that are to come again."""
    return process(event, context, bootstrap.event_handler(), bootstrap.failed_messages())


def process(
    event: dict[str, Any], context: LambdaContext, handler: EventHandler, failed_messages: FailedMessages
) -> PartialItemFailureResponse:
    """Handle a batch of messages with what is given for it."""
    processor = SqsFifoPartialProcessor(skip_group_on_error=True)
    processor.raise_on_entire_batch_failure = False
    answer = process_partial_response(event, _Batch(handler, failed_messages, context).take, processor, context)
    failed = [record for record in processor.fail_messages if isinstance(record, SQSRecord)]
    try:
        failed_messages.retry_later({record.receipt_handle: _tries(record) for record in failed})
    except Exception:
        logger.exception("Messages come again only when their visibility timeout ends.")
    return answer


@dataclass
class _Batch:
    """A batch in the works: knows the tasks of which a message was tried or given up, and the time that is left."""

    handler: EventHandler
    failed_messages: FailedMessages
    context: LambdaContext
    begun: set[str] = field(default_factory=set)
    given_up: set[str] = field(default_factory=set)

    def take(self, record: SQSRecord) -> None:
        """Handle a message or send it to the dead-letter queue; raises if it is to be delivered again."""
        group = str(record.attributes.message_group_id)
        if group in self.given_up or self.context.get_remaining_time_in_millis() < MILLISECONDS_FOR_ONE:
            raise Postponed
        try:
            self._handle(event_from_dict(record.json_body), group)
        except Postponed:
            raise
        except Exception as failure:
            logger.exception("An event was not handled.", tries=_tries(record))
            if _tries(record) < TRIES:
                raise
            cause = f"{type(failure).__name__}: {failure}"
            deduplication_id = str(record.attributes.message_deduplication_id)
            self.failed_messages.send_to_dead_letter_queue(record.body, group, deduplication_id, cause)
            self.given_up.add(group)

    def _handle(self, task_event: TaskEvent, group: str) -> None:
        if task_event.is_hard_delete and group in self.begun:
            raise Postponed
        self.begun.add(group)
        self.handler.handle(task_event)


def _tries(record: SQSRecord) -> int:
    """Which of its five tries this is, each five receives beginning anew."""
    return (int(record.attributes.approximate_receive_count) - 1) % TRIES + 1
