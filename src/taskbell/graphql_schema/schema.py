"""The schema as text: AppSync's, and the one for clients' tools."""

import strawberry
from graphql import DirectiveDefinitionNode, DocumentNode, ScalarTypeDefinitionNode, parse, print_ast
from strawberry.schema.config import StrawberryConfig

from taskbell.graphql_schema.directives import SCALARS
from taskbell.graphql_schema.operations import Mutation, Query, Subscription

_PRINTED = "# Printed from src/taskbell/graphql_schema/ by `make schema`. "
HEADER = f"{_PRINTED}AppSync declares the AWS scalars and directives itself.\n\n"
CLIENT_HEADER = f"{_PRINTED}schema.graphql for tools: AppSync's scalars and directives are declared.\n\n"


def printed_schema() -> str:
    """Return the schema in AppSync's SDL, which takes no declarations of its own scalars and directives."""
    declared = ScalarTypeDefinitionNode, DirectiveDefinitionNode
    ours = (node for node in _document().definitions if not isinstance(node, declared))
    return _printed(HEADER, DocumentNode(definitions=tuple(ours)))


def printed_client_schema() -> str:
    """Return the schema in the specification's SDL, complete, for tools and editors."""
    return _printed(CLIENT_HEADER, _document())


def _document() -> DocumentNode:
    schema = strawberry.Schema(
        query=Query, mutation=Mutation, subscription=Subscription, config=StrawberryConfig(scalar_map=SCALARS)
    )
    document = parse(schema.as_str())
    directives = [node for node in document.definitions if isinstance(node, DirectiveDefinitionNode)]
    others = [node for node in document.definitions if not isinstance(node, DirectiveDefinitionNode)]
    directives.sort(key=lambda node: node.name.value)  # their order varies from run to run
    return DocumentNode(definitions=(*directives, *others))


def _printed(header: str, document: DocumentNode) -> str:
    return f"{header}{print_ast(document)}\n"
