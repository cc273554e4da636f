"""The application under test: fake ports, and an ASGI client without sockets."""

from __future__ import annotations

import asyncio
import base64
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import orjson

from appsync_local import Limits, create_app
from appsync_local.protocols import FunctionError, IamCaller, SignatureError
from support.sample_api import API_KEY, NOW, SCHEMA, definition, template

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence

SIGNED = "AWS4-HMAC-SHA256 Credential=publisher"
KEY_HEADERS = {"x-api-key": API_KEY}
DEADLINE = 30  # for what would hang: a busy machine may stall for seconds


class FakeFunctions:
    """Returns the value that a test set for each field; a function is called with the event."""

    def __init__(self) -> None:
        self.answers: dict[str, Any] = {}
        self.events: list[Any] = []

    async def invoke(self, function: str, event: object) -> object:
        assert function in {"TasksLambdaFunction", "AuthorizerLambdaFunction"}
        seen = orjson.loads(orjson.dumps(event))
        self.events.append(seen)
        one = seen[0] if isinstance(seen, list) else seen
        answer = self.answers.get(one["info"]["fieldName"] if "info" in one else "authorize")
        if callable(answer):
            answer = answer(seen)
        if asyncio.iscoroutine(answer):
            answer = await answer
        if isinstance(answer, Exception):
            raise answer
        return answer


class FakeIam:
    """Knows one signer; `allowed` are the ARNs of the fields that its policy names."""

    def __init__(self) -> None:
        self.allowed = {"arn:aws:appsync:eu-central-1:000000000000:apis/api1/types/Mutation/fields/publish"}
        self.signed: list[tuple[str, str, bytes]] = []
        self.unreachable = False

    async def authenticate(
        self, method: str, path: str, headers: Sequence[tuple[bytes, bytes]], body: bytes
    ) -> IamCaller:
        self.signed.append((method, path, body))
        if self.unreachable and path == "/graphql/connect":
            raise OSError("connect to 127.0.0.1:4066 refused")
        if (b"authorization", SIGNED.encode()) not in headers:
            raise SignatureError("The request signature we calculated does not match.", "InvalidSignatureException")
        arn = "arn:aws:sts::000000000000:assumed-role/publisher/run"
        return IamCaller(arn, "000000000000", "AROA:run", "ASIA1")

    async def allows(self, caller: IamCaller, action: str, resource: str) -> bool:
        if self.unreachable:
            raise OSError("connect to 127.0.0.1:4066 refused")
        return caller.access_key_id == "ASIA1" and action == "appsync:GraphQL" and resource in self.allowed


class FakeKeys:
    """The pool's keys, by issuer and id; `broken` is what asking for one raises."""

    def __init__(self) -> None:
        self.known: dict[tuple[str, str], Mapping[str, object]] = {}
        self.broken: Exception | None = None

    async def key(self, issuer: str, key_id: str) -> Mapping[str, object] | None:
        if self.broken:
            raise self.broken
        return self.known.get((issuer, key_id))


@dataclass
class Answer:
    """An HTTP response."""

    status: int
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        return orjson.loads(self.body)


@dataclass
class Gateway:
    """The application under test with its fakes."""

    functions: FakeFunctions = field(default_factory=FakeFunctions)
    iam: FakeIam = field(default_factory=FakeIam)
    keys: FakeKeys = field(default_factory=FakeKeys)
    limits: Limits = field(default_factory=Limits)
    options: dict[str, Any] = field(default_factory=dict)
    compiled: dict[str, Any] = field(default_factory=template)
    schema: str = SCHEMA
    now: float = NOW

    def __post_init__(self) -> None:
        if deployed := "Schema" in self.compiled["Resources"]:
            self.compiled["Resources"]["Schema"]["Properties"]["Definition"] = self.schema
        self.app = create_app(
            definition(self.compiled),
            schema=None if deployed else self.schema,
            functions=self.functions,
            iam=self.iam,
            signing_keys=self.keys,
            clock=lambda: self.now,
            limits=self.limits,
            **self.options,
        )

    @property
    def engine(self) -> Any:
        """The engine behind the guard and the transports."""
        return self.app.app._engine  # type: ignore[attr-defined]

    async def request(
        self, method: str, path: str, body: bytes = b"", headers: Mapping[str, str] | None = None
    ) -> Answer:
        """Send one HTTP request."""
        bare, _, query = path.partition("?")
        all_headers = {"host": "127.0.0.1:4000", **(headers or {})}
        scope = {
            "type": "http",
            "method": method,
            "path": bare,
            "scheme": "http",
            "query_string": query.encode(),
            "headers": [(name.lower().encode(), value.encode()) for name, value in all_headers.items()],
            "client": ("127.0.0.1", 50_000),
        }
        sent: list[dict[str, Any]] = []

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: Any) -> None:
            sent.append(message)

        await asyncio.wait_for(self.app(scope, receive, send), DEADLINE)
        answered = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
        return Answer(sent[0]["status"], answered, sent[1]["body"])

    async def query(self, text: str, headers: Mapping[str, str] = KEY_HEADERS, **more: Any) -> Any:
        """Ask over HTTP, and answer the body."""
        answer = await self.request("POST", "/graphql", orjson.dumps({"query": text, **more}), headers)
        return answer.json()

    def connect(
        self, *subprotocols: str, path: str = "/graphql", query: str = "", headers: Mapping[str, str] | None = None
    ) -> Socket:
        """Open a WebSocket."""
        return Socket(self.app, path, query, subprotocols, headers or {})

    async def listen(self, shown: Mapping[str, str] | None = None) -> Socket:
        """Open a real-time connection, past its acknowledgement."""
        socket = self.connect("graphql-ws", query=f"header={encoded(shown or KEY_HEADERS)}")
        await socket.send({"type": "connection_init"})
        assert (await socket.next())["type"] == "connection_ack"
        return socket


