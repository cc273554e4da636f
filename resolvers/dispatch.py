"""Common parts of the resolvers: logging, and errors without internal details."""

from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.event_handler import AppSyncResolver
from aws_lambda_powertools.event_handler.graphql_appsync.router import Router
from aws_lambda_powertools.utilities.typing import LambdaContext
from pydantic import ValidationError

from resolvers.identity import caller_of
from resolvers.responses import RequestError, request_error
from taskbell.api.identity import Caller
from taskbell.domain.exceptions import TaskError

logger = Logger()


class InternalError(Exception):
    """An unexpected error. Its request id identifies it in the logs."""


def current_caller(app: AppSyncResolver | Router) -> Caller:
    """Return the caller of the event that `app` is handling. Raises RequestError for other identities."""
    event = app.current_event
    try:
        return caller_of(event.get("identity") if event else None)
    except PermissionError as error:
        raise RequestError(f"FORBIDDEN: {error}") from None


def resolve(app: AppSyncResolver, event: Any, context: LambdaContext) -> Any:
    """Return the response to AppSync's event.

    Tracebacks are cut, because Lambda logs them with every error it returns.

    Raises:
        RequestError: The request is invalid or forbidden; the message is for callers.
        InternalError: Anything else.
    """
    try:
        return app.resolve(event, context)
    except (TaskError, ValidationError) as error:
        raise request_error(error) from None
    except RequestError as error:
        raise error.with_traceback(None) from None
    except Exception:
        logger.exception("A request failed.")
        raise InternalError(f"Something went wrong on our side. Request {context.aws_request_id}.") from None
