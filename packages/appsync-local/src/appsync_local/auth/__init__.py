"""Authentication and authorization: the five authorization types and their directives."""
