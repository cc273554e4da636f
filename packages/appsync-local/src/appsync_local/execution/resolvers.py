"""Resolvers of a built schema: access first, then a function's result, an argument, or the field of the source."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from inspect import isawaitable
from typing import TYPE_CHECKING, Any

from graphql import GraphQLObjectType, Undefined, VariableNode, is_introspection_type

from appsync_local.auth.authorization import Access, access_of
from appsync_local.auth.directives import reject_ineffective_directives
from appsync_local.errors import FieldError, UnsupportedFeatureError
from appsync_local.execution.code_resolver import code_resolver
from appsync_local.execution.context import SOURCE_FIELD
from appsync_local.execution.lambda_resolver import function_resolver, internal_error
from appsync_local.template.resolvers import LambdaResolver

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from graphql import GraphQLField, GraphQLResolveInfo, GraphQLSchema

    from appsync_local.execution.context import RequestContext
    from appsync_local.protocols import Functions, Iam
    from appsync_local.template.definition import ApiDefinition

    Info = GraphQLResolveInfo[Any]


def attach_resolvers(schema: GraphQLSchema, api: ApiDefinition, functions: Functions, iam: Iam) -> None:
    """Attach a resolver to every field of a schema, in place.

    Raises:
        UnsupportedFeatureError: A resolver or a directive does not fit the schema.
    """
    reject_ineffective_directives(schema, api)
    _require_fields(schema, api)
    roots = {schema.query_type, schema.mutation_type, schema.subscription_type}
    for parent, name, field in _fields(schema):
        access = access_of(api, parent, name)
        resolver = api.resolvers.get((parent.name, name))
        if parent in roots:
            resolve = _resolve(api, functions, parent.name, name) if resolver else _resolve_to_null
            arn = api.field_arn(parent.name, name)
            field.resolve = _AuthorizedResolver(parent, name, arn, access, iam, resolve)
        elif resolver:
            field.resolve = _guarded(access, parent.name, name, _resolve(api, functions, parent.name, name))
        else:
            _read_from_source(api, access, parent.name, name, field)


def _require_fields(schema: GraphQLSchema, api: ApiDefinition) -> None:
    for type_name, name in api.resolvers:
        parent = schema.type_map.get(type_name)
        if not isinstance(parent, GraphQLObjectType) or name not in parent.fields:
            raise UnsupportedFeatureError(f"the resolver of {type_name}.{name}, a field that the schema does not have")


def attach_push_resolvers(schema: GraphQLSchema, api: ApiDefinition) -> None:
    """Attach resolvers that read every field from a published result, for callers whom the field allows, in place."""
    for parent, name, field in _fields(schema):
        _read_from_source(api, access_of(api, parent, name), parent.name, name, field)


def _fields(schema: GraphQLSchema) -> Iterator[tuple[GraphQLObjectType, str, GraphQLField]]:
    for parent in schema.type_map.values():
        if isinstance(parent, GraphQLObjectType) and not is_introspection_type(parent):
            for name, field in parent.fields.items():
                yield parent, name, field


def _unauthorized(type_name: str, field: str) -> FieldError:
    return FieldError("Unauthorized", f"Not Authorized to access {field} on type {type_name}")


def _read_from_source(api: ApiDefinition, access: Access, type_name: str, name: str, field: GraphQLField) -> None:
    def read(source: Any, _info: Info, **_arguments: Any) -> Any:
        return source.get(name) if isinstance(source, dict) else None

    field.resolve = read if access.allows_everyone(api.authorization_types) else _guarded(access, type_name, name, read)
    field.extensions[SOURCE_FIELD] = access


def _guarded(access: Access, type_name: str, name: str, resolve: Callable[..., Any]) -> Callable[..., Any]:
    def guarded(source: Any, info: Info, **arguments: Any) -> Any:
        if not access.allows(info.context.caller):
            raise _unauthorized(type_name, name)
        return resolve(source, info, **arguments)

    return guarded


@dataclass(frozen=True, slots=True, eq=False)
class _AuthorizedResolver:
    """Resolves a field of Query, Mutation or Subscription; only these evaluate a signer's policies, as in AppSync."""

    parent: GraphQLObjectType
    name: str
    arn: str
    access: Access
    iam: Iam
    resolve: Callable[..., Any]

    async def __call__(self, _source: Any, info: Info, **arguments: Any) -> Any:
        context: RequestContext = info.context
        if not await self._allows(context):
            raise _unauthorized(self.parent.name, self.name)
        if self.parent is info.schema.subscription_type:
            arguments |= _nulls_of_missing_variables(info)
            context.subscription_arguments = arguments
        result = self.resolve(None, info, **arguments)
        return await result if isawaitable(result) else result

    async def _allows(self, context: RequestContext) -> bool:
        caller = context.caller
        if not self.access.allows(caller):
            return False
        if caller.iam is None:
            return True
        try:
            async with asyncio.timeout_at(context.deadline):
                return await self.iam.allows(caller.iam, "appsync:GraphQL", self.arn)
        except Exception as error:
            raise internal_error(f"Asking for the policies of {caller.iam.arn}") from error


def _resolve(api: ApiDefinition, functions: Functions, type_name: str, name: str) -> Callable[..., Any]:
    resolver = api.resolvers[type_name, name]
    if isinstance(resolver, LambdaResolver):
        return function_resolver(api, functions, resolver)
    return code_resolver(api, functions, f"{type_name}.{name}", resolver)


def _resolve_to_null(_source: Any, _info: Info, **_arguments: Any) -> None:
    """Resolve a root field without a resolver."""


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
