"""The fast path completes objects exactly as graphql-core does, errors included."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from graphql import FragmentDefinitionNode, parse
from hypothesis import example, given, settings
from hypothesis import strategies as some

from appsync_local.auth.authentication import Caller
from appsync_local.execution import fast_path
from appsync_local.execution.context import RequestContext
from appsync_local.execution.executor import SerialExecutor
from appsync_local.execution.fast_path import FastExecutor
from appsync_local.execution.resolvers import attach_push_resolvers
from appsync_local.execution.selection import Selections
from appsync_local.schema.sdl import read_schema
from appsync_local.template.auth_providers import AuthorizationType
from support.sample_api import definition

SCHEMA = read_schema("""
interface Item { id: ID! }
type Book implements Item @aws_api_key {
  id: ID! pages: Int open: Boolean size: Float parent: Item film: Film must: Film! more: [[Book]] all: [Book!]!
  words: [String!] secret: String @aws_cognito_user_pools(cognito_groups: ["staff"]) count(first: Int = 1): Int
}
type Film implements Item @aws_api_key { id: ID! minutes: Int! until: AWSDateTime extra: AWSJSON kind: Kind }
enum Kind { LONG SHORT }
union Found = Book | Film
type Query @aws_api_key { book: Book books: [Book!] found: Found }
""")
attach_push_resolvers(SCHEMA, definition())

LEAVES = {
    "Book": ["id", "pages", "open", "size", "words", "__typename", "pages", "open", "secret", "count"],
    "Film": ["id", "minutes", "until", "extra", "kind", "__typename"],
    "Item": ["id", "__typename"],
}
BRANCHES = {"Book": {"film": "Film", "must": "Film", "more": "Book", "all": "Book", "parent": "Item"}}
WRAPPERS = ["%s", "... { %s }", "... on Item { id } %s", "%s ... on Book { open }", "%s ...F"]
ANYTHING: some.SearchStrategy[Any] = some.sampled_from(
    [None, True, 0, 7, 2**31, 1.5, float("nan"), "", "1", "LONG", "LATE", "2030-01-01T00:00:00Z", "noon", [], {}]
)
TEXT = some.sampled_from(["", "b"])
GOOD = {"__typename": "Book", "id": "b", "must": {"id": "f", "minutes": 1}, "all": []}


def objects(**fields: some.SearchStrategy[Any]) -> some.SearchStrategy[Any]:
    """Objects whose fields have their types, but for one or two."""
    wrong = some.dictionaries(some.sampled_from(sorted(fields)), ANYTHING, max_size=2)
    return some.builds(lambda right, wrong: {**right, **wrong}, some.fixed_dictionaries(fields), wrong)


FILM = objects(
    id=TEXT,
    minutes=some.integers(-9, 9),
    until=some.just("2030-01-01T00:00:00Z"),
    extra=some.just({"a": [1]}),
    kind=some.just("LONG"),
)
LEAF_BOOK = objects(id=TEXT, pages=some.just(3), words=some.lists(TEXT | some.none(), max_size=2))
BOOK = objects(
    id=TEXT,
    pages=some.integers(-(2**31), 2**31 - 1),
    open=some.booleans(),
    size=some.floats(allow_nan=False, allow_infinity=False),
    film=FILM,
    must=FILM,
    parent=some.builds(lambda film: {"__typename": "Film", **film}, FILM),
    more=some.lists(some.lists(LEAF_BOOK, max_size=2), max_size=2),
    all=some.lists(LEAF_BOOK, max_size=2),
    words=some.lists(TEXT, max_size=2),
    secret=TEXT,
    count=some.integers(0, 9),
).map(lambda fields: {**GOOD, **fields})


@some.composite
def selections(draw: some.DrawFn, type_: str = "Book", depth: int = 2) -> str:
    """A selection on the type: fields, some under an alias of their own, and fragments."""
    fields = draw(some.lists(some.sampled_from(LEAVES[type_]), min_size=1, max_size=3))
    parts = [f"a_{name}: {name}" if draw(some.booleans()) else name for name in fields]
    for name, branch in BRANCHES.get(type_, {}).items() if depth else ():
        if draw(some.integers(0, 3)) == 0:
            parts.append(f"{name} {draw(selections(branch, depth - 1))}")
    wrapper = draw(
        some.sampled_from(["%s", "... { %s }", "... on Item { id } %s", "%s ... on Book { open }", "%s ...F"])
    )
    return "{ " + (wrapper if type_ == "Book" else "%s") % " ".join(parts) + " }"


def execute(executor: type[SerialExecutor], query: str, root: dict[str, Any]) -> tuple[Any, list[tuple[Any, ...]]]:
    document = parse(query)
    fragments = {one.name.value: one for one in document.definitions if isinstance(one, FragmentDefinitionNode)}
    caller = Caller(AuthorizationType.API_KEY)
    context = RequestContext(caller, {}, {}, Selections(fragments, vary="@" in query), 0, asyncio.Semaphore())
    built = executor.build(SCHEMA, document, root, context)
    assert not isinstance(built, list)
    result: Any = built.execute_operation()
    return result.data, [(error.message, error.path, error.locations) for error in result.errors or ()]


@settings(max_examples=200, deadline=None)
@given(selection=selections(), value=BOOK | ANYTHING)
@example(selection="{ id pages }", value={"id": "b", "pages": 2**31})
@example(selection="{ id open }", value={"id": "b", "open": "yes"})
@example(selection="{ id open pages }", value={"id": 7, "open": 1, "pages": True})
@example(selection="{ id size film { until kind } }", value={"id": "b", "size": 1, "film": {"until": "noon"}})
@example(selection="{ more { id } more { pages } }", value={"more": [[{"id": "1", "pages": 2}, None], None, []]})
def test_the_fast_path_answers_as_graphql_core_does(selection: str, value: object) -> None:
    fragment = "fragment F on Book { words }" if "...F" in selection else ""
    query = f"{{ book {selection} books {selection} }} {fragment}"
    fast, plain = (
        execute(executor, query, {"book": value, "books": [value, GOOD]}) for executor in (FastExecutor, SerialExecutor)
    )
    assert repr(fast) == repr(plain)


@pytest.mark.parametrize("selection", ["{ id @skip(if: true) pages }", "{ id @include(if: true) ... on Film { id } }"])
def test_what_varies_with_the_request_is_left_to_graphql_core(selection: str) -> None:
    query = f"{{ found {{ ... on Book {selection.replace(' ... on Film { id }', '')} }} }}"
    root = {"found": GOOD}
    assert execute(FastExecutor, query, root) == execute(SerialExecutor, query, root)


@pytest.mark.parametrize(
    ("selection", "is_plain"),
    [
        ("id pages open words more { id }", True),
        ("a: id ... on Book { film { id minutes } }", True),
        ("id secret", False),
        ("id count(first: 2)", False),
        ("id parent { id }", False),
        ("id ... on Item { id }", False),
    ],
)
def test_only_plain_selections_take_the_fast_path(selection: str, is_plain: bool) -> None:
    document: Any = parse(f"{{ book {{ {selection} }} }}")
    (node,) = document.definitions[0].selection_set.selections
    book: Any = SCHEMA.type_map["Book"]
    reader = fast_path.object_reader(Selections({}, vary=False), Caller(AuthorizationType.API_KEY), book, [node])
    assert (reader is not None) == is_plain
