"""Overlapping fields: conflicts are found, and in bounded time."""

from __future__ import annotations

import random

import pytest
from graphql import OverlappingFieldsCanBeMergedRule, build_schema, parse, validate

from appsync_local.errors import RequestError
from appsync_local.validation.overlapping_fields import FieldsConflictRule

SCHEMA = build_schema("""
interface Item { name: String size(unit: Unit, of: Box): Int item: Item any: Any }
enum Unit { CM INCH }
input Box { low: Int high: Int }
type Book implements Item { name: String size(unit: Unit, of: Box): Int item: Item any: Any tags: [String] pages: Int! }
type Film implements Item { name: String size(unit: Unit, of: Box): Int item: Item any: Any tags: [String!] pages: Int }
type Other { name: Int size: String item: Book tags: String pages: [Int] }
union Any = Book | Film | Other
type Query { item: Item any: Any book: Book }
""")
LEAVES = {
    "Item": ["name", "size", "size(unit: CM)", "size(unit: INCH)"],
    "Book": ["name", "size", "tags", "pages"],
    "Film": ["name", "size(unit: CM)", "tags", "pages"],
    "Other": ["name", "size", "tags", "pages"],
    "Any": ["__typename"],
}
OBJECTS = {
    "Item": [("item", "Item"), ("any", "Any")],
    "Book": [("item", "Item"), ("any", "Any")],
    "Film": [("item", "Item"), ("any", "Any")],
    "Other": [("item", "Book")],
    "Any": [],
}
CONDITIONS = {
    "Item": ["Book", "Film", "Item", "Any"],
    "Book": ["Book", "Item", "Any"],
    "Film": ["Film", "Item", "Any"],
    "Other": ["Other", "Any"],
    "Any": ["Book", "Film", "Other", "Item", "Any"],
}


def conflicts(query: str) -> list[str]:
    return [error.message.split(". ")[0] for error in validate(SCHEMA, parse(query), [FieldsConflictRule])]


@pytest.mark.parametrize(
    ("selection", "reason"),
    [
        ("name: size name", "Fields 'name' conflict because 'size' and 'name' are different fields"),
        ("size(unit: CM) size(unit: INCH)", "Fields 'size' conflict because they have differing arguments"),
        ("size size(unit: CM)", "Fields 'size' conflict because they have differing arguments"),
        ("item { name } ...F", "Fields 'name' conflict because 'name' and 'size' are different fields"),
        ("...F ... on Book { item { name } }", "Fields 'name' conflict because 'name' and 'size' are different fields"),
        (
            "... on Book { pages } ... on Film { pages }",
            "Fields 'pages' conflict because they return conflicting types 'Int!' and 'Int'",
        ),
        (
            "... on Book { x: name } ... on Film { x: item { name } }",
            "Fields 'x' conflict because they return conflicting types 'String' and 'Item'",
        ),
    ],
)
def test_fields_that_cannot_be_one_conflict(selection: str, reason: str) -> None:
    fragment = " fragment F on Item { item { name: size } }"
    assert conflicts(f"{{ item {{ {selection} }} }}{fragment if '...F' in selection else ''}") == [reason]


@pytest.mark.parametrize(
    "selection",
    [
        "name name n: name",
        "size(of: {low: 1, high: 2}) size(of: {high: 2, low: 1})",
        "... on Book { x: name } ... on Film { x: name }",
        "... on Book { size(unit: CM) } ... on Film { size(unit: INCH) }",
        "item { name } ... on Book { item { name size } }",
    ],
)
def test_fields_that_are_one_or_never_meet_do_not_conflict(selection: str) -> None:
    assert conflicts(f"{{ item {{ {selection} }} }}") == []


def selected(chance: random.Random, kind: str, depth: int, fragments: list[str]) -> str:
    one = chance.random()
    alias = chance.choice(["", "", "", "", "x: ", "name: "])
    if depth and one < 0.3 and OBJECTS[kind]:
        name, inner = chance.choice(OBJECTS[kind])
        return f"{alias}{name} {selection_set(chance, inner, depth - 1, fragments)}"
    if depth and one < 0.55:
        condition = chance.choice(CONDITIONS[kind])
        return f"... on {condition} {selection_set(chance, condition, depth - 1, fragments)}"
    if one < 0.65 and fragments:
        return f"...{chance.choice(fragments)}"
    return alias + chance.choice(LEAVES[kind])


def selection_set(chance: random.Random, kind: str, depth: int, fragments: list[str]) -> str:
    inside = [selected(chance, kind, depth, fragments) for _ in range(chance.randint(1, 3))]
    return f"{{ {' '.join(inside)} }}"


def random_query(chance: random.Random) -> str:
    names = ["F", "G", "H"]
    root = selection_set(chance, "Item", 4, names)
    query = f"{{ item {root} f: any {{ ...F }} g: any {{ ...G }} h: any {{ ...H }} }}"
    for index, name in enumerate(names):
        kind = chance.choice(["Item", "Book", "Film", "Any"])
        query += f" fragment {name} on {kind} {selection_set(chance, kind, 3, names[index + 1 :])}"
    return query


@pytest.mark.parametrize("seed", range(20))
def test_random_queries_are_judged_as_graphql_core_judges_them(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311
    for query in (random_query(chance) for _ in range(25)):
        theirs = validate(SCHEMA, parse(query), [OverlappingFieldsCanBeMergedRule])
        assert bool(conflicts(query)) == bool(theirs), query


def test_a_long_query_is_no_conflict() -> None:
    assert conflicts(f"{{ item {{ {'name ' * 5_000} }} }}") == []
    assert conflicts(f"{{ item {{ {'... { item { name } } ' * 2_000} }} }}") == []


def overlapping(levels: int) -> str:
    """Write what has another set of fields for each sequence of types that its objects may have."""
    if levels == 0:
        return "name"
    chain = f"{'item { ' * levels} name {'} ' * levels}"
    return f"item {{ {overlapping(levels - 1)} }} ... on Book {{ {chain} }} ... on Film {{ {chain} }}"


def test_types_that_overlap_in_more_ways_than_can_be_followed_are_refused_by_name() -> None:
    assert conflicts(f"{{ item {{ {overlapping(6)} }} }}") == []
    with pytest.raises(RequestError, match=r"The query is too large: its fields overlap too often\."):
        conflicts(f"{{ item {{ {overlapping(20)} }} }}")
