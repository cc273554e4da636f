"""The contract: Strawberry types that print as `schema.graphql` in AppSync's SDL. Nothing here runs in Lambda."""
