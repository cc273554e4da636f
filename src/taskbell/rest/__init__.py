"""The HTTP API, with the JSON of the first task services, over the same use cases."""
