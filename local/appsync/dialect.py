"""AppSync's dialect of the schema language: scalars and directives that are used and never declared."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphql import GraphQLError, build_schema, validate_schema

from local.appsync.scalars import SCALARS, teach_scalars
from local.appsync.settings import UnsupportedSetting

if TYPE_CHECKING:
    from graphql import GraphQLSchema

_DIRECTIVES = """
directive @aws_api_key on FIELD_DEFINITION | OBJECT
directive @aws_iam on FIELD_DEFINITION | OBJECT
directive @aws_oidc on FIELD_DEFINITION | OBJECT
directive @aws_lambda on FIELD_DEFINITION | OBJECT
directive @aws_cognito_user_pools(cognito_groups: [String!]) on FIELD_DEFINITION | OBJECT
directive @aws_auth(cognito_groups: [String!]) on FIELD_DEFINITION | OBJECT
directive @aws_subscribe(mutations: [String!]!) on FIELD_DEFINITION
directive @aws_publish(subscriptions: [String!]) on FIELD_DEFINITION
"""
_DECLARATIONS = "\n".join(f"scalar {name}" for name in SCALARS) + _DIRECTIVES


def read_schema(sdl: str) -> GraphQLSchema:
    """Build an executable schema from AppSync's dialect; raise UnsupportedSetting with what is wrong in it.

    The declarations follow the text, so that the lines of its errors are its own.
    """
    try:
        schema = build_schema(f"{sdl}\n{_DECLARATIONS}")
    except (GraphQLError, TypeError) as error:
        raise UnsupportedSetting(f"this schema: {error}") from error
    for problem in validate_schema(schema):
        raise UnsupportedSetting(f"this schema: {problem.message}")
    teach_scalars(schema)
    return schema
