"""The pages, and the API over a table in memory: the local AppSync, the service's functions, the pipeline behind them.

    python -m benchmarks.web.serve [--tasks 5000]

prints one line of JSON when it listens: {"url"}. `/benchmark/sent` says when the gateway sent which title to a browser.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import re
import socket
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import uvloop
from appsync_local import StaticPages
from appsync_local.testing import API_KEY, LocalApi
from appsync_local.transport.asgi import respond
from appsync_local.transport.uvicorn import make_server

from benchmarks.pipeline_in_memory import Service, service
from local.compilation import compile_template
from local.settings import CHECKOUT, Settings
from local.web_pages import OUTPUTS, outputs_for_page, web_pages
from resolvers import read_tasks, write_tasks
from taskbell import bootstrap
from tests.support.graphql_api import make_graphql_api
from tests.support.lambdas import CONTEXT, appsync_event, call

if TYPE_CHECKING:
    from appsync_local.transport.asgi import Message, Receive, Scope, Send

PEER = CHECKOUT / ".build/bench/web/peer"
FUNCTIONS = ("ReadTasks", "WriteTasks", "ManageDeadLetters", "FollowCalendars", "FindStudents", "ObservePipeline")
_TITLE = re.compile(r'"title":"([^"]*)"')
_JSON = [(b"content-type", b"application/json")]
_SUBJECTS = ("history", "physics", "Latin", "geometry", "essay", "reading")


class Backend:
    """The API in this process, with one owner: the guest."""

    def __init__(self, template: dict[str, Any], running: Service) -> None:
        self.sent: list[tuple[float, str]] = []
        self._service = running
        self._pushes: list[dict[str, Any]] = []
        self._settling: asyncio.Task[None] | None = None
        handlers = dict.fromkeys((f"{name}LambdaFunction" for name in FUNCTIONS), self._read)
        self.api: LocalApi = make_graphql_api(template, handlers | {"WriteTasksLambdaFunction": self._write})
        bootstrap.provide(http=self)

    status, data = 200, b'{"data": {}}'

    def request(self, *_: Any, body: str, **__: Any) -> Backend:
        """Take a push of the pipeline, as AppSync does; it is made when the pipeline's step is over."""
        self._pushes.append(json.loads(body))
        return self

    def seed(self, count: int) -> None:
        """Create that many tasks: some overdue, some due today and later, some without a date, a tenth completed."""
        for first in range(0, count, 25):
            inputs = [_task(number) for number in range(first, min(first + 25, count))]
            self._now()
            call(write_tasks.handler, appsync_event("Mutation", "createTasks", {"input": inputs}))
            self._service.settle()
        self._pushes.clear()

    async def _read(self, event: Any, _context: None) -> Any:
        self._now()
        return read_tasks.handler(event, CONTEXT)

    async def _write(self, event: Any, _context: None) -> Any:
        self._now()
        answer = write_tasks.handler(event, CONTEXT)
        self._settling = asyncio.create_task(self._settle())
        return answer

    async def _settle(self) -> None:
        self._now()
        self._service.settle()
        pushes, self._pushes = self._pushes, []
        for push in pushes:
            await self.api.query(push["query"], push["variables"], caller=self.api.iam_role())

    def _now(self) -> None:
        self._service.now = datetime.now(UTC)


def _task(number: int) -> dict[str, Any]:
    days = number % 90 - 30
    due = (
        None if number % 5 == 0 else (datetime.now(UTC) + timedelta(days=days if number % 3 else 0)).date().isoformat()
    )
    return {
        "title": f"{_SUBJECTS[number % len(_SUBJECTS)]} {number}: chapters four to six, with the exercises",
        "labels": [_SUBJECTS[(number + 1) % len(_SUBJECTS)]],
        "priority": ("NORMAL", "NORMAL", "HIGH", "LOW", "URGENT")[number % 5],
        "status": "COMPLETED" if number % 10 == 9 else "PENDING",
        "dueAt": due,
    }


class App:
    """The ASGI application: the pages, the peer's page, the API."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend
        self._pages = web_pages()
        self._peer = StaticPages(PEER, lambda _path: [])

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, one WebSocket, or the lifespan events."""
        path = scope.get("path", "")
        if scope["type"] == "websocket":
            await self._backend.api.app({**scope, "extensions": {}}, receive, self._timed(send))
        elif scope["type"] == "lifespan" or path == "/graphql":
            await self._backend.api.app(scope, receive, send)
        elif path == "/benchmark/sent":
            await respond(send, 200, json.dumps(self._backend.sent).encode(), _JSON)
        elif path == "/local/connection":
            await respond(send, 200, b'{"users": []}', _JSON)
        elif path == OUTPUTS:
            host = dict(scope["headers"])[b"host"].decode()
            await respond(send, 200, json.dumps(outputs_for_page(_outputs(), f"http://{host}")).encode(), _JSON)
        else:
            found = self._peer.find(path.removeprefix("/peer")) if path.startswith("/peer") else self._pages.find(path)
            body, headers = found or (b"", [])
            await respond(send, 200 if found else 404, body, headers)

    def _timed(self, send: Send) -> Send:
        async def timed(message: Message) -> None:
            text = message.get("text") or (message.get("bytes") or b"").decode()
            if message["type"] == "websocket.send" and (title := _TITLE.search(text)):
                self._backend.sent.append((time.time() * 1_000, title[1]))
            await send(message)

        return timed


def _outputs() -> dict[str, Any]:
    return {"version": "1", "data": {"api_key": API_KEY, "aws_region": "eu-central-1"}}


async def _compiled() -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "tmp").mkdir()
        template, _ = await compile_template(Settings(state=Path(folder)))
    return template


async def serve(tasks: int) -> None:
    """Listen on a free port until cancelled."""
    template = await _compiled()
    with service() as running:
        backend = Backend(template, running)
        backend.seed(tasks)
        listening = socket.create_server(("127.0.0.1", 0), backlog=2048)
        print(json.dumps({"url": f"http://127.0.0.1:{listening.getsockname()[1]}"}), flush=True)
        await make_server(App(backend)).serve(sockets=[listening])


def main() -> None:
    """Serve until the process is ended."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tasks", type=int, default=5_000)
    options = parser.parse_args()
    with contextlib.suppress(KeyboardInterrupt), asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(serve(options.tasks))


if __name__ == "__main__":
    main()
