"""The ceiling: the same server with an application that does nothing but answer and push constant texts."""

from __future__ import annotations

import asyncio
import contextlib
import json
from typing import Any

import uvloop
from appsync_local.transport.asgi import WRITE_NOW
from appsync_local.transport.uvicorn import make_server

from benchmarks.gateway.serve import API_KEY, listen

TASK = (
    b'{"id":"t","ownerId":"guest","title":"Read chapter 4","description":"Chapters four to six, with the exercises",'
    b'"status":"PENDING","labels":["reading"],"dueAt":null,"createdAt":"2027-01-15T18:00:00.000Z","version":1,'
    b'"processing":{"state":"QUEUED","step":null}}'
)
ANSWER = b'{"data":{"createTask":%b}}' % TASK
HEADERS = [(b"content-type", b"application/json"), (b"content-length", str(len(ANSWER)).encode())]


class Bare:
    """An ASGI application without GraphQL, credentials or protocol."""

    def __init__(self) -> None:
        self._writers: dict[Any, bytes] = {}

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer a request and push, or keep a connection."""
        if scope["type"] == "websocket":
            await self._converse(scope, receive, send)
        elif scope["type"] == "http":
            body = (await receive())["body"]
            if b"createTask" in body:
                for write, frame in self._writers.items():
                    write(frame)
            await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
            await send({"type": "http.response.body", "body": ANSWER})

    async def _converse(self, scope: Any, receive: Any, send: Any) -> None:
        await receive()
        await send({"type": "websocket.accept", "subprotocol": "graphql-ws"})
        write = scope["extensions"][WRITE_NOW]
        await receive()
        write(b'{"type":"connection_ack"}')
        started = json.loads((await receive())["text"])
        write(b'{"type":"start_ack"}')
        payload = b'{"data":{"onCreateTask":%b}}' % TASK
        self._writers[write] = b'{"id":"%b","type":"data","payload":%b}' % (started["id"].encode(), payload)
        with contextlib.suppress(Exception):
            await receive()
        del self._writers[write]


async def serve() -> None:
    """Listen on a free port until cancelled."""
    listening, told = listen()
    print(json.dumps(told | {"apiKey": API_KEY}), flush=True)
    await make_server(Bare()).serve(sockets=[listening])


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt), asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(serve())
