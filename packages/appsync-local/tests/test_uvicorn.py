"""The gateway on real sockets: frames of each size, and readers that do not read."""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Subprotocol

from appsync_local import Limits
from appsync_local.transport.uvicorn import framed, make_server
from support.gateway import KEY_HEADERS, Gateway, encoded

DEADLINE = 10
ON_TASK = "subscription { onTask { title } }"


@contextlib.asynccontextmanager
async def served(gateway: Gateway) -> AsyncIterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = make_server(gateway.app)
        task = asyncio.create_task(server.serve(sockets=[listening]))
        try:
            yield listening.getsockname()[1]
        finally:
            server.should_exit = True
            await asyncio.wait_for(task, DEADLINE)


@contextlib.asynccontextmanager
async def subscribed(port: int, **options: Any) -> AsyncIterator[ClientConnection]:
    url = f"ws://127.0.0.1:{port}/graphql/realtime?header={encoded(KEY_HEADERS)}"
    async with connect(url, subprotocols=[Subprotocol("graphql-ws")], ping_interval=None, **options) as client:
        await client.send('{"type":"connection_init"}')
        data = json.dumps({"query": ON_TASK})
        payload = {"data": data, "extensions": {"authorization": KEY_HEADERS}}
        await client.send(json.dumps({"id": "1", "type": "start", "payload": payload}))
        await until(client, "start_ack")
        yield client


async def until(client: ClientConnection, kind: str) -> Any:
    async with asyncio.timeout(DEADLINE):
        while True:
            message = json.loads(await client.recv())
            if message["type"] == kind:
                return message


async def save(gateway: Gateway, title: str) -> None:
    gateway.functions.answers["save"] = {"id": "1", "title": title}
    assert "errors" not in await gateway.query('mutation { save(input: {id: "1"}) { title } }')


@pytest.mark.parametrize("size", [1, 40, 126, 5_000, 65_400, 65_536, 200_000])
async def test_a_push_of_any_size_arrives(size: int) -> None:
    gateway = Gateway()
    async with served(gateway) as port, subscribed(port) as client:
        await save(gateway, "x" * size)
        assert (await until(client, "data"))["payload"]["data"]["onTask"]["title"] == "x" * size


async def test_pushes_stay_in_order_when_the_reader_falls_behind_and_catches_up() -> None:
    gateway = Gateway()
    count = 60
    async with served(gateway) as port, subscribed(port, max_queue=1) as client:
        for number in range(count):
            await save(gateway, f"{number} {'x' * 50_000}")
        titles = [(await until(client, "data"))["payload"]["data"]["onTask"]["title"] for _ in range(count)]
    assert [int(title.split()[0]) for title in titles] == list(range(count))


async def test_a_reader_that_never_reads_is_cut_off_within_its_limit_and_the_others_are_served() -> None:
    gateway = Gateway(limits=Limits(max_unread_bytes=500_000))
    async with served(gateway) as port, subscribed(port) as quick, subscribed(port, max_queue=1) as slow:
        slow.transport.pause_reading()
        for _ in range(400):
            await save(gateway, "x" * 100_000)
            await until(quick, "data")
            if len(list(_subscribers(gateway))) == 1:
                break
        assert len(list(_subscribers(gateway))) == 1
        slow.transport.resume_reading()
        with pytest.raises(ConnectionClosed):
            await until(slow, "what never comes")


def _subscribers(gateway: Gateway) -> Iterator[object]:
    for by_values in gateway.engine.broker._groups["onTask"].values():
        for groups in by_values.values():
            for group in groups.values():
                yield from group.subscribers


async def test_a_connection_that_is_gone_is_written_to_no_more() -> None:
    gateway = Gateway()
    async with served(gateway) as port:
        async with subscribed(port) as client:
            client.transport.abort()
        await save(gateway, "into the void")
        async with subscribed(port) as client:
            await save(gateway, "here")
            assert (await until(client, "data"))["payload"]["data"]["onTask"]["title"] == "here"


@pytest.mark.parametrize(("size", "head"), [(125, 2), (126, 4), (65_535, 4), (65_536, 10)])
def test_a_frame_says_how_long_it_is(size: int, head: int) -> None:
    frame = framed(b"x" * size)
    assert len(frame) == size + head
    assert frame[0] == 0x81
    length = frame[1] if head == 2 else int.from_bytes(frame[2:head], "big")
    assert length == size
