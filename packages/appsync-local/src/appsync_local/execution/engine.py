"""Executes operations: queries at once, mutations in order and then published, subscriptions authorised and kept."""

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
from appsync_local.execution.documents import Documents, Prepared
from appsync_local.execution.executor import SerialExecutor
from appsync_local.execution.fast_path import FastExecutor
from appsync_local.execution.resolvers import attach_delivery, attach_resolvers
from appsync_local.schema.sdl import read_schema
from appsync_local.validation.complexity import too_deep
from appsync_local.validation.depth_limit import refuse_below
from appsync_local.validation.messages import variable_message

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from graphql import ExecutionResult, GraphQLSchema, OperationDefinitionNode

    from appsync_local.auth.authentication import Caller
    from appsync_local.execution.broker import Subscriber
    from appsync_local.limits import Limits
    from appsync_local.protocols import Functions, Iam
    from appsync_local.template.definition import ApiDefinition


@dataclass(frozen=True, slots=True)
class Operation:
    """What a client asks for."""

    query: str
    name: str | None = None
    variables: dict[str, Any] = field(default_factory=dict)


class Ready(NamedTuple):
    """A request whose document is read; its operation is None when the document is not valid."""

    asked: Operation
    prepared: Prepared
    node: OperationDefinitionNode | None


class SubscriptionRefused(Exception):
    """The subscription is not valid, or its field refuses the caller; `entries` are the errors to answer."""

    def __init__(self, entries: list[dict[str, Any]]) -> None:
        super().__init__(entries)
        self.entries = entries


