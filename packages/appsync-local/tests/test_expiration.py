"""What a key or a token gave access to over WebSocket ends when it expires."""

from __future__ import annotations

import pytest

from support.gateway import KEY_HEADERS, Gateway, Socket
from support.sample_api import NOW
from support.tokens import knowing_the_key, token

ON_TASK = "subscription { onTask { id } }"
SAVE = 'mutation { save(input: {id: "1"}) { id } }'
LATER = NOW + 60  # the key and the tokens have expired
ENDED = {"errorType": "UnauthorizedException", "message": "The key or token of this subscription has expired."}


def signed_in(**claims: float) -> dict[str, str]:
    return {"authorization": token(claims)}


async def publish(gateway: Gateway) -> None:
    gateway.iam.allowed.add("arn:aws:appsync:eu-central-1:000000000000:apis/api1/types/Mutation/fields/save")
    assert "errors" not in await gateway.query(SAVE, signed_in(exp=NOW + 9_000))


@pytest.mark.parametrize("credentials", [KEY_HEADERS, signed_in()])
async def test_a_subscription_gets_an_error_in_place_of_what_is_pushed_after_its_end(
    gateway: Gateway, credentials: dict[str, str]
) -> None:
    socket = await knowing_the_key(gateway).listen()
    assert (await socket.start("1", ON_TASK, shown=credentials))["type"] == "start_ack"
    await publish(gateway)
    assert (await socket.next())["type"] == "data"
    gateway.now = LATER
    await publish(gateway)
    assert await socket.next() == {"type": "error", "id": "1", "payload": {"errors": [ENDED]}}
    await publish(gateway)
    assert await socket.is_silent()
    await socket.leave()


async def test_a_subscription_ends_on_time_without_a_push(gateway: Gateway) -> None:
    socket = await knowing_the_key(gateway).listen()
    assert (await socket.start("1", ON_TASK, shown=signed_in(exp=NOW + 0.01)))["type"] == "start_ack"
    gateway.now = LATER
    assert (await socket.next())["payload"] == {"errors": [ENDED]}
    assert not gateway.engine.broker.has_subscribers
    await socket.leave()


async def test_the_others_of_its_connection_go_on_and_its_id_is_free_again(gateway: Gateway) -> None:
    socket = await knowing_the_key(gateway).listen()
    await socket.start("1", ON_TASK, shown=signed_in())
    await socket.start("2", ON_TASK, shown=signed_in(exp=NOW + 9_000))
    gateway.now = LATER
    await publish(gateway)
    assert {(await socket.next())["type"], (await socket.next())["type"]} == {"error", "data"}
    assert (await socket.start("1", ON_TASK, shown=signed_in(exp=NOW + 9_000)))["type"] == "start_ack"
    await socket.leave()


async def connected(gateway: Gateway, credentials: dict[str, str]) -> Socket:
    socket = gateway.connect("graphql-transport-ws")
    await socket.send({"type": "connection_init", "payload": credentials})
    assert await socket.next() == {"type": "connection_ack"}
    return socket


async def test_over_graphql_transport_ws_the_connection_ends_and_runs_nothing_more(gateway: Gateway) -> None:
    socket = await connected(knowing_the_key(gateway), signed_in())
    await socket.send({"id": "1", "type": "subscribe", "payload": {"query": ON_TASK}})
    await socket.send({"type": "ping"})
    assert await socket.next() == {"type": "pong"}
    gateway.now = LATER
    await socket.send({"id": "2", "type": "subscribe", "payload": {"query": SAVE}})
    assert await socket.next() is None
    assert socket.close_code == 4403
    assert [event["info"]["fieldName"] for event in gateway.functions.events] == ["onTask"]


async def test_over_graphql_transport_ws_it_ends_on_time(gateway: Gateway) -> None:
    socket = await connected(knowing_the_key(gateway), signed_in(exp=NOW + 0.01))
    gateway.now = LATER
    assert await socket.next() is None
    assert socket.close_code == 4403
