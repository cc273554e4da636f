"""The GraphQL schema: Strawberry types that print as `schema.graphql` in AppSync's SDL.

It is not part of the Lambda package.
"""
