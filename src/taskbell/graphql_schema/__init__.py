"""The contract: Strawberry types that print as `schema.graphql` in AppSync's dialect. Nothing here runs in a Lambda."""
