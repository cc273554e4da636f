"""The graphql-transport-ws protocol over the same engine and broker."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from appsync_local import Limits
from support.gateway import KEY_HEADERS, Gateway, Socket, failure

ON_TASK = "subscription { onTask { id status } }"


async def opened(gateway: Gateway) -> Socket:
    socket = gateway.connect("graphql-transport-ws")
    await socket.send({"type": "connection_init", "payload": KEY_HEADERS})
    assert await socket.next() == {"type": "connection_ack"}
    assert socket.subprotocol == "graphql-transport-ws"
    return socket


async def subscribe(socket: Socket, operation_id: str, query: str, **more: Any) -> None:
    await socket.send({"id": operation_id, "type": "subscribe", "payload": {"query": query, **more}})


async def ping(socket: Socket, number: int) -> None:
    """What was sent before has been taken in when this is over, and what was pushed before has arrived."""
    await socket.send({"type": "ping", "payload": {"n": number}})
    assert await socket.next() == {"type": "pong", "payload": {"n": number}}


async def test_a_query_is_answered_and_completed(gateway: Gateway) -> None:
    socket = await opened(gateway)
    await subscribe(socket, "1", "query($id: ID!) { task(id: $id) { id } }", variables={"id": "1"})
    assert await socket.next() == {"id": "1", "type": "next", "payload": {"data": {"task": {"id": "1"}}}}
    assert await socket.next() == {"id": "1", "type": "complete"}
    await socket.leave()


async def test_a_subscription_is_served_until_the_client_completes_it(gateway: Gateway) -> None:
    authorised = asyncio.Event()
    gateway.functions.answers["onTask"] = lambda _event: authorised.set()
    socket = await opened(gateway)
    await subscribe(socket, "s", ON_TASK)
    await asyncio.wait_for(authorised.wait(), 5)
    await subscribe(socket, "m", 'mutation { save(input: {id: "1", status: DONE}) { id status } }')
    frames = {frame["id"]: frame for frame in [await socket.next(), await socket.next()]}
    assert frames["s"] == {"id": "s", "type": "next", "payload": {"data": {"onTask": {"id": "1", "status": "DONE"}}}}
    assert frames["m"]["type"] == "next"
    assert await socket.next() == {"id": "m", "type": "complete"}
    await socket.send({"id": "s", "type": "complete"})
    await ping(socket, 1)
    await gateway.query('mutation { save(input: {id: "1"}) { id } }')
    await ping(socket, 2)
    await socket.leave()


async def test_errors_carry_the_operations_id(gateway: Gateway) -> None:
    gateway.functions.answers["onTask"] = failure("Not yours.")
    socket = await opened(gateway)
    for operation_id, query, message in [
        ("1", "{ nope }", "Validation error of type FieldUndefined: "),
        ("2", "{ nope", "Unable to parse GraphQL query."),
        ("3", ON_TASK, "Not yours."),
    ]:
        await subscribe(socket, operation_id, query)
        answer = await socket.next()
        assert (answer["id"], answer["type"]) == (operation_id, "error")
        assert answer["payload"][0]["message"].startswith(message)
    await socket.leave()


@pytest.mark.parametrize(
    ("messages", "code"),
    [
        (["no json"], 4400),
        ([{"type": "subscribe", "id": "1", "payload": {"query": "{ nothing }"}}], 4401),
        ([{"type": "connection_init", "payload": {"x-api-key": "wrong"}}], 4403),
        ([{"type": "connection_init"}], 4403),
        ([{"type": "connection_init", "payload": KEY_HEADERS}, {"type": "connection_init"}], 4429),
        ([{"type": "connection_init", "payload": KEY_HEADERS}, {"type": "dance"}], 4400),
        ([{"type": "connection_init", "payload": KEY_HEADERS}, {"type": "subscribe", "id": "1", "payload": {}}], 4400),
        ([{"type": "connection_init", "payload": KEY_HEADERS}, {"type": "subscribe", "id": 1}], 4400),
    ],
)
async def test_a_broken_rule_closes_with_its_code(gateway: Gateway, messages: list[Any], code: int) -> None:
    socket = gateway.connect("graphql-transport-ws")
    for message in messages:
        await socket.send(message)
    while await socket.next() is not None:
        pass
    assert socket.close_code == code
    await asyncio.wait_for(socket.task, 5)


async def test_an_id_in_use_closes_with_4409(gateway: Gateway) -> None:
    gateway.functions.answers["task"] = lambda _event: asyncio.Event().wait()
    socket = await opened(gateway)
    await subscribe(socket, "1", "{ task(id: 1) { id } }")
    await subscribe(socket, "1", "{ task(id: 1) { id } }")
    assert await socket.next() is None
    assert socket.close_code == 4409


async def test_a_client_that_never_initialises_is_closed_with_4408() -> None:
    socket = Gateway(limits=Limits(connection_init_seconds=0.01)).connect("graphql-transport-ws")
    assert await socket.next() is None
    assert socket.close_code == 4408


async def test_an_id_is_free_again_after_its_query(gateway: Gateway) -> None:
    socket = await opened(gateway)
    for _ in range(2):
        await subscribe(socket, "1", "{ nothing }")
        assert (await socket.next())["type"] == "next"
        assert (await socket.next())["type"] == "complete"
    await socket.leave()
