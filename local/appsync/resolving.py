"""Resolvers on a built schema: access first, then a Lambda's answer, an argument passed on, or the source's field."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from inspect import isawaitable
from typing import TYPE_CHECKING, Any, cast

from graphql import GraphQLObjectType, Undefined, VariableNode, is_introspection_type

from local.appsync.access import Access, access_to
from local.appsync.definition import CallsFunction, PassesArgument
from local.appsync.errors import FieldRefused
from local.appsync.ports import FunctionFailed
from local.appsync.settings import require

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator, Mapping

    from graphql import GraphQLField, GraphQLResolveInfo, GraphQLSchema

    from local.appsync.authentication import Caller
    from local.appsync.definition import ApiDefinition, Resolution
    from local.appsync.ports import Functions, Iam
    from local.appsync.selection import Selections

    Info = GraphQLResolveInfo[Any]

_log = logging.getLogger(__name__)


@dataclass(slots=True)
class RequestContext:
    """What resolvers know of a request; a subscription leaves the arguments of its field here."""

    caller: Caller
    headers: Mapping[str, str]
    variables: Mapping[str, Any]
    selections: Selections
    subscription_arguments: Mapping[str, Any] | None = None
    resolvers_called: int = 0


def attach_resolvers(schema: GraphQLSchema, api: ApiDefinition, functions: Functions, iam: Iam) -> None:
    """Give every field of the schema what answers it."""
    for type_name, field_name in api.resolvers:
        parent = schema.type_map.get(type_name)
        known = isinstance(parent, GraphQLObjectType) and field_name in parent.fields
        require(known, f"the resolver of {type_name}.{field_name}, a field that the schema does not have")
    roots = {schema.query_type, schema.mutation_type, schema.subscription_type}
    for parent, name, field in _fields(schema):
        access = access_to(api, parent, field)
        resolution = api.resolvers.get((parent.name, name))
        if parent in roots:
            answer = _answer(api, functions, resolution)
            arn = api.field_arn(parent.name, name)
            field.resolve = _RootResolver(parent, name, arn, access, iam, answer)
        elif isinstance(resolution, CallsFunction):
            field.resolve = _guarded(access, parent.name, name, _function_resolver(api, functions, resolution.function))
        else:
            require(resolution is None, f"a NONE source on {parent.name}.{name}, below the root")
            field.resolve = _plain_resolver(api, access, parent.name, name)


def attach_delivery(schema: GraphQLSchema, api: ApiDefinition) -> None:
    """Give every field its value out of a published result, for callers whom the field admits."""
    for parent, name, field in _fields(schema):
        field.resolve = _plain_resolver(api, access_to(api, parent, field), parent.name, name)


def _fields(schema: GraphQLSchema) -> Iterator[tuple[GraphQLObjectType, str, GraphQLField]]:
    for parent in schema.type_map.values():
        if isinstance(parent, GraphQLObjectType) and not is_introspection_type(parent):
            for name, field in parent.fields.items():
                yield parent, name, field


def _denied(type_name: str, field: str) -> FieldRefused:
    return FieldRefused("Unauthorized", f"Not Authorized to access {field} on type {type_name}")


def _internal(deed: str) -> FieldRefused:
    _log.exception("%s failed", deed)
    return FieldRefused("InternalFailure", "An internal error occurred.")


def _plain_resolver(api: ApiDefinition, access: Access, type_name: str, name: str) -> Callable[..., Any]:
    def read(source: Any, _info: Info, **_arguments: Any) -> Any:
        return source.get(name) if isinstance(source, dict) else None

    return read if access.admits_everyone(api.modes) else _guarded(access, type_name, name, read)


def _guarded(access: Access, type_name: str, name: str, resolve: Callable[..., Any]) -> Callable[..., Any]:
    def guarded(source: Any, info: Info, **arguments: Any) -> Any:
        if not access.admits(info.context.caller):
            raise _denied(type_name, name)
        return resolve(source, info, **arguments)

    return guarded


@dataclass(frozen=True, slots=True)
class _RootResolver:
    """Answers a field of Query, Mutation or Subscription; only these ask a signer's IAM policies, as in AppSync."""

    parent: GraphQLObjectType
    name: str
    arn: str
    access: Access
    iam: Iam
    answer: Callable[..., Any]

    async def __call__(self, _source: Any, info: Info, **arguments: Any) -> Any:
        context: RequestContext = info.context
        if not await self._admits(context.caller):
            raise _denied(self.parent.name, self.name)
        if self.parent is info.schema.subscription_type:
            arguments |= _nulls_of_missing_variables(info)
            context.subscription_arguments = arguments
        result = self.answer(None, info, **arguments)
        return await result if isawaitable(result) else result

    async def _admits(self, caller: Caller) -> bool:
        if not self.access.admits(caller):
            return False
        if caller.iam is None:
            return True
        try:
            return await self.iam.allows(caller.iam, "appsync:GraphQL", self.arn)
        except Exception as problem:
            raise _internal(f"Asking for the policies of {caller.iam.arn}") from problem


def _answer(api: ApiDefinition, functions: Functions, resolution: Resolution | None) -> Callable[..., Any]:
    if isinstance(resolution, CallsFunction):
        return _function_resolver(api, functions, resolution.function)
    if isinstance(resolution, PassesArgument):
        passed = resolution.argument
        return lambda _source, _info, **arguments: arguments.get(passed)
    return lambda _source, _info, **_arguments: None


def _nulls_of_missing_variables(info: Info) -> dict[str, None]:
    """In a subscription, a declared variable that was not given acts as null."""
    sources = info.variable_values.sources
    return {
        argument.name.value: None
        for argument in info.field_nodes[0].arguments or ()
        if isinstance(argument.value, VariableNode)
        and argument.value.name.value not in info.variable_values.coerced
        and sources[argument.value.name.value].value is Undefined
    }


def _function_resolver(api: ApiDefinition, functions: Functions, function: str) -> Callable[..., Awaitable[Any]]:
    most = api.resolver_count_limit

    async def call(source: Any, info: Info, **arguments: Any) -> Any:
        info.context.resolvers_called += 1
        if most and info.context.resolvers_called > most:
            raise FieldRefused("ResolverCountLimitExceeded", f"A request may call at most {most} resolvers.")
        try:
            return await functions.invoke(function, resolver_event(source, info, arguments))
        except FunctionFailed as failure:
            raise FieldRefused("Lambda:Unhandled", failure.message) from failure
        except Exception as problem:
            raise _internal(f"Calling {function} for {info.field_name}") from problem

    return call


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
