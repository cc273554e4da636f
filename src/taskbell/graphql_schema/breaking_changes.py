"""Finds changes of the schema that break clients of the last release, by graphql-core's rules."""

from pathlib import Path

from graphql import GraphQLSchema, build_schema, find_breaking_changes

RELEASED = Path(__file__).parent / "released"


def undeclared_breaking_changes(schema: str, released: Path = RELEASED) -> list[str]:
    """Return descriptions of breaking changes, except those that are lines of `declared.txt`."""
    before, after = (_build(text) for text in ((released / "schema.graphql").read_text(), schema))
    declared = set((released / "declared.txt").read_text().splitlines())
    return [change.description for change in find_breaking_changes(before, after) if change.description not in declared]


def release(schema: str, released: Path = RELEASED) -> None:
    """Make this schema the last release, without declared changes."""
    (released / "schema.graphql").write_text(schema)
    (released / "declared.txt").write_text("")


def _build(text: str) -> GraphQLSchema:
    return build_schema(f"scalar AWSDate\nscalar AWSDateTime\n{text}", assume_valid=True)
