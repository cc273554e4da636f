"""The heart: what a task is, what may happen to it, and what is remembered of it.

Nothing here knows AWS, GraphQL or the time of day: instants and ids arrive as arguments, storage hides behind `ports`.
"""