class Socket:
    """A client's end of a WebSocket; reads skip `ka` by default."""

    def __init__(
        self,
        app: Callable[..., Awaitable[None]],
        path: str,
        query: str,
        subprotocols: Sequence[str],
        headers: Mapping[str, str],
    ) -> None:
        self._to_app: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.from_app: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.reading = asyncio.Event()
        self.reading.set()
        self.subprotocol: str | None = None
        self.close_code: int | None = None
        all_headers = {"host": "127.0.0.1:4000", "x-seen": "at connect", **headers}
        scope = {
            "type": "websocket",
            "path": path,
            "scheme": "ws",
            "query_string": query.encode(),
            "headers": [(name.encode(), value.encode()) for name, value in all_headers.items()],
            "client": ("127.0.0.1", 50_001),
            "subprotocols": list(subprotocols),
        }
        self._to_app.put_nowait({"type": "websocket.connect"})
        self.task = asyncio.ensure_future(app(scope, self._to_app.get, self._take))

    async def _take(self, message: dict[str, Any]) -> None:
        await self.reading.wait()
        if message["type"] == "websocket.accept":
            self.subprotocol = message["subprotocol"]
            return
        self.from_app.put_nowait(message)

    async def send(self, message: object) -> None:
        """Send a message as JSON (a text as it is)."""
        text = message if isinstance(message, str) else orjson.dumps(message).decode()
        self._to_app.put_nowait({"type": "websocket.receive", "text": text})

    async def next(self, *, with_ka: bool = False) -> Any:
        """Return the next message; at a close, store its code and return None."""
        while True:
            frame = await asyncio.wait_for(self.from_app.get(), DEADLINE)
            if frame["type"] == "websocket.close":
                self.close_code = frame["code"]
                return None
            message = orjson.loads(frame["text"])
            if with_ka or message.get("type") != "ka":
                return message

    async def start(
        self,
        operation_id: str,
        text: str,
        variables: Mapping[str, Any] | None = None,
        shown: Mapping[str, str] = KEY_HEADERS,
    ) -> Any:
        """Start a subscription, and answer the first reply."""
        data = json.dumps({"query": text} | ({} if variables is None else {"variables": variables}))
        payload = {"data": data, "extensions": {"authorization": {"host": "h", **shown}}}
        await self.send({"id": operation_id, "type": "start", "payload": payload})
        return await self.next()

    async def is_silent(self) -> bool:
        """Return whether nothing arrives before the response to a message that is sent now."""
        await self.send({"type": "stop", "id": "a question"})
        return bool(await self.next() == {"type": "complete", "id": "a question"})

    async def leave(self) -> None:
        """Disconnect, and wait until the application is done."""
        self._to_app.put_nowait({"type": "websocket.disconnect", "code": 1000})
        await asyncio.wait_for(self.task, DEADLINE)


def encoded(shown: Mapping[str, str]) -> str:
    """Encode a header object as gql does."""
    return base64.b64encode(json.dumps(dict(shown)).encode()).decode()


def failure(message: str) -> FunctionError:
    """Raise as a Lambda does."""
    return FunctionError("Exception", message)
