"""The engine: executes queries and mutations, publishes mutations, and authorizes subscriptions."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from graphql import Executor, OperationType

from appsync_local._json import to_json
from appsync_local.error_entries import field_entry, request_entry
from appsync_local.errors import RequestError
from appsync_local.execution.broker import Broker
from appsync_local.execution.context import RequestContext
from appsync_local.execution.documents import DocumentCache, PreparedDocument
from appsync_local.execution.executor import SerialExecutor
from appsync_local.execution.fast_path import FastExecutor
from appsync_local.execution.resolvers import attach_push_resolvers, attach_resolvers
from appsync_local.schema.sdl import read_schema
from appsync_local.validation.complexity import too_deep_error
from appsync_local.validation.depth_limit import limit_depth
from appsync_local.validation.messages import variable_message

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from graphql import ExecutionResult, GraphQLSchema, OperationDefinitionNode

    from appsync_local.auth.authentication import Caller
    from appsync_local.execution.broker import Subscriber
    from appsync_local.limits import Limits
    from appsync_local.protocols import Functions, Iam, Meter
    from appsync_local.template.definition import ApiDefinition


@dataclass(frozen=True, slots=True)
class GraphqlRequest:
    """A GraphQL request: the document, the operation's name and its variables."""

    query: str
    name: str | None = None
    variables: dict[str, Any] = field(default_factory=dict)


class PreparedRequest(NamedTuple):
    """A request with its document; its operation is None when the document is not valid."""

    request: GraphqlRequest
    document: PreparedDocument
    operation: OperationDefinitionNode | None


class SubscriptionError(Exception):
    """The subscription is not valid, or its field refuses the caller; `entries` are the response's errors."""

    def __init__(self, entries: list[dict[str, Any]]) -> None:
        super().__init__(entries)
        self.entries = entries


