"""Common parts of the resolvers: logging, and errors without internal details."""

from collections.abc import Sequence
from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.event_handler import AppSyncResolver
from aws_lambda_powertools.event_handler.graphql_appsync.router import Router
from aws_lambda_powertools.utilities.typing import LambdaContext
from pydantic import ValidationError

from resolvers.identity import caller_of
from resolvers.responses import RequestError, request_error
from taskbell.api.identity import Caller
from taskbell.domain.exceptions import LimitExceededError, TaskError

logger = Logger()

_MAX_ITEMS = 500
_MAX_FIRST = 100


class InternalError(Exception):
    """An unexpected error. Its request id identifies it in the logs."""


def current_caller(app: AppSyncResolver | Router) -> Caller:
    """Return the caller of the event that `app` is handling. Raises RequestError for other identities."""
    event = app.current_event
    try:
        return caller_of(event.get("identity") if event else None)
    except PermissionError as error:
        raise RequestError(f"FORBIDDEN: {error}") from None


def readable_owner(app: AppSyncResolver | Router, owner_id: str | None) -> str:
    """Return the owner whose data is asked for, by default the caller.

    Raises:
        RequestError: The caller may not read that owner's data; whether there is such an owner makes no difference.
    """
    caller = current_caller(app)
    if owner_id is None or caller.can_read(owner_id):
        return owner_id or caller.id
    raise RequestError("FORBIDDEN: You can read only your own tasks.")


def resolve(app: AppSyncResolver, event: Any, context: LambdaContext) -> Any:
    """Return the response to AppSync's event, or the responses to a batch of events of one field.

    A field of Query has its aliases in a batch, so that a request cannot ask for its lists without limit. They are
    resolved in turn, and fail together. Tracebacks are cut, because Lambda logs them with every error it returns.

    Raises:
        RequestError: The request is invalid or forbidden; the message is for callers.
        InternalError: Anything else.
    """
    try:
        if not isinstance(event, list):
            return app.resolve(event, context)
        _check_cost(event)
        if event[0]["info"]["parentTypeName"] != "Query":
            return app.resolve(event, context)
        return [app.resolve(aliased, context) for aliased in event]
    except (TaskError, ValidationError) as error:
        raise request_error(error) from None
    except RequestError as error:
        raise error.with_traceback(None) from None
    except Exception:
        logger.exception("A request failed.")
        raise InternalError(f"Something went wrong on our side. Request {context.aws_request_id}.") from None


def _check_cost(batch: Sequence[Any]) -> None:
    """Check how many items the lists of a batch may have together. Raises LimitExceededError."""
    if sum(map(_max_items, batch)) > _MAX_ITEMS:
        raise LimitExceededError(f"Lists of one request may have at most {_MAX_ITEMS} items together.")


def _max_items(event: Any) -> int:
    """Return how many items a list may have, with its default for null; 0 for what is no list."""
    first: int | None = event["arguments"].get("first", 0)
    if first is None:
        return _MAX_FIRST if event["info"]["fieldName"] == "changes" else 50
    return min(max(first, 0), _MAX_FIRST)
