"""Sizes and ages that AppSync does not let grow."""

from __future__ import annotations

import asyncio

from local.appsync import Limits
from tests.unit.appsync.playing import KEY_HEADERS, Gateway, encoded

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
