"""The HTTP API, with the JSON of the legacy services, over the same use cases."""
