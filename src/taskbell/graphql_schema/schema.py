"""The schema as text."""

import strawberry
from graphql import DocumentNode, ScalarTypeDefinitionNode, parse, print_ast
from strawberry.schema.config import StrawberryConfig

from taskbell.graphql_schema.directives import SCALARS
from taskbell.graphql_schema.operations import Mutation, Query, Subscription

HEADER = (
    "# Printed from src/taskbell/graphql_schema/ by `make schema`. "
    "AppSync declares the AWS scalars and directives itself.\n\n"
)


def printed_schema() -> str:
    """Return the schema in AppSync's SDL."""
    schema = strawberry.Schema(
        query=Query, mutation=Mutation, subscription=Subscription, config=StrawberryConfig(scalar_map=SCALARS)
    )
    document = parse(schema.as_str())
    definitions = [node for node in document.definitions if not isinstance(node, ScalarTypeDefinitionNode)]
    return f"{HEADER}{print_ast(DocumentNode(definitions=tuple(definitions)))}\n"
