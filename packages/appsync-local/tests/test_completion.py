"""The shorter way through plain selections answers what graphql-core answers; interfaces and unions by `__typename`."""

from __future__ import annotations

from typing import Any

import pytest

from appsync_local.execution.fast_path import executor, single_field
from support.gateway import Gateway
from support.sample_api import resolver, template

SCHEMA = """
interface Item @aws_api_key { id: ID! }
type Book implements Item @aws_api_key { id: ID! pages: Int parent: Item size: Float more: [[Book]] }
type Film implements Item @aws_api_key {
  id: ID! minutes: Int! length: Int until: AWSDateTime extra: AWSJSON kind: Kind
}
enum Kind { LONG SHORT }
union Found @aws_api_key = Book | Film
type Query @aws_api_key { item: Item found: [Found!] book: Book film: Film }
type Mutation @aws_api_key { keep(id: ID!): Item }
type Subscription @aws_api_key { kept: Item @aws_subscribe(mutations: ["keep"]) }
"""


@pytest.fixture
def library() -> Gateway:
    compiled = template()
    keep = {"UserPool", "TasksLambdaFunction", "Api", "Key", "Tasks"}
    compiled["Resources"] = {name: one for name, one in compiled["Resources"].items() if name in keep}
    for name in ("item", "found", "book", "film"):
        compiled["Resources"][name] = resolver("Query", name, "Tasks")
    compiled["Resources"]["keep"] = resolver("Mutation", "keep", "Tasks")
    schema = SCHEMA.replace("interface Item @aws_api_key", "interface Item").replace("Found @aws_api_key", "Found")
    return Gateway(compiled=compiled, schema=schema)


BOOK: dict[str, Any] = {"__typename": "Book", "id": "b", "pages": 3, "parent": {"__typename": "Film", "id": "f"}}
FILM: dict[str, Any] = {"__typename": "Film", "id": "f", "minutes": 90}


async def test_the_type_of_an_interface_or_a_union_is_its_typename(library: Gateway) -> None:
    library.functions.answers |= {"item": BOOK, "found": [FILM, BOOK]}
    query = """{ item { __typename id ... on Book { pages parent { id ... on Film { __typename } } } }
      found { __typename ... on Item { id } ... on Film { minutes } } }"""
    assert await library.query(query) == {
        "data": {
            "item": {"__typename": "Book", "id": "b", "pages": 3, "parent": {"id": "f", "__typename": "Film"}},
            "found": [{"__typename": "Film", "id": "f", "minutes": 90}, {"__typename": "Book", "id": "b"}],
        }
    }


@pytest.mark.parametrize("value", [{"id": "b"}, {"__typename": "Nothing", "id": "b"}, {"__typename": "Query"}])
async def test_a_value_without_a_fitting_typename_is_an_error(library: Gateway, value: object) -> None:
    library.functions.answers["item"] = value
    body = await library.query("{ item { id } }")
    assert body["data"] == {"item": None}
    assert body["errors"][0]["path"] == ["item"]


@pytest.mark.parametrize(
    ("kept", "pushed"), [(BOOK, {"id": "b", "pages": 3}), ({**FILM, "length": 4}, {"id": "f", "length": 4})]
)
async def test_an_interface_is_pushed_when_the_mutation_selected_its_typename(
    library: Gateway, kept: dict[str, Any], pushed: dict[str, Any]
) -> None:
    library.functions.answers["keep"] = kept
    socket = await library.listen()
    subscription = "subscription { kept { id ... on Book { pages } ... on Film { length } } }"
    assert (await socket.start("1", subscription))["type"] == "start_ack"
    selection = "__typename ... on Item { id } ... on Book { pages } ...F"
    await library.query(f'mutation {{ keep(id: "b") {{ {selection} }} }} fragment F on Film {{ length }}')
    assert (await socket.next())["payload"] == {"data": {"kept": pushed}}
    await socket.leave()


VALUES: list[tuple[str, str, object]] = [
    (
        "film",
        "id minutes until kind extra",
        {"id": "f", "minutes": 90, "until": "2030-01-01T00:00:00Z", "kind": "LONG"},
    ),
    ("film", "n: id m: minutes t: __typename extra", {"id": "f", "minutes": 1, "extra": {"a": [1, None]}}),
    ("film", "id minutes", {"id": 7, "minutes": 1.0}),
    ("film", "id minutes", {"id": True, "minutes": "9"}),
    ("film", "id minutes", {"id": "f", "minutes": 2**31}),
    ("film", "id minutes", {"id": "f"}),
    ("film", "id until", {"id": "f", "until": "noon"}),
    ("film", "id kind", {"id": "f", "kind": "LATE"}),
    ("film", "id", []),
    ("film", "id", "a text"),
    ("book", "id size pages", {"id": "b", "size": 1, "pages": None}),
    ("book", "id more { id }", {"id": "b", "more": [[{"id": "1"}, None], None, []]}),
    ("book", "id more { id }", {"id": "b", "more": [[{"id": None}]]}),
    ("book", "id more { id }", {"id": "b", "more": {"id": "1"}}),
    ("book", "...F pages ... on Book { id } ... on Item { id } ... { size }", {"id": "b", "pages": 1, "size": 0.5}),
    ("book", "more { id } more { pages }", {"more": [[{"id": "1", "pages": 2}]]}),
    ("book", "id @skip(if: true) pages", {"id": "b", "pages": 1}),
]


@pytest.mark.parametrize(("field", "selection", "value"), VALUES)
async def test_the_shorter_way_answers_as_graphql_core_does(
    library: Gateway, monkeypatch: pytest.MonkeyPatch, field: str, selection: str, value: object
) -> None:
    library.functions.answers[field] = value
    fragment = " fragment F on Book { id }" if "...F" in selection else ""
    query = f"{{ {field} {{ {selection} }} }}{fragment}"
    short = await library.request("POST", "/graphql", _json(query), {"x-api-key": "da2-known"})
    monkeypatch.setattr(single_field, "step_of", lambda *_arguments: None)
    middle = await library.request("POST", "/graphql", _json(query), {"x-api-key": "da2-known"})
    monkeypatch.setattr(executor, "reader_of", lambda *_arguments: None)
    long = await library.request("POST", "/graphql", _json(query), {"x-api-key": "da2-known"})
    assert short.body == middle.body == long.body


def _json(query: str) -> bytes:
    return b'{"query": %b}' % ('"' + query.replace('"', '\\"') + '"').encode()