class Engine:
    """One API: its schema with resolvers, its documents and its subscribers."""

    def __init__(
        self, api: ApiDefinition, sdl: str, functions: Functions, iam: Iam, limits: Limits, *, meter: Meter
    ) -> None:
        self._api = api
        self._functions = functions
        self._iam = iam
        self._limits = limits
        self._depth = limit_depth(api.query_depth_limit)
        self.broker = Broker(limits.push_bytes, meter)
        self.load(sdl)

    def load(self, sdl: str) -> None:
        """Serve this schema to the requests that follow; open subscriptions keep the one that they began with.

        Raises:
            UnsupportedFeatureError: The schema, or a resolver for it, is not valid; the one before is still served.
        """
        schema, push_schema = read_schema(sdl), read_schema(sdl)
        attach_resolvers(schema, self._api, self._functions, self._iam)
        attach_push_resolvers(push_schema, self._api)
        self.broker.load(schema)
        self.sdl, self.schema, self._push_schema = sdl, schema, push_schema
        self.documents = DocumentCache(
            schema, depth_limit=self._api.query_depth_limit, introspection=self._api.introspection
        )

    async def prepare(self, request: GraphqlRequest) -> PreparedRequest:
        """Parse and validate the document, and find the operation.

        Raises:
            RequestError: There is no such operation, or the text is no GraphQL.
        """
        document = await self.documents.find(request.query)
        return PreparedRequest(request, document, None if document.errors else document.operation(request.name))

    async def execute(self, prepared: PreparedRequest, caller: Caller, headers: Mapping[str, str]) -> dict[str, Any]:
        """Execute a query or a mutation, and publish what a mutation returned.

        Args:
            prepared: The request.
            caller: Who sent it.
            headers: By name, in lower case, for resolvers' events.

        Returns:
            The response body: `data`, and `errors` if there are any.

        Raises:
            RequestError: The variables are nested too deeply.
        """
        request, document, operation = prepared
        if operation is None:
            return {"data": None, "errors": document.errors}
        context = self._context(document, request, caller, headers)
        try:
            response, variables = await self._respond(document, request, context)
        except RecursionError as error:
            raise too_deep_error() from error
        if operation.operation is OperationType.MUTATION and response["data"]:
            self._publish(document, operation, response["data"], variables)
        return response

    async def _respond(
        self, document: PreparedDocument, request: GraphqlRequest, context: RequestContext
    ) -> tuple[dict[str, Any], Mapping[str, Any]]:
        """Return the response body and the coerced variables."""
        executor = self._build(self.schema, document, request, context)
        if isinstance(executor, list):
            return {"data": None, "errors": executor}, {}
        return await self._run(executor, context), executor.variable_values.coerced

    def encode(self, response: Mapping[str, Any]) -> bytes:
        """Encode a response body, or the error in its place when it is too large."""
        body = to_json(response)
        if len(body) <= self._limits.response_bytes:
            return body
        message = f"The response has {len(body)} bytes; {self._limits.response_bytes} are allowed."
        error = {"path": None, "locations": None, "errorType": "ResponseTooLarge", "message": message}
        return to_json({"data": None, "errors": [error]})

    async def subscribe(
        self, prepared: PreparedRequest, caller: Caller, headers: Mapping[str, str], subscriber: Subscriber
    ) -> Callable[[], None]:
        """Authorize a subscription by its field's resolver, then register it.

        Returns:
            A function that ends the subscription.

        Raises:
            SubscriptionError: The document is not valid, or the field refuses the caller.
            RequestError: No field is selected.
        """
        request, document, operation = prepared
        if operation is None:
            raise SubscriptionError(document.errors)
        context = self._context(document, request, caller, headers)
        executor = self._must_build(self.schema, document, request, context)
        response = await self._run(executor, context)
        refusals = [
            entry for entry in response.get("errors", ()) if len(entry["path"] or ()) < 2 and "errorType" in entry
        ]
        if refusals:
            raise SubscriptionError(refusals)
        if context.subscription_arguments is None:
            raise RequestError(400, "BadRequestException", "The subscription selects no field.")
        return self.broker.subscribe(
            _field_name(document, operation, executor.variable_values.coerced),
            context.subscription_arguments,
            (document.text, request.name, _encoded(request.variables), caller.access_class),
            lambda: self._must_build(self._push_schema, document, request, context),
            subscriber,
        )

    def _context(
        self, document: PreparedDocument, request: GraphqlRequest, caller: Caller, headers: Mapping[str, str]
    ) -> RequestContext:
        deadline = asyncio.get_running_loop().time() + self._limits.request_seconds
        slots = asyncio.Semaphore(self._limits.functions_at_once)
        return RequestContext(caller, headers, request.variables, document.selections, deadline, slots)

    def _build(
        self, schema: GraphQLSchema, document: PreparedDocument, request: GraphqlRequest, context: RequestContext
    ) -> list[dict[str, Any]] | Executor[Any]:
        """Build an executor, or return the errors of the variables."""
        class_, middleware = (SerialExecutor, [self._depth]) if document.too_deep else (FastExecutor, None)
        built = class_.build(
            schema, document.node, None, context, request.variables, request.name, middleware=middleware
        )
        return (
            [request_entry(error, variable_message(error, self.schema)) for error in built]
            if isinstance(built, list)
            else built
        )

    def _must_build(
        self, schema: GraphQLSchema, document: PreparedDocument, request: GraphqlRequest, context: RequestContext
    ) -> Executor[Any]:
        executor = self._build(schema, document, request, context)
        if isinstance(executor, list):
            raise SubscriptionError(executor)
        return executor

    async def _run(self, executor: Executor[Any], context: RequestContext) -> dict[str, Any]:
        outcome = executor.execute_operation()
        if executor.is_awaitable(outcome):
            try:
                outcome = await cast("Awaitable[ExecutionResult]", outcome)
            finally:
                context.stop()
        result = cast("ExecutionResult", outcome)
        errors = [field_entry(error, self.schema) for error in result.errors or ()] + context.appended_errors
        return {"data": result.data, "errors": errors} if errors else {"data": result.data}

    def _publish(
        self,
        document: PreparedDocument,
        operation: OperationDefinitionNode,
        data: Mapping[str, Any],
        variables: Mapping[str, Any],
    ) -> None:
        """Publish what each field returned, by its names in the response: a field with an alias is not found there."""
        if not self.broker.has_subscribers:
            return
        for name, fields in _root_fields(document, operation, variables).items():
            mutation = fields[0].name.value
            if data.get(name) is not None and self.broker.has_listeners(mutation):
                self.broker.publish(mutation, data[name])


def _encoded(variables: Mapping[str, Any]) -> str:
    return to_json(variables, sort_keys=True).decode()


def _field_name(document: PreparedDocument, operation: OperationDefinitionNode, variables: Mapping[str, Any]) -> str:
    return str(next(iter(_root_fields(document, operation, variables).values()))[0].name.value)


def _root_fields(
    document: PreparedDocument, operation: OperationDefinitionNode, variables: Mapping[str, Any]
) -> dict[str, list[Any]]:
    fields: dict[str, list[Any]] = {}
    document.selections.group(operation.selection_set.selections, variables, fields)
    return fields
