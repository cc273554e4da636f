"""Faster ways to the result that graphql-core comes to, for the requests that clients usually send."""
