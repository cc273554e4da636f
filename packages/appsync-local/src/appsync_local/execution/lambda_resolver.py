"""Direct Lambda resolvers: one event for each field, or siblings together in one list."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Any, cast

from appsync_local.errors import FieldError
from appsync_local.execution.context import PendingEvent
from appsync_local.protocols import FunctionError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence

    from graphql import GraphQLResolveInfo

    from appsync_local.execution.context import RequestContext
    from appsync_local.protocols import Functions
    from appsync_local.template.definition import ApiDefinition
    from appsync_local.template.resolvers import LambdaResolver

    Info = GraphQLResolveInfo[Any]
    Call = Callable[[RequestContext, object], Awaitable[Any]]

_log = logging.getLogger(__name__)
_ITEM_KEYS = {"data", "errorMessage", "errorType", "errorInfo"}


def function_resolver(api: ApiDefinition, functions: Functions, resolver: LambdaResolver) -> Callable[..., Any]:
    """Make the graphql-core resolver of a field that a function resolves."""
    limit = api.resolver_count_limit
    call = (
        batched(functions, resolver.function, resolver.max_batch, _outcome)
        if resolver.max_batch
        else _single(functions, resolver.function)
    )

    def resolve(source: Any, info: Info, **arguments: Any) -> Awaitable[Any]:
        context: RequestContext = info.context
        count_resolver(context, limit)
        return call(context, resolver_event(source, info, arguments))

    return resolve


def count_resolver(context: RequestContext, limit: int) -> None:
    """Count a resolver of the request. Raises FieldError for one too many."""
    context.resolvers_called += 1
    if context.resolvers_called > limit:
        raise FieldError("ResolverExecutionLimitReached", "Resolver invocation limit reached.")


def _single(functions: Functions, function: str) -> Call:
    return lambda context, event: invoke(functions, function, event, context)


def batched(functions: Functions, function: str, max_batch: int, outcome_of: Callable[[Any], Any]) -> Call:
    """Make what invokes a function with the payloads of siblings in a list.

    Args:
        functions: The functions of the API.
        function: Which one.
        max_batch: How many payloads one invocation takes.
        outcome_of: Reads an item of the function's answer: a value, or a FieldError.
    """
    field = object()  # each field has batches of its own

    def join(context: RequestContext, event: object) -> Awaitable[Any]:
        loop = asyncio.get_running_loop()
        pending = context.batches.get(field)
        if pending is None:
            pending = context.batches[field] = []
            loop.call_soon(flush, context)
        result = loop.create_future()
        pending.append(PendingEvent(event, result))
        return result

    def flush(context: RequestContext) -> None:
        """Invoke the function for all siblings: the executor reaches them in one turn of the loop."""
        pending = context.batches.pop(field)
        for start in range(0, len(pending), max_batch):
            chunk = pending[start : start + max_batch]
            task = asyncio.ensure_future(_invoke_batch(functions, function, chunk, context, outcome_of))
            context.running.add(task)
            task.add_done_callback(context.running.discard)

    return join


async def _invoke_batch(
    functions: Functions,
    function: str,
    pending: Sequence[PendingEvent],
    context: RequestContext,
    outcome_of: Callable[[Any], Any],
) -> None:
    try:
        answers = await invoke(functions, function, [item.event for item in pending], context)
    except FieldError as error:
        outcomes: list[Any] = [error] * len(pending)
    else:
        outcomes = _outcomes(answers, len(pending), outcome_of)
    for item, outcome in zip(pending, outcomes, strict=True):
        if item.result.done():
            continue
        if isinstance(outcome, FieldError):
            item.result.set_exception(FieldError(outcome.error_type, outcome.message, outcome.data))
        else:
            item.result.set_result(outcome)


def _outcomes(answers: object, expected: int, outcome_of: Callable[[Any], Any]) -> list[Any]:
    if not isinstance(answers, list) or len(answers) != expected:
        got = f"{len(answers)} items" if isinstance(answers, list) else "no list"
        message = (
            f"A batch resolver must answer a list with an item for each event: {expected} expected, {got} returned."
        )
        return [FieldError("Lambda:InvalidBatchResponse", message)] * expected
    return [outcome_of(answer) for answer in answers]


def _outcome(answer: Any) -> Any:
    """Read one item: {data, errorMessage, errorType}, or the value itself."""
    if not isinstance(answer, dict) or not answer or answer.keys() - _ITEM_KEYS:
        return answer
    message = answer.get("errorMessage")
    if message is not None:
        return FieldError(str(answer.get("errorType") or "Lambda:Unhandled"), str(message), answer.get("data"))
    return answer.get("data")


async def invoke(functions: Functions, function: str, event: object, context: RequestContext) -> Any:
    """Invoke a function when the request has a slot for it.

    Raises:
        FieldError: It raised, did not return by the request's deadline, or cannot be reached.
    """
    try:
        async with asyncio.timeout_at(context.deadline), context.slots:
            return await functions.invoke(function, event)
    except TimeoutError as error:
        raise FieldError("Lambda:ExecutionTimeoutException", "Execution timed out.") from error
    except FunctionError as error:
        raise FieldError("Lambda:Unhandled", error.message) from error
    except Exception as error:
        raise internal_error(f"Calling {function}") from error


def internal_error(action: str) -> FieldError:
    """Log the current exception, and return the error that a client may see."""
    _log.exception("%s failed", action)
    return FieldError("InternalFailure", "An internal error occurred.")


def resolver_event(source: Any, info: Info, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Build the event of a direct Lambda resolver, as AppSync does."""
    context = cast("RequestContext", info.context)
    paths, text = context.selections.describe(info.field_nodes, info.variable_values.coerced)
    return {
        "arguments": arguments,
        "identity": context.caller.identity,
        "source": source,
        "request": {"headers": context.headers, "domainName": None},
        "prev": None,
        "info": {
            "selectionSetList": paths,
            "selectionSetGraphQL": text,
            "fieldName": info.field_name,
            "parentTypeName": info.parent_type.name,
            "variables": context.variables,
        },
        "stash": {},
    }
