"""Directives of a schema that would have no effect are rejected at start, because they guard fields."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphql import GraphQLInterfaceType, GraphQLObjectType

from appsync_local.auth.authorization import TYPE_BY_DIRECTIVE, access_of, alternatives_on, directives_on
from appsync_local.errors import require
from appsync_local.template.auth_providers import AuthorizationType

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graphql import DirectiveNode, GraphQLSchema

    from appsync_local.template.definition import ApiDefinition


def reject_ineffective_directives(schema: GraphQLSchema, api: ApiDefinition) -> None:
    """Check the authorization directives of a schema.

    Raises:
        UnsupportedFeatureError: A directive has no effect in this API, or in its position.
    """
    subscription = schema.subscription_type.name if schema.subscription_type else None
    _reject_differing_interfaces(schema, api)
    for where, directive in _directives(schema):
        name = directive.name.value
        place = f"@{name} on {where}"
        if name == "aws_auth":
            only_pools = api.authorization_types == (AuthorizationType.COGNITO,)
            require(
                only_pools,
                f"{place}: it has no effect beside other authorization types; use @aws_cognito_user_pools",
            )
        elif name in TYPE_BY_DIRECTIVE:
            require(
                TYPE_BY_DIRECTIVE[name] in api.authorization_types,
                f"{place}: {TYPE_BY_DIRECTIVE[name]} is not among the API's authorization types",
            )
        require(name != "aws_publish", f"{place}: @aws_subscribe on the subscription is")
        subscribes = where.partition(".")[0] == subscription
        require(name != "aws_subscribe" or subscribes, f"{place}: it belongs on fields of the subscription type")


def _reject_differing_interfaces(schema: GraphQLSchema, api: ApiDefinition) -> None:
    """Only fields of objects are resolved: an interface's field must have the directives of theirs."""
    for parent in schema.type_map.values():
        if not isinstance(parent, GraphQLInterfaceType):
            continue
        for name, field in parent.fields.items():
            alternatives = alternatives_on(field)
            for type_ in schema.get_possible_types(parent) if alternatives else ():
                same = access_of(api, type_, name).alternatives == alternatives
                require(
                    same,
                    f"the directives on the interface's field {parent.name}.{name}: {type_.name}.{name} has others",
                )


def _directives(schema: GraphQLSchema) -> Iterator[tuple[str, DirectiveNode]]:
    for parent in schema.type_map.values():
        if not isinstance(parent, GraphQLObjectType):
            continue
        yield from ((parent.name, directive) for directive in directives_on(parent))
        for name, field in parent.fields.items():
            yield from ((f"{parent.name}.{name}", directive) for directive in directives_on(field))
