"""Which mutations trigger which subscription fields, and whether their arguments can ever match."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from graphql import (
    GraphQLEnumType,
    get_named_type,
    get_nullable_type,
    is_abstract_type,
    is_input_object_type,
    is_list_type,
    is_object_type,
    value_from_ast_untyped,
)

from appsync_local.errors import require

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graphql import GraphQLField, GraphQLSchema

_NUMBERS = {"Int", "Float", "AWSTimestamp"}


def subscriptions_by_mutation(schema: GraphQLSchema) -> dict[str, list[str]]:
    """Return the subscription fields that each mutation field triggers.

    Raises:
        UnsupportedFeatureError: A subscription could never be triggered, or an argument of it never match.
    """
    listeners: dict[str, list[str]] = {}
    mutations = schema.mutation_type.fields if schema.mutation_type else {}
    for name, field in schema.subscription_type.fields.items() if schema.subscription_type else ():
        for mutation in _mutations(name, field):
            where = f"@aws_subscribe on {name}: the mutation {mutation}"
            require(mutation in mutations, f"{where}, which the schema does not have")
            require(_same_type(mutations[mutation].type, field.type), f"{where}, whose type differs")
            _require_arguments_that_match(schema, name, field)
            listeners.setdefault(mutation, []).append(name)
    return listeners


def _mutations(name: str, field: GraphQLField) -> Iterator[str]:
    for directive in field.ast_node.directives or () if field.ast_node else ():
        if directive.name.value == "aws_subscribe":
            named: Any = next((value_from_ast_untyped(one.value) for one in directive.arguments or ()), None)
            mutations: list[str] = [named] if isinstance(named, str) else named or []
            require(bool(mutations), f"@aws_subscribe on {name} without a mutation")
            yield from mutations


def _same_type(one: object, other: object) -> bool:
    return str(one).rstrip("!") == str(other).rstrip("!")


def _require_arguments_that_match(schema: GraphQLSchema, name: str, field: GraphQLField) -> None:
    """An argument is compared with the field of its name in the result: that has to be there, and of its shape."""
    shapes = _result_shapes(schema, field)
    for argument, known in field.args.items():
        where = f"Subscription.{name}({argument}:)"
        require(argument in shapes, f"{where}, which is no field of {field.type} and would never match")
        require(
            _shape(known.type) in shapes[argument], f"{where} of type {known.type}, which would never match the field"
        )


def _result_shapes(schema: GraphQLSchema, field: GraphQLField) -> dict[str, set[tuple[bool, str]]]:
    result: Any = get_nullable_type(field.type)
    types = list(schema.get_possible_types(result)) if is_abstract_type(result) else [result]
    shapes: dict[str, set[tuple[bool, str]]] = {}
    for type_ in types:
        for name, known in type_.fields.items() if is_object_type(type_) else ():
            shapes.setdefault(name, set()).add(_shape(known.type))
    return shapes


def _shape(written: Any) -> tuple[bool, str]:
    """Return whether a type is a list, and what its values are in JSON."""
    named: Any = get_named_type(written)
    if is_object_type(named) or is_abstract_type(named) or is_input_object_type(named):
        shape = "object"
    elif isinstance(named, GraphQLEnumType) or named.name not in {*_NUMBERS, "Boolean", "AWSJSON"}:
        shape = "text"
    else:
        shape = "number" if named.name in _NUMBERS else str(named.name)
    return is_list_type(get_nullable_type(written)), shape
