"""AppSync's dialect of SDL: scalars and directives that are used and never declared."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphql import (
    ConstDirectiveNode,
    DirectiveDefinitionNode,
    GraphQLError,
    InterfaceTypeDefinitionNode,
    InterfaceTypeExtensionNode,
    ObjectTypeDefinitionNode,
    ScalarTypeDefinitionNode,
    Visitor,
    build_ast_schema,
    parse,
    print_ast,
    validate_schema,
    visit,
)
from graphql.validation.validate import validate_sdl

from appsync_local.errors import UnsupportedFeatureError, require
from appsync_local.schema.introspection import NEWER_DIRECTIVES, extend_introspection
from appsync_local.schema.scalars import SCALARS, attach_scalars

if TYPE_CHECKING:
    from typing import Any

    from graphql import GraphQLSchema, Node

_DIRECTIVES = """
directive @aws_api_key on FIELD_DEFINITION | OBJECT
directive @aws_iam on FIELD_DEFINITION | OBJECT
directive @aws_oidc on FIELD_DEFINITION | OBJECT
directive @aws_lambda on FIELD_DEFINITION | OBJECT
directive @aws_cognito_user_pools(cognito_groups: [String]) on FIELD_DEFINITION | OBJECT
directive @aws_auth(cognito_groups: [String]) on FIELD_DEFINITION | OBJECT
directive @aws_subscribe(mutations: [String]) on FIELD_DEFINITION
directive @aws_publish(subscriptions: [String]) on FIELD_DEFINITION
"""
_DECLARATIONS = "\n".join(f"scalar {name}" for name in SCALARS) + _DIRECTIVES


def read_schema(sdl: str) -> GraphQLSchema:
    """Build an executable schema from AppSync's dialect of SDL.

    The declarations follow the text, so that the lines in its errors are its own.

    Raises:
        UnsupportedFeatureError: The schema is not valid, or AppSync would reject it; with the line.
    """
    try:
        visit(parse(sdl), _AppSyncRestrictions())
        document = parse(f"{sdl}\n{_DECLARATIONS}")
    except GraphQLError as error:
        raise _located(error) from error
    except RecursionError as error:
        raise UnsupportedFeatureError("this schema: it is nested too deep") from error
    for invalid in validate_sdl(document):
        raise _located(invalid)
    schema = build_ast_schema(document, assume_valid_sdl=True)
    for invalid in validate_schema(schema):
        raise _located(invalid)
    extend_introspection(schema)
    attach_scalars(schema)
    return schema


def choose_schema(deployed: str | None, given: str | None) -> str:
    """Return the schema of the template or of the caller.

    Raises:
        UnsupportedFeatureError: There is none, or they differ.
    """
    sdl = given if deployed is None else deployed
    require(sdl is not None, "an API without a schema")
    for definition in _definitions(given or "") ^ _definitions(deployed or "") if given and deployed else ():
        raise UnsupportedFeatureError(
            f"a schema that differs from the template's, first in: {definition.splitlines()[0]}"
        )
    return str(sdl)


def _definitions(sdl: str) -> set[str]:
    try:
        return {print_ast(definition) for definition in parse(sdl, no_location=True).definitions}
    except GraphQLError as error:
        raise _located(error) from error


def _located(error: GraphQLError) -> UnsupportedFeatureError:
    line = f", line {error.locations[0].line}" if error.locations else ""
    return UnsupportedFeatureError(f"this schema{line}: {error.message}")


class _AppSyncRestrictions(Visitor):
    """Raises a GraphQLError for what graphql-core accepts and AppSync does not."""

    def enter_scalar_type_definition(self, node: ScalarTypeDefinitionNode, *_where: Any) -> None:
        raise _not_accepted(node, f"scalar {node.name.value}: AppSync has its own scalars, and takes no others")

    def enter_directive_definition(self, node: DirectiveDefinitionNode, *_where: Any) -> None:
        raise _not_accepted(node, f"directive @{node.name.value}: AppSync takes no definitions of directives")

    def enter_object_type_definition(self, node: ObjectTypeDefinitionNode, *_where: Any) -> None:
        if node.name.value.startswith("AWS"):
            raise _not_accepted(node, f"type {node.name.value}: AppSync keeps names that begin with AWS to itself")

    def enter_interface_type_definition(self, node: InterfaceTypeDefinitionNode, *_where: Any) -> None:
        _reject_inheritance(node)

    def enter_interface_type_extension(self, node: InterfaceTypeExtensionNode, *_where: Any) -> None:
        _reject_inheritance(node)

    def enter_directive(self, node: ConstDirectiveNode, *_where: Any) -> None:
        if node.name.value in NEWER_DIRECTIVES:
            raise _not_accepted(node, f"@{node.name.value}, which AppSync does not know")


def _reject_inheritance(node: InterfaceTypeDefinitionNode | InterfaceTypeExtensionNode) -> None:
    if node.interfaces:
        raise _not_accepted(node, f"interface {node.name.value}: AppSync lets no interface implement another")


def _not_accepted(node: Node, message: str) -> GraphQLError:
    return GraphQLError(message, node)
