"""Asks, by a schedule, for the fetches of the calendars whose turn has come."""

from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

from taskbell import bootstrap

logger = Logger()

MILLISECONDS_PER_BATCH = 8_000  # worst case for a page of the table and a batch of messages: timeouts and retries


@logger.inject_lambda_context
def handler(event: dict[str, Any], context: LambdaContext) -> None:  # noqa: ARG001
    """Handle an event of the Lambda function scheduleFetches; what there is no time for stays due."""
    requested = bootstrap.scheduled_fetches().request_due(
        lambda: context.get_remaining_time_in_millis() >= MILLISECONDS_PER_BATCH
    )
    logger.info("Fetches were requested.", requested=requested)
