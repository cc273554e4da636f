"""Fetches calendars whose turn has come: one with each message."""

import json
from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from aws_lambda_powertools.utilities.typing import LambdaContext

from taskbell import bootstrap
from taskbell.application.scheduled_fetches import due_fetch_from_dict

logger = Logger()

MILLISECONDS_PER_TASK = 10_000  # worst case for one task and the end: timeouts and retries
MAX_RECEIVES = 3  # then what it does to the process counts as its own failure


@logger.inject_lambda_context
def handler(event: dict[str, Any], context: LambdaContext) -> PartialItemFailureResponse:
    """Handle messages for the Lambda function fetchCalendars: return those to deliver again."""

    def has_time() -> bool:
        return context.get_remaining_time_in_millis() >= MILLISECONDS_PER_TASK

    def fetch(record: SQSRecord) -> None:
        due, following = due_fetch_from_dict(json.loads(record.body)), bootstrap.calendar_following()
        try:
            if int(record.attributes.approximate_receive_count) > MAX_RECEIVES:
                logger.error("A calendar was given up until its next turn.", calendar_id=due.calendar_id)
                following.give_up(due)
            else:
                following.fetch_due(due, has_time)
        except Exception:
            logger.exception("A calendar was not fetched.", calendar_id=due.calendar_id)
            raise

    processor = BatchProcessor(EventType.SQS, raise_on_entire_batch_failure=False)
    return process_partial_response(event, fetch, processor, context)
