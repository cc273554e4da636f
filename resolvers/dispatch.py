"""What the functions behind AppSync share: logging, and that no inner message ever reaches a caller."""

from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.event_handler import AppSyncResolver
from aws_lambda_powertools.event_handler.graphql_appsync.router import Router
from aws_lambda_powertools.utilities.typing import LambdaContext
from pydantic import ValidationError

from resolvers.identity import caller_of
from resolvers.responses import RequestRefused, refusal_of
from taskbell.api.identity import Caller
from taskbell.domain.exceptions import TaskError

logger = Logger()


class Fault(Exception):
    """Something went wrong on our side. The request id finds it in the logs."""


def caller(app: AppSyncResolver | Router) -> Caller:
    """Who sent the event that `app` is answering."""
    event = app.current_event
    try:
        return caller_of(event.get("identity") if event else None)
    except PermissionError as refusal:
        raise RequestRefused(f"FORBIDDEN: {refusal}") from None


def answer(app: AppSyncResolver, event: Any, context: LambdaContext) -> Any:
    """The answer to AppSync's event. Raises RequestRefused or Fault, whose messages are made for callers.

    Lambda logs what is raised with the road that it took, which here is no longer than it must be.
    """
    try:
        return app.resolve(event, context)
    except (TaskError, ValidationError) as refusal:
        raise refusal_of(refusal) from None
    except RequestRefused as refusal:
        raise refusal.with_traceback(None) from None
    except Exception:
        logger.exception("A request failed.")
        raise Fault(f"Something went wrong on our side. Request {context.aws_request_id}.") from None
