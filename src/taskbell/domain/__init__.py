"""What a task is, what may happen to it, and what is remembered of it.

Nothing here knows AWS, an API or the time of day: instants and ids arrive as arguments. It needs the standard library
alone and imports no other part of the package.
"""
