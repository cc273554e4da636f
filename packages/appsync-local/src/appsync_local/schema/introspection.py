"""Introspection: all that tools ask for, the fields of today's specification and three older ones.

Which of them AppSync's engine, an older graphql-java, knows is not documented. A tool's question is answered here in
whichever form it comes; the schema itself may use only what AppSync takes (`sdl`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from graphql import (
    DirectiveLocation,
    GraphQLArgument,
    GraphQLBoolean,
    GraphQLDirective,
    GraphQLField,
    GraphQLNonNull,
    introspection_types,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from graphql import GraphQLCompositeType, GraphQLSchema

NEWER_DIRECTIVES = {"oneOf", "specifiedBy"}
_NEWER_LOCATIONS = {DirectiveLocation.DIRECTIVE_DEFINITION}
_INCLUDE_DEPRECATED = "includeDeprecated"
_OPERATIONS = {DirectiveLocation.QUERY, DirectiveLocation.MUTATION, DirectiveLocation.SUBSCRIPTION}
_FRAGMENTS = {
    DirectiveLocation.FRAGMENT_DEFINITION,
    DirectiveLocation.FRAGMENT_SPREAD,
    DirectiveLocation.INLINE_FRAGMENT,
}


def extend_introspection(schema: GraphQLSchema) -> None:
    """Make a schema list AppSync's directives only, and answer older questions too, in place."""
    schema.directives = tuple(_known(each) for each in schema.directives if each.name not in NEWER_DIRECTIVES)
    original = schema.get_field

    def get_field(parent: GraphQLCompositeType, name: str) -> GraphQLField | None:
        own = _FIELDS.get((parent.name, name))
        return own or original(parent, name)

    schema.get_field = get_field  # type: ignore[method-assign, assignment]


def _known(directive: GraphQLDirective) -> GraphQLDirective:
    """Leave out the locations that stop the parsers of clients (graphql-js 16)."""
    if _NEWER_LOCATIONS.isdisjoint(directive.locations):
        return directive
    locations = [location for location in directive.locations if location not in _NEWER_LOCATIONS]
    return GraphQLDirective(directive.name, locations, directive.args, description=directive.description)


def _with_deprecated(type_name: str, name: str) -> GraphQLField:
    """Include deprecated values unless the question says otherwise: an older engine has no argument to ask for them."""
    field: GraphQLField = introspection_types[type_name].fields[name]  # type: ignore[attr-defined]
    argument = GraphQLArgument(GraphQLNonNull(GraphQLBoolean), default_value=True)
    return GraphQLField(field.type, {_INCLUDE_DEPRECATED: argument}, field.resolve, description=field.description)


def _is_allowed_on(locations: Iterable[DirectiveLocation]) -> GraphQLField:
    def resolve(directive: GraphQLDirective, _info: Any) -> bool:
        return not set(locations).isdisjoint(directive.locations)

    return GraphQLField(GraphQLBoolean, resolve=resolve)


_FIELDS = {
    ("__Type", "inputFields"): _with_deprecated("__Type", "inputFields"),
    ("__Field", "args"): _with_deprecated("__Field", "args"),
    ("__Directive", "args"): _with_deprecated("__Directive", "args"),
    ("__Directive", "onOperation"): _is_allowed_on(_OPERATIONS),
    ("__Directive", "onFragment"): _is_allowed_on(_FRAGMENTS),
    ("__Directive", "onField"): _is_allowed_on({DirectiveLocation.FIELD}),
}
