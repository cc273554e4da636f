"""Documents: invalid ones, limits of their size, and the cache."""

from __future__ import annotations

import asyncio
from typing import Any

import orjson
import pytest

from appsync_local.execution.documents import DocumentCache
from appsync_local.schema.sdl import read_schema
from support.gateway import KEY_HEADERS, Gateway
from support.sample_api import SCHEMA

DEEPEST = 197  # fields around the innermost, of 200 levels that graphql-core's parser takes


async def refused(gateway: Gateway, query: str, **more: object) -> tuple[str, str]:
    answer = await gateway.request("POST", "/graphql", orjson.dumps({"query": query, **more}), KEY_HEADERS)
    assert answer.status == 400
    return answer.json()["errors"][0]["errorType"], answer.json()["errors"][0]["message"]


@pytest.mark.parametrize(
    "query",
    [
        "{}",
        "{ task(id: 1) {} }",
        "mutation { other(id: 1) {} }",
        "{ task(id: 1) { ... {} } }",
        "{ task(id: 1) { ...F } } fragment F on Task {}",
    ],
)
async def test_a_selection_of_nothing_is_no_graphql(gateway: Gateway, query: str) -> None:
    problem = ("MalformedHttpRequestException", "Unable to parse GraphQL query.")
    assert await refused(gateway, query) == problem
    assert gateway.functions.events == []


async def test_a_thousand_mutations_in_one_request_run_in_their_order(gateway: Gateway) -> None:
    gateway.functions.answers["other"] = lambda event: {"id": event["arguments"]["id"]}
    fields = " ".join(f'a{number}: other(id: "{number}") {{ id }}' for number in range(1_000))
    body = await gateway.query(f"mutation {{ {fields} }}")
    assert body == {"data": {f"a{number}": {"id": str(number)} for number in range(1_000)}}
    assert [event["arguments"]["id"] for event in gateway.functions.events] == [str(one) for one in range(1_000)]


async def test_a_field_may_be_selected_a_thousand_times(gateway: Gateway) -> None:
    assert await gateway.query(f"{{ {'__typename ' * 10_000} }}") == {"data": {"__typename": "Query"}}
    body = await gateway.query(f"{{ task(id: 1) {{ {' '.join(f'id a{number}: title' for number in range(1_500))} }} }}")
    assert len(body["data"]["task"]) == 1_501


def spreading(selection: str, fragments: int) -> str:
    """Write a query whose fragments each spread the next, inside the selection."""
    each = [f"fragment F{n} on Task {{ {selection.replace('...', f'...F{n + 1}')} }}" for n in range(fragments)]
    return f"{{ task(id: 1) {{ ...F0 }} }} {' '.join(each)} fragment F{fragments} on Task {{ id }}"


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        (f"{{ {'__typename ' * 50_000} }}", "more than 50,000 tokens or comments."),
        ("#\n" * 50_001 + "{ __typename }", "more than 50,000 tokens or comments."),
        (spreading("a: parent { ... } b: parent { ... }", 30), "more than 50,000 fields, with its fragments spread."),
        (spreading("parent { ... }", 300), "its fragments are nested too deeply, or spread too often."),
    ],
    ids=["tokens", "comments", "fields", "fragments"],
)
async def test_a_query_that_is_too_large_is_refused_by_name(gateway: Gateway, query: str, reason: str) -> None:
    assert await refused(gateway, query) == ("BadRequestException", f"The query is too large: {reason}")


def nested(levels: int, innermost: Any) -> Any:
    for _ in range(levels):
        innermost = {"id": "1", "title": "T", "parent": innermost}
    return innermost


def parents(levels: int) -> str:
    return f"{{ task(id: 1) {{ {'parent { ' * levels} id {'} ' * levels} }} }}"


@pytest.mark.parametrize("innermost", [{"id": "1"}, {"id": None}])
async def test_a_query_may_nest_as_deep_as_the_parser_takes(gateway: Gateway, innermost: dict[str, Any]) -> None:
    gateway.functions.answers["task"] = nested(DEEPEST, innermost)
    body = await gateway.query(parents(DEEPEST))
    assert ("errors" in body) == (innermost["id"] is None)


async def test_a_query_that_is_deeper_is_refused_by_name(gateway: Gateway) -> None:
    problem = ("BadRequestException", "The query is nested too deeply.")
    assert await refused(gateway, parents(DEEPEST + 2)) == problem
    assert await refused(gateway, f"{{ task(id: {'[' * 201}{']' * 201}) {{ id }} }}") == problem


def documents() -> DocumentCache:
    return DocumentCache(read_schema(SCHEMA))


def test_a_text_is_read_once_unless_it_is_long() -> None:
    cache = documents()
    short, long = "{ nothing }", f"{{ {'nothing ' * 3_000} }}"
    assert cache.prepare(short) is cache.prepare(short)
    assert cache.prepare(long) is not cache.prepare(long)


def test_the_texts_that_are_kept_are_bounded_by_their_length() -> None:
    cache = documents()
    first = cache.prepare("{ nothing }")
    for number in range(40):
        cache.prepare(f"{{ a{number}: {'nothing ' * 2}{' ' * 10_000} }}")
    assert cache.prepare("{ nothing }") is not first
    assert sum(len(text) for text in cache._cache) <= 400_000


async def test_a_long_text_is_read_while_others_are_served() -> None:
    cache = documents()
    reading = asyncio.ensure_future(cache.find(f"{{ {'nothing ' * 3_000} }}"))
    await asyncio.sleep(0)
    assert not reading.done()
    assert (await cache.find("{ nothing }")).errors == []
    assert (await reading).errors == []
