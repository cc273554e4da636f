"""Unit resolvers with code: the request handler, the data source, the response handler."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, cast

from appsync_local.error_entries import typed_entry
from appsync_local.errors import FieldError, UnsupportedFeatureError
from appsync_local.execution.lambda_resolver import batched, count_resolver, invoke, resolver_event
from appsync_local.javascript.script import Script, UnauthorizedFieldError
from appsync_local.javascript.source import CodeError
from appsync_local.template.auth_providers import AuthorizationType

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence

    from graphql import FieldNode, GraphQLResolveInfo

    from appsync_local.execution.context import RequestContext
    from appsync_local.javascript.script import Outcome
    from appsync_local.protocols import Functions
    from appsync_local.template.definition import ApiDefinition
    from appsync_local.template.resolvers import CodeResolver

    Info = GraphQLResolveInfo[Any]
    Source = Callable[[RequestContext, Any], Awaitable[Any]]  # of a request handler's object

_DEFAULT_BATCH = 5
_AUTH_TYPES = {
    AuthorizationType.API_KEY: "API Key Authorization",
    AuthorizationType.COGNITO: "User Pool Authorization",
    AuthorizationType.IAM: "IAM Authorization",
    AuthorizationType.OIDC: "Open ID Connect Authorization",
    AuthorizationType.LAMBDA: "Lambda Authorization",
}


def code_resolver(api: ApiDefinition, functions: Functions, place: str, resolver: CodeResolver) -> Callable[..., Any]:
    """Make the graphql-core resolver of a field that has code.

    Raises:
        UnsupportedFeatureError: The code cannot be loaded.
    """
    try:
        script = _script(resolver.code)
    except CodeError as error:
        raise UnsupportedFeatureError(f"the code of {place}: {error}") from error
    call = _source_of(functions, resolver)

    def resolve(source: Any, info: Info, **arguments: Any) -> Any:
        count_resolver(info.context, api.resolver_count_limit)
        run = _Run(script, info, resolver_event(source, info, arguments))
        requested = run.evaluate("request")
        if requested.early:
            return requested.value
        return run.respond(call(info.context, requested.value))  # the call joins its batch at once

    return resolve


@lru_cache(256)
def _script(code: str) -> Script:
    """Compile each text once: an API often has the same code for many fields."""
    return Script(code)


class _Run:
    """One evaluation of a resolver's two handlers for one field, with the stash that they share."""

    def __init__(self, script: Script, info: Info, event: dict[str, Any]) -> None:
        self._script = script
        self._info = info
        self._context = event

    def evaluate(self, handler: str) -> Outcome:
        """Evaluate a handler, and keep its stash and the errors that it appended. Raises FieldError."""
        info, context = self._info, cast("RequestContext", self._info.context)
        try:
            outcome = self._script.evaluate(handler, self._context, _AUTH_TYPES[context.caller.type_])
        except UnauthorizedFieldError as error:
            name, parent = info.field_name, info.parent_type.name
            raise FieldError("Unauthorized", f"Not Authorized to access {name} on type {parent}") from error
        except FieldError as error:
            error.data = selected(error.data, info.field_nodes, context)
            raise
        self._context["stash"] = outcome.stash
        for appended in outcome.appended:
            appended.data = selected(appended.data, info.field_nodes, context)
            context.appended_errors.append(typed_entry(appended, info.path.as_list(), _locations(info.field_nodes)))
        return outcome

    async def respond(self, answer: Awaitable[Any]) -> Any:
        """Wait for the data source, and return what the response handler makes of its result or its error."""
        self._context["result"] = None
        try:
            self._context["result"] = await answer
        except FieldError as error:
            self._context["error"] = {"message": error.message, "type": error.error_type}
        return self.evaluate("response").value


def _source_of(functions: Functions, resolver: CodeResolver) -> Source:
    function = resolver.function
    if function is None:
        return _pass_payload
    call_batch = batched(functions, function, resolver.max_batch or _DEFAULT_BATCH, lambda item: item)

    def call(context: RequestContext, request: Any) -> Awaitable[Any]:
        operation = request.get("operation") if isinstance(request, dict) else None
        if operation == "BatchInvoke":
            return call_batch(context, request.get("payload"))
        if operation == "Invoke":
            return invoke(functions, function, request.get("payload"), context)
        missing = "Value for field '$[operation]' not found."
        raise FieldError("MappingTemplate", f"Unsupported operation '{operation}'." if operation else missing)

    return call


async def _pass_payload(_context: RequestContext, request: Any) -> Any:
    return request.get("payload") if isinstance(request, dict) else None


def selected(data: Any, nodes: Sequence[FieldNode], context: RequestContext) -> Any:
    """Return the data of an error without what the query did not select."""
    if isinstance(data, list):
        return [selected(item, nodes, context) for item in data]
    if not isinstance(data, dict) or not any(node.selection_set for node in nodes):
        return data
    fields = context.selections.by_response_name(nodes, context.variables)
    names: Mapping[str, list[FieldNode]] = {found[0].name.value: found for found in fields.values()}
    return {name: selected(value, names[name], context) for name, value in data.items() if name in names}


def _locations(nodes: Sequence[FieldNode]) -> list[dict[str, Any]]:
    places = [node.loc for node in nodes if node.loc]
    return [{"line": at.start_token.line, "column": at.start_token.column, "sourceName": None} for at in places]
