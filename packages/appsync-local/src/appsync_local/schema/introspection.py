"""Introspection as AppSync's engine has it: the specification of June 2018, and three older fields.

That engine is an older graphql-java, as its messages and its list of directives show.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from graphql import DirectiveLocation, GraphQLBoolean, GraphQLField, introspection_types

if TYPE_CHECKING:
    from collections.abc import Iterable

    from graphql import GraphQLCompositeType, GraphQLDirective, GraphQLSchema

_FIELDS = {
    "__Schema": "types queryType mutationType subscriptionType directives",
    "__Type": "kind name description fields interfaces possibleTypes enumValues inputFields ofType",
    "__Field": "name description args type isDeprecated deprecationReason",
    "__InputValue": "name description type defaultValue",
    "__EnumValue": "name description isDeprecated deprecationReason",
    "__Directive": "name description locations args",
}
_WITH_DEPRECATED = {"fields", "enumValues"}
NEWER_DIRECTIVES = {"oneOf", "specifiedBy"}
_OPERATIONS = {DirectiveLocation.QUERY, DirectiveLocation.MUTATION, DirectiveLocation.SUBSCRIPTION}
_FRAGMENTS = {
    DirectiveLocation.FRAGMENT_DEFINITION,
    DirectiveLocation.FRAGMENT_SPREAD,
    DirectiveLocation.INLINE_FRAGMENT,
}


def limit_introspection(schema: GraphQLSchema) -> None:
    """Limit a schema's introspection to what AppSync serves, in place."""
    schema.directives = tuple(directive for directive in schema.directives if directive.name not in NEWER_DIRECTIVES)
    original = schema.get_field

    def get_field(parent: GraphQLCompositeType, name: str) -> GraphQLField | None:
        if name != "__typename" and parent.name in _FIELDS_BY_TYPE:
            return _FIELDS_BY_TYPE[parent.name].get(name)
        return original(parent, name)

    schema.get_field = get_field  # type: ignore[method-assign, assignment]


def _fields_of(type_name: str) -> dict[str, GraphQLField]:
    fields: dict[str, GraphQLField] = introspection_types[type_name].fields  # type: ignore[attr-defined]
    return {name: _without_newer_argument(name, fields[name]) for name in _FIELDS[type_name].split()}


def _without_newer_argument(name: str, field: GraphQLField) -> GraphQLField:
    """Remove the argument that only newer engines have; what it would leave out is present."""
    if name in _WITH_DEPRECATED or "includeDeprecated" not in field.args:
        return field
    assert field.resolve
    return GraphQLField(field.type, resolve=partial(field.resolve, includeDeprecated=True))


def _is_allowed_on(locations: Iterable[DirectiveLocation]) -> GraphQLField:
    def resolve(directive: GraphQLDirective, _info: Any) -> bool:
        return not set(locations).isdisjoint(directive.locations)

    return GraphQLField(GraphQLBoolean, resolve=resolve)


_FIELDS_BY_TYPE = {name: _fields_of(name) for name in _FIELDS}
_FIELDS_BY_TYPE["__Directive"] |= {
    "onOperation": _is_allowed_on(_OPERATIONS),
    "onFragment": _is_allowed_on(_FRAGMENTS),
    "onField": _is_allowed_on({DirectiveLocation.FIELD}),
}
