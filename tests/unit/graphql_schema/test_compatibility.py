"""A breaking change of the schema is reported, unless it is declared."""

from pathlib import Path

import pytest

from taskbell.graphql_schema.breaking_changes import release, undeclared_breaking_changes

RELEASED = "type Query { task(id: ID!): Task }\ntype Task { title: String! at: AWSDateTime }\n"


@pytest.fixture
def released(tmp_path: Path) -> Path:
    release(RELEASED, tmp_path)
    return tmp_path


def test_an_addition_breaks_nothing(released: Path) -> None:
    grown = RELEASED.replace("title: String!", "title: String! done: Boolean!")
    assert undeclared_breaking_changes(grown, released) == []


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("title: String!", ""), "Field Task.title was removed."),
        (("title: String!", "title: String"), "Field Task.title changed type from String! to String."),
        (("id: ID!", "id: ID! owner: ID!"), "A required argument Query.task(owner:) was added."),
    ],
)
def test_a_breaking_change_is_reported_until_it_is_declared(
    released: Path, change: tuple[str, str], message: str
) -> None:
    schema = RELEASED.replace(*change)
    assert undeclared_breaking_changes(schema, released) == [message]
    (released / "declared.txt").write_text(f"{message}\n")
    assert undeclared_breaking_changes(schema, released) == []
