"""Directives of a schema that would not do what they say: refused at start, for they guard fields."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphql import GraphQLInterfaceType, GraphQLObjectType

from appsync_local.auth.authorization import MODES, access_to, directives_on, marks_on
from appsync_local.errors import require
from appsync_local.template.auth_providers import AuthorizationType

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graphql import DirectiveNode, GraphQLSchema

    from appsync_local.template.definition import ApiDefinition


def refuse_idle_marks(schema: GraphQLSchema, api: ApiDefinition) -> None:
    """Raise UnsupportedFeatureError for a directive that has no effect in this API, or stands where it has none."""
    subscription = schema.subscription_type.name if schema.subscription_type else None
    _refuse_marks_on_interfaces(schema, api)
    for where, directive in _directives(schema):
        name = directive.name.value
        mark = f"@{name} on {where}"
        if name == "aws_auth":
            only_pools = api.authorization_types == (AuthorizationType.COGNITO,)
            require(only_pools, f"{mark}: it counts only when user pools are the one mode; use @aws_cognito_user_pools")
        elif name in MODES:
            require(MODES[name] in api.authorization_types, f"{mark}: {MODES[name]} is not among the API's modes")
        require(name != "aws_publish", f"{mark}: @aws_subscribe on the subscription is")
        subscribes = where.partition(".")[0] == subscription
        require(name != "aws_subscribe" or subscribes, f"{mark}: it belongs on fields of the subscription type")


def _refuse_marks_on_interfaces(schema: GraphQLSchema, api: ApiDefinition) -> None:
    """Only objects have fields that are read: a mark on an interface's field has to be theirs too."""
    for parent in schema.type_map.values():
        if not isinstance(parent, GraphQLInterfaceType):
            continue
        for name, field in parent.fields.items():
            marks = marks_on(field)
            for one in schema.get_possible_types(parent) if marks else ():
                same = access_to(api, one, name).alternatives == marks
                require(same, f"the marks on the interface's field {parent.name}.{name}: {one.name}.{name} has others")


def _directives(schema: GraphQLSchema) -> Iterator[tuple[str, DirectiveNode]]:
    for parent in schema.type_map.values():
        if not isinstance(parent, GraphQLObjectType):
            continue
        yield from ((parent.name, directive) for directive in directives_on(parent))
        for name, field in parent.fields.items():
            yield from ((f"{parent.name}.{name}", directive) for directive in directives_on(field))
