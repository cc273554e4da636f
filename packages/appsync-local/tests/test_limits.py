"""AppSync's limits of sizes, ages, depths and numbers."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from appsync_local import Limits, UnsupportedFeatureError
from support.gateway import KEY_HEADERS, Gateway, encoded
from support.sample_api import definition, template

ON_TASK = "subscription { onTask { id title } }"


async def saved(gateway: Gateway, title: str) -> None:
    gateway.functions.answers["save"] = {"id": "1", "title": title}
    assert "errors" not in await gateway.query('mutation { save(input: {id: "1"}) { id title } }')


async def test_a_response_over_the_limit_is_an_error() -> None:
    gateway = Gateway(limits=Limits(response_bytes=200))
    gateway.functions.answers["task"] = {"id": "1", "title": "x" * 200}
    body = await gateway.query("{ task(id: 1) { title } }")
    assert body["data"] is None
    assert body["errors"][0]["errorType"] == "ResponseTooLarge"
    gateway.functions.answers["task"] = {"id": "1", "title": "x" * 100}
    assert "errors" not in await gateway.query("{ task(id: 1) { title } }")


async def test_a_push_over_the_limit_is_not_delivered() -> None:
    gateway = Gateway(limits=Limits(push_bytes=100))
    socket = await gateway.listen()
    assert (await socket.start("1", ON_TASK))["type"] == "start_ack"
    await saved(gateway, "x" * 100)
    await saved(gateway, "short")
    assert (await socket.next())["payload"]["data"]["onTask"]["title"] == "short"
    await socket.leave()


async def test_a_connection_is_closed_when_it_is_too_old() -> None:
    gateway = Gateway(limits=Limits(connection_seconds=0.05))
    socket = gateway.connect("graphql-ws", query=f"header={encoded(KEY_HEADERS)}")
    await socket.send({"type": "connection_init"})
    assert (await socket.next())["type"] == "connection_ack"
    assert await socket.next() is None
    assert socket.close_code == 1000
    await asyncio.wait_for(socket.task, 5)


def test_the_limits_are_appsyncs() -> None:
    limits = Limits()
    assert limits.push_bytes == 240 * 1024
    assert limits.response_bytes == 5_000_000
    assert limits.connection_seconds == 24 * 60 * 60
    assert limits.request_seconds == 30
    assert limits.operations_per_connection == 100


def compiled(**properties: object) -> dict[str, Any]:
    made = template()
    made["Resources"]["Api"]["Properties"] |= properties
    return made


def limited(**properties: object) -> Gateway:
    gateway = Gateway(compiled=compiled(**properties))
    above = {"id": "0", "title": "Above", "parent": None}
    gateway.functions.answers["task"] = {"id": "1", "title": "Read", "parent": {**above, "parent": above}}
    return gateway


TASK = "{ task(id: 1) { id } }"
SPREAD = "{ task(id: 1) { ...F } } fragment F on Task { ... on Task { id } }"
PARENT = "{ task(id: 1) { id parent { parent { parent { id } } } } }"
LIST = "{ task(id: 1) { labels notes } }"


@pytest.mark.parametrize(
    ("query", "data", "refused"),
    [
        (TASK, {"task": {"id": "1"}}, []),
        (SPREAD, {"task": {"id": "1"}}, []),
        (LIST, {"task": {"labels": None, "notes": None}}, []),
        (PARENT, {"task": {"id": "1", "parent": {"parent": {"parent": None}}}}, ["task/parent/parent/parent"]),
        ("{ a: task(id: 1) { id parent { id } } }", {"a": {"id": "1", "parent": None}}, ["a/parent/id"]),
        ("{ __schema { types { kind } } }", None, ["__schema/types/0/kind"]),
    ],
)
async def test_fields_below_the_depth_limit_are_refused_and_the_others_answered(
    query: str, data: dict[str, Any] | None, refused: list[str]
) -> None:
    body = await limited(QueryDepthLimit=3 if query is PARENT else 2).query(query)
    assert body["data"] == data
    errors = [error for error in body.get("errors", []) if error.get("errorType") == "QueryDepthLimitReached"]
    assert ["/".join(map(str, error["path"])) for error in errors][:1] == refused


async def test_a_resolver_below_the_depth_limit_is_not_called() -> None:
    gateway = limited(QueryDepthLimit=1)
    assert (await gateway.query("{ task(id: 1) { notes } }"))["data"] == {"task": {"notes": None}}
    assert [event["info"]["fieldName"] for event in gateway.functions.events] == ["task"]


async def test_a_resolver_over_the_count_limit_is_not_called() -> None:
    gateway = limited(ResolverCountLimit=1)
    body = await gateway.query("{ a: task(id: 1) { id } b: task(id: 2) { id } }")
    assert [error["errorType"] for error in body["errors"]] == ["ResolverExecutionLimitReached"]
    assert len(gateway.functions.events) == 1


@pytest.mark.parametrize(
    ("properties", "depth", "resolvers"),
    [
        ({}, 0, 10_000),
        ({"ResolverCountLimit": 0}, 0, 10_000),
        ({"QueryDepthLimit": 75, "ResolverCountLimit": 9}, 75, 9),
    ],
)
def test_without_limits_a_query_may_be_deep_and_call_10_000_resolvers(
    properties: dict[str, object], depth: int, resolvers: int
) -> None:
    api = definition(compiled(**properties))
    assert (api.query_depth_limit, api.resolver_count_limit) == (depth, resolvers)


@pytest.mark.parametrize("setting", ["QueryDepthLimit", "ResolverCountLimit"])
@pytest.mark.parametrize("value", [-1, 10_001])
def test_a_limit_that_appsync_does_not_take_is_refused_by_name(setting: str, value: int) -> None:
    with pytest.raises(UnsupportedFeatureError, match=f"{setting} {value}"):
        definition(compiled(**{setting: value}))


@pytest.mark.parametrize(
    ("query", "field"), [("{ __schema { types { name } } }", "types"), ('{ __type(name: "Task") { name } }', "name")]
)
async def test_introspection_that_is_off_leads_to_no_fields(query: str, field: str) -> None:
    gateway = limited(IntrospectionConfig="DISABLED")
    errors = (await gateway.query(query))["errors"]
    assert [error["message"].split("Field ")[1].split(" ")[0] for error in errors] == [f"'{field}'"]
    assert "is undefined @ '__" in errors[0]["message"]
    assert await gateway.query("{ __typename }") == {"data": {"__typename": "Query"}}


async def test_a_request_has_few_functions_under_way_and_starves_no_other() -> None:
    gateway = Gateway(limits=Limits(functions_at_once=2))
    may_go, started = asyncio.Event(), asyncio.Semaphore(0)

    async def answer() -> dict[str, str]:
        started.release()
        await may_go.wait()
        return {"id": "1"}

    gateway.functions.answers["task"] = lambda _event: answer()
    many = "".join(f"f{number}: task(id: {number}) {{ id }} " for number in range(5))
    heavy = asyncio.create_task(gateway.query(f"{{ {many} }}"))
    gateway.functions.answers["tasks"] = []
    await started.acquire()
    await started.acquire()
    assert await gateway.query("{ tasks { id } }") == {"data": {"tasks": []}}
    assert started.locked()
    may_go.set()
    assert len((await heavy)["data"]) == 5
