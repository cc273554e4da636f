"""Keeps the state of the local AWS in a SQLite database, in commits that each hold one cut of all services."""
