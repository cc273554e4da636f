"""Common parts of the resolvers: logging, the price of a request, and errors as answers without internal details."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.event_handler import AppSyncResolver
from aws_lambda_powertools.event_handler.graphql_appsync.router import Router
from aws_lambda_powertools.utilities.typing import LambdaContext
from pydantic import ValidationError

from resolvers.identity import caller_of
from resolvers.responses import ForbiddenError, error_answer, refusal
from taskbell.api.identity import Caller
from taskbell.application.serialization import Document
from taskbell.domain.exceptions import LimitExceededError, TaskError

logger = Logger()

_MAX_ITEMS = 500
_MAX_FIRST = 100


def current_caller(app: AppSyncResolver | Router) -> Caller:
    """Return the caller of the event that `app` is handling. Raises ForbiddenError for other identities."""
    event = app.current_event
    try:
        return caller_of(event.get("identity") if event else None)
    except PermissionError as error:
        raise ForbiddenError(str(error)) from None


def readable_owner(app: AppSyncResolver | Router, owner_id: str | None) -> str:
    """Return the owner whose data is asked for, by default the caller.

    Raises:
        ForbiddenError: The caller may not read that owner's data; whether there is such an owner makes no difference.
    """
    caller = current_caller(app)
    if owner_id is None or caller.can_read(owner_id):
        return owner_id or caller.id
    raise ForbiddenError("You can read only your own tasks.")


def resolve(app: AppSyncResolver, event: Any, context: LambdaContext) -> Any:
    """Return the answer to AppSync's event, or the answers to a batch of events of one field.

    An answer is `{"data": ...}` or `{"error": ...}` (`error_answer`), which AppSync raises: a refused request is no
    failed invocation. An unexpected error is logged, which raises the function's alarm, and shows its request id alone.

    A field of Query has its aliases in a batch, so that a request cannot ask for its lists without limit. They are
    resolved in turn, each with its own answer. A field of another type is resolved for the whole batch at once.
    """
    if not isinstance(event, list):
        return _answer(partial(app.resolve, event, context), context)
    price = _answer(partial(_check_cost, event), context)
    if "error" in price:
        return [price] * len(event)
    if event[0]["info"]["parentTypeName"] != "Query":
        whole = _answer(partial(app.resolve, event, context), context)
        return [{"data": data} for data in whole["data"]] if "data" in whole else [whole] * len(event)
    return [_answer(partial(app.resolve, aliased, context), context) for aliased in event]


def _answer(resolve_field: Callable[[], Any], context: LambdaContext) -> Document:
    try:
        return {"data": resolve_field()}
    except (ForbiddenError, TaskError, ValidationError) as error:
        return refusal(error)
    except Exception:
        logger.exception("A request failed.")
        request_id = context.aws_request_id
        message = f"Something went wrong on our side. Request {request_id}."
        return error_answer("INTERNAL", message, requestId=request_id)


def _check_cost(batch: Sequence[Any]) -> None:
    """Check how many items the lists of a batch may have together. Raises LimitExceededError."""
    if sum(map(_max_items, batch)) > _MAX_ITEMS:
        raise LimitExceededError(f"Lists of one request may have at most {_MAX_ITEMS} items together.")


def _max_items(event: Any) -> int:
    """Return how many items a list may have, with its default for null; 0 for what is no list and names no items."""
    ids = event["arguments"].get("ids")
    if isinstance(ids, list):
        return len(ids)
    first: int | None = event["arguments"].get("first", 0)
    if first is None:
        return _MAX_FIRST if event["info"]["fieldName"] == "changes" else 50
    return min(max(first, 0), _MAX_FIRST)
