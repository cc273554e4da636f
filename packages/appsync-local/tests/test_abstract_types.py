"""The type of an interface's or a union's value is its `__typename`."""

from __future__ import annotations

from typing import Any

import pytest

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
