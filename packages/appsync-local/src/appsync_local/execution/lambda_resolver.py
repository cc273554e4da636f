"""Calls of the template's functions for fields: one event each, or siblings together in one list."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Any, cast

from appsync_local.errors import FieldError
from appsync_local.execution.context import Waiting
from appsync_local.protocols import FunctionError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence

    from graphql import GraphQLResolveInfo

    from appsync_local.execution.context import RequestContext
    from appsync_local.protocols import Functions
    from appsync_local.template.definition import ApiDefinition
    from appsync_local.template.resolvers import LambdaResolver

    Info = GraphQLResolveInfo[Any]

_log = logging.getLogger(__name__)
_ITEM = {"data", "errorMessage", "errorType", "errorInfo"}


def function_resolver(api: ApiDefinition, functions: Functions, resolution: LambdaResolver) -> Callable[..., Any]:
    """Make the resolver of a field that a function answers."""
    most = api.resolver_count_limit
    call = _batched(functions, resolution) if resolution.max_batch else _single(functions, resolution.function)

    def resolve(source: Any, info: Info, **arguments: Any) -> Awaitable[Any]:
        context: RequestContext = info.context
        context.resolvers_called += 1
        if context.resolvers_called > most:
            raise FieldError("ResolverExecutionLimitReached", "Resolver invocation limit reached.")
        return call(context, resolver_event(source, info, arguments))

    return resolve


def _single(functions: Functions, function: str) -> Callable[[RequestContext, Mapping[str, Any]], Awaitable[Any]]:
    return lambda context, event: invoke(functions, function, event, context.deadline)


def _batched(
    functions: Functions, resolution: LambdaResolver
) -> Callable[[RequestContext, Mapping[str, Any]], Awaitable[Any]]:
    field = object()  # each field has batches of its own

    def join(context: RequestContext, event: Mapping[str, Any]) -> Awaitable[Any]:
        loop = asyncio.get_running_loop()
        waiting = context.batches.get(field)
        if waiting is None:
            waiting = context.batches[field] = []
            loop.call_soon(leave, context)
        answer = loop.create_future()
        waiting.append(Waiting(event, answer))
        return answer

    def leave(context: RequestContext) -> None:
        """Send off what has gathered: all siblings, since the executor reaches them in one turn of the loop."""
        waiting = context.batches.pop(field)
        for start in range(0, len(waiting), resolution.max_batch):
            chunk = waiting[start : start + resolution.max_batch]
            task = asyncio.ensure_future(_answer_all(functions, resolution.function, chunk, context.deadline))
            context.running.add(task)
            task.add_done_callback(context.running.discard)

    return join


async def _answer_all(functions: Functions, function: str, waiting: Sequence[Waiting], deadline: float) -> None:
    try:
        answers = await invoke(functions, function, [one.event for one in waiting], deadline)
    except FieldError as refusal:
        outcomes: list[Any] = [refusal] * len(waiting)
    else:
        outcomes = _outcomes(answers, len(waiting))
    for one, outcome in zip(waiting, outcomes, strict=True):
        if one.answer.done():
            continue
        if isinstance(outcome, FieldError):
            one.answer.set_exception(FieldError(outcome.error_type, outcome.message, outcome.data))
        else:
            one.answer.set_result(outcome)


def _outcomes(answers: object, expected: int) -> list[Any]:
    if not isinstance(answers, list) or len(answers) != expected:
        got = f"{len(answers)} items" if isinstance(answers, list) else "no list"
        message = (
            f"A batch resolver must answer a list with an item for each event: {expected} expected, {got} returned."
        )
        return [FieldError("Lambda:InvalidBatchResponse", message)] * expected
    return [_outcome(answer) for answer in answers]


def _outcome(answer: Any) -> Any:
    """Read one item: {data, errorMessage, errorType}, or the value itself."""
    if not isinstance(answer, dict) or not answer or answer.keys() - _ITEM:
        return answer
    message = answer.get("errorMessage")
    if message is not None:
        return FieldError(str(answer.get("errorType") or "Lambda:Unhandled"), str(message), answer.get("data"))
    return answer.get("data")


async def invoke(functions: Functions, function: str, event: object, deadline: float) -> Any:
    """Call a function; raise FieldError, as a client may see it, when it raises, is late or cannot be reached."""
    try:
        async with asyncio.timeout_at(deadline):
            return await functions.invoke(function, event)
    except TimeoutError as late:
        raise FieldError("Lambda:ExecutionTimeoutException", "Execution timed out.") from late
    except FunctionError as failure:
        raise FieldError("Lambda:Unhandled", failure.message) from failure
    except Exception as problem:
        raise internal(f"Calling {function}") from problem


def internal(deed: str) -> FieldError:
    """Log what went wrong here, and answer what a client may know of it."""
    _log.exception("%s failed", deed)
    return FieldError("InternalFailure", "An internal error occurred.")


def resolver_event(source: Any, info: Info, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Build the event of a direct Lambda resolver, as AppSync does."""
    context = cast("RequestContext", info.context)
    paths, text = context.selections.tell(info.field_nodes, info.variable_values.coerced)
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
