"""Lambda resolvers of the GraphQL API. They validate arguments, call a use case and shape the response."""
