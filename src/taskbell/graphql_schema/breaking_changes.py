"""Whether the contract still keeps what was released. Source of what breaks clients: graphql-core's own rules."""

from pathlib import Path

from graphql import GraphQLSchema, build_schema, find_breaking_changes

RELEASED = Path(__file__).parent / "released"


def undeclared_breaking_changes(schema: str, released: Path = RELEASED) -> list[str]:
    """What would break a client of the last release, in words, unless `declared.txt` has the same words in a line."""
    before, after = (_build(text) for text in ((released / "schema.graphql").read_text(), schema))
    declared = set((released / "declared.txt").read_text().splitlines())
    return [change.description for change in find_breaking_changes(before, after) if change.description not in declared]


def release(schema: str, released: Path = RELEASED) -> None:
    """Make this the last release; nothing is declared against it."""
    (released / "schema.graphql").write_text(schema)
    (released / "declared.txt").write_text("")


def _build(text: str) -> GraphQLSchema:
    return build_schema(f"scalar AWSDateTime\n{text}", assume_valid=True)
