"""The gateway on real sockets: frames of each size, and readers that do not read."""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
import ssl
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
import uvicorn
from uvicorn.server import ServerState
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Subprotocol

from appsync_local import Limits
from appsync_local.transport.uvicorn import framed, make_server, server_options
from support.gateway import KEY_HEADERS, Gateway, encoded

DEADLINE = 10
ON_TASK = "subscription { onTask { title } }"


@contextlib.asynccontextmanager
async def served(gateway: Gateway, header_seconds: float = DEADLINE) -> AsyncIterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = make_server(gateway.app, header_seconds=header_seconds)
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


async def answer_to(port: int, *parts: bytes) -> bytes:
    """Send the parts, a little apart, and return all that comes until the connection ends."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    async with asyncio.timeout(DEADLINE):
        for part in parts:
            writer.write(part)
            await writer.drain()
        received = await reader.read()
        writer.close()
        await writer.wait_closed()
    return received


HEAD = b"POST /graphql HTTP/1.1\r\nhost: 127.0.0.1\r\n"


async def test_headers_that_never_end_are_408_and_a_silent_connection_is_closed() -> None:
    async with served(Gateway(), header_seconds=0.05) as port:
        assert (await answer_to(port, HEAD)).startswith(b"HTTP/1.1 408 Request Timeout\r\nconnection: close")
        assert (await answer_to(port, HEAD[:10])).startswith(b"HTTP/1.1 408 ")
        assert await answer_to(port) == b""


class Transport(asyncio.Transport):
    """Keeps what is written, up to the close."""

    def __init__(self) -> None:
        super().__init__()
        self.written: list[bytes] = []
        self.closed = False

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self.written.append(bytes(data))

    def close(self) -> None:
        self.closed = True

    def is_closing(self) -> bool:
        return self.closed


@pytest.mark.parametrize("part", [b"x-many: " + b"x" * 1_000 + b"\r\n", b"x" * 1_000])
async def test_headers_without_end_are_431_and_read_no_further(part: bytes) -> None:
    config = uvicorn.Config(Gateway().app, **server_options())
    config.load()
    make_protocol: Any = config.http_protocol_class
    protocol = make_protocol(config=config, server_state=ServerState(), app_state={})
    transport = Transport()
    protocol.connection_made(transport)
    protocol.data_received(HEAD + b"x: ")
    sent = 0
    while not transport.closed:
        protocol.data_received(part)
        sent += len(part)
    assert 64 * 1024 < sent < 67 * 1024
    (answer,) = transport.written
    assert answer.startswith(b"HTTP/1.1 431 ")
    protocol.connection_lost(None)


async def test_a_body_that_never_ends_is_408_and_the_connection_is_closed() -> None:
    async with served(Gateway(limits=Limits(request_seconds=0.05))) as port:
        answer = await answer_to(port, HEAD + b"content-length: 9\r\n\r\n{")
        assert answer.startswith(b"HTTP/1.1 408 ")
        assert b"\r\nconnection: close\r\n" in answer


async def test_a_connection_on_which_no_next_request_comes_is_closed_whatever_else_comes() -> None:
    request = HEAD + b"content-length: 2\r\n\r\n{}"
    async with served(Gateway(), header_seconds=0.05) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(request)
        assert (await reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 401 ")
        writer.write(b"\r\n")
        async with asyncio.timeout(DEADLINE):
            await reader.read()
        writer.close()


async def test_a_client_that_sends_too_much_and_closes_reads_the_413() -> None:
    head = HEAD + b"connection: close\r\ncontent-length: 20000000\r\n\r\n"
    async with served(Gateway()) as port:
        answer = await answer_to(port, head, *[b"x" * 1_000_000] * 20)
    assert answer.startswith(b"HTTP/1.1 413 ")
    assert b"Request body exceeds 1000000 bytes." in answer


async def test_requests_that_follow_each_other_slowly_or_at_once_are_all_answered() -> None:
    request = HEAD + b"content-length: 2\r\n\r\n{}"
    last = HEAD + b"connection: close\r\ncontent-length: 2\r\n\r\n{}"
    async with served(Gateway()) as port:
        assert (await answer_to(port, request + request + last)).count(b"HTTP/1.1 401 ") == 3


async def test_tls_on_a_plain_port_is_told_what_to_use(caplog: pytest.LogCaptureFixture) -> None:
    async with served(Gateway()) as port:
        with pytest.raises(ssl.SSLError):
            await asyncio.open_connection("127.0.0.1", port, ssl=ssl.create_default_context())
        assert "Use http:// and ws://" in caplog.text
        assert b"HTTP:// in capitals" in await answer_to(port, b"\x16\x03\x01\x02\x00\x01")


async def test_a_body_may_begin_as_tls_does() -> None:
    async with served(Gateway()) as port:
        answer = await answer_to(port, HEAD + b"connection: close\r\ncontent-length: 2\r\n\r\n", b"\x16\x03")
        assert b"Use http:// and ws://" not in answer
