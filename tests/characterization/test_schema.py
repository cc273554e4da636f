"""The contract, as it is committed and as the types print it."""

from tests.characterization import subjects
from tests.characterization.golden import agree


def test_the_committed_schema_is_what_clients_know() -> None:
    agree("schema.graphql", _contract(subjects.SCHEMA.read_text(encoding="utf-8")))


def test_the_printed_schema_is_what_clients_know() -> None:
    agree("schema.graphql", _contract(subjects.printed_schema()))


def _contract(text: str) -> str:
    """The schema without its first line, a comment that names the folder of the types: that folder may move."""
    return text.split("\n", 1)[1].lstrip("\n")