class Engine:
    """One API: its schema with resolvers, its documents and its subscribers."""

    def __init__(self, api: ApiDefinition, sdl: str, functions: Functions, iam: Iam, limits: Limits) -> None:
        self.schema = read_schema(sdl)
        attach_resolvers(self.schema, api, functions, iam)
        self._delivery = read_schema(sdl)
        attach_delivery(self._delivery, api)
        self._limits = limits
        self._depth = refuse_below(api.query_depth_limit)
        self.documents = Documents(self.schema, depth_limit=api.query_depth_limit, introspection=api.introspection)
        self.broker = Broker(self.schema, limits.push_bytes)

    async def prepare(self, asked: Operation) -> Ready:
        """Find the operation. Raises RequestError."""
        prepared = await self.documents.find(asked.query)
        return Ready(asked, prepared, None if prepared.problems else prepared.operation(asked.name))

    async def execute(self, ready: Ready, caller: Caller, headers: Mapping[str, str]) -> dict[str, Any]:
        """Answer a query or a mutation as AppSync's response body. Raises RequestError."""
        asked, prepared, node = ready
        if node is None:
            return {"data": None, "errors": prepared.problems}
        context = self._context(prepared, asked, caller, headers)
        try:
            answer, variables = await self._answer(prepared, asked, context)
        except RecursionError as error:
            raise too_deep() from error
        if node.operation is OperationType.MUTATION and answer["data"]:
            self._publish(prepared, node, answer["data"], variables)
        return answer

    async def _answer(
        self, prepared: Prepared, asked: Operation, context: RequestContext
    ) -> tuple[dict[str, Any], Mapping[str, Any]]:
        """Answer the body and the coerced variables."""
        executor = self._build(self.schema, prepared, asked, context)
        if isinstance(executor, list):
            return {"data": None, "errors": executor}, {}
        return await self._run(executor, context), executor.variable_values.coerced

    def encode(self, answer: Mapping[str, Any]) -> bytes:
        """Write a response body, or the error in its place when it is too large."""
        body = to_json(answer)
        if len(body) <= self._limits.response_bytes:
            return body
        message = f"The response has {len(body)} bytes; {self._limits.response_bytes} are allowed."
        error = {"path": None, "locations": None, "errorType": "ResponseTooLarge", "message": message}
        return to_json({"data": None, "errors": [error]})

    async def subscribe(
        self, ready: Ready, caller: Caller, headers: Mapping[str, str], subscriber: Subscriber
    ) -> Callable[[], None]:
        """Ask the field's own resolver, then keep the subscription; answer how to end it.

        Raises SubscriptionRefused, and RequestError for what is no GraphQL.
        """
        asked, prepared, node = ready
        if node is None:
            raise SubscriptionRefused(prepared.problems)
        context = self._context(prepared, asked, caller, headers)
        executor = self._must_build(self.schema, prepared, asked, context)
        answer = await self._run(executor, context)
        refusals = [one for one in answer.get("errors", ()) if len(one["path"] or ()) < 2 and "errorType" in one]
        if refusals:
            raise SubscriptionRefused(refusals)
        if context.subscription_arguments is None:
            raise RequestError(400, "BadRequestException", "The subscription selects no field.")
        return self.broker.subscribe(
            _field_name(prepared, node, executor.variable_values.coerced),
            context.subscription_arguments,
            (prepared.text, asked.name, _encoded(asked.variables), caller.access_class),
            lambda: self._must_build(self._delivery, prepared, asked, context),
            subscriber,
        )

    def _context(
        self, prepared: Prepared, asked: Operation, caller: Caller, headers: Mapping[str, str]
    ) -> RequestContext:
        deadline = asyncio.get_running_loop().time() + self._limits.request_seconds
        return RequestContext(caller, headers, asked.variables, prepared.selections, deadline)

    def _build(
        self, schema: GraphQLSchema, prepared: Prepared, asked: Operation, context: RequestContext
    ) -> list[dict[str, Any]] | Executor[Any]:
        """Make an executor, or answer what is wrong with the variables."""
        kind, middleware = (SerialExecutor, [self._depth]) if prepared.too_deep else (FastExecutor, None)
        made = kind.build(schema, prepared.document, None, context, asked.variables, asked.name, middleware=middleware)
        return (
            [request_entry(error, variable_message(error, self.schema)) for error in made]
            if isinstance(made, list)
            else made
        )

    def _must_build(
        self, schema: GraphQLSchema, prepared: Prepared, asked: Operation, context: RequestContext
    ) -> Executor[Any]:
        executor = self._build(schema, prepared, asked, context)
        if isinstance(executor, list):
            raise SubscriptionRefused(executor)
        return executor

    async def _run(self, executor: Executor[Any], context: RequestContext) -> dict[str, Any]:
        outcome = executor.execute_operation()
        if executor.is_awaitable(outcome):
            try:
                outcome = await cast("Awaitable[ExecutionResult]", outcome)
            finally:
                context.stop()
        result = cast("ExecutionResult", outcome)
        if not result.errors:
            return {"data": result.data}
        return {"data": result.data, "errors": [field_entry(error, self.schema) for error in result.errors]}

    def _publish(
        self, prepared: Prepared, node: OperationDefinitionNode, data: Mapping[str, Any], variables: Mapping[str, Any]
    ) -> None:
        """Push what each field answered as it was answered: what has an alias is not found under its field's name."""
        if not self.broker.has_subscribers:
            return
        for name, fields in _root_fields(prepared, node, variables).items():
            mutation = fields[0].name.value
            if data.get(name) is not None and self.broker.listening(mutation):
                self.broker.publish(mutation, data[name])


def _encoded(variables: Mapping[str, Any]) -> str:
    return to_json(variables, sort_keys=True).decode()


def _field_name(prepared: Prepared, node: OperationDefinitionNode, variables: Mapping[str, Any]) -> str:
    return str(next(iter(_root_fields(prepared, node, variables).values()))[0].name.value)


def _root_fields(
    prepared: Prepared, node: OperationDefinitionNode, variables: Mapping[str, Any]
) -> dict[str, list[Any]]:
    fields: dict[str, list[Any]] = {}
    prepared.selections.group(node.selection_set.selections, variables, fields)
    return fields
