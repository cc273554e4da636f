"""A proxy on loopback between functions and what they call, which throttles, fails, cuts and delays requests."""

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from enum import Enum

import aiohttp
from aiohttp import web
from multidict import CIMultiDict
from yarl import URL

from local.settings import LOOPBACK, Settings

_OF_CONNECTIONS = {"connection", "keep-alive", "transfer-encoding", "content-length"}


class Fault(Enum):
    """What happens to a request."""

    THROTTLED = "throttled"
    SERVER_ERROR = "server error"
    CUT_BEFORE = "cut before its effect"
    CUT_AFTER = "cut after its effect"
    SLOW = "slow"


@dataclass
class FaultProxy:
    """Forwards requests for `/graphql` to the gateway and all others to AWS, as they were signed.

    Attributes:
        chance: Chooses which requests fail, and how.
        rate: The share of the requests of DynamoDB that fail; of others, which are fewer, three times as many do.
        limit: How many fail at most.
        slow: The seconds by which an answer is late, at least and at most: the functions' clients wait for two.
        interrupt: Awaited with the body of each request; true cuts its connection before it is forwarded.
        faulty: Whether requests fail now.
        injected: The faults so far, by kind and target.
    """

    settings: Settings
    chance: random.Random
    rate: float = 0
    limit: int = 0
    slow: tuple[float, float] = (0.2, 3.0)
    injected: Counter[tuple[Fault, str]] = field(default_factory=Counter)
    forwarded: int = 0
    faulty: bool = False
    interrupt: Callable[[bytes], Awaitable[bool]] | None = None

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[None]:
        """Serve at the settings' port of functions."""
        async with aiohttp.ClientSession(auto_decompress=False, timeout=aiohttp.ClientTimeout(total=30)) as self._http:
            runner = web.ServerRunner(web.Server(self._handle), shutdown_timeout=0)
            await runner.setup()
            try:
                await web.TCPSite(runner, LOOPBACK, self.settings.functions_port).start()
                yield
            finally:
                await runner.cleanup()

    async def _handle(self, request: web.BaseRequest) -> web.StreamResponse:
        body = await request.read()
        target = _target(request)
        if self.interrupt and await self.interrupt(body):
            return _cut(request)
        fault = self._draw(target)
        if fault is Fault.THROTTLED:
            return _error(target, 429 if target == "appsync" else 400, "ThrottlingException")
        if fault is Fault.SERVER_ERROR:
            return _error(target, 500, "InternalServerError")
        if fault is Fault.CUT_BEFORE:
            return _cut(request)
        try:
            response = await self._forward(request, body, target)
        except (aiohttp.ClientError, TimeoutError):  # what it is for was killed
            return _cut(request)
        if fault is Fault.SLOW:
            await asyncio.sleep(self.chance.uniform(*self.slow))
        return _cut(request) if fault is Fault.CUT_AFTER else response

    def _draw(self, target: str) -> Fault | None:
        spent = self.injected.total() >= self.limit
        rate = self.rate if target == "dynamodb" else 3 * self.rate
        if spent or not self.faulty or self.chance.random() >= rate:
            return None
        fault = self.chance.choice(list(Fault))
        self.injected[fault, target] += 1
        return fault

    async def _forward(self, request: web.BaseRequest, body: bytes, target: str) -> web.Response:
        self.forwarded += 1
        base = self.settings.graphql_url.removesuffix("/graphql") if target == "appsync" else self.settings.aws_endpoint
        url = URL(f"{base}{request.raw_path}", encoded=True)
        async with self._http.request(request.method, url, data=body, headers=_kept(request.headers)) as answer:
            return web.Response(status=answer.status, body=await answer.read(), headers=_kept(answer.headers))


def _target(request: web.BaseRequest) -> str:
    """The service that a request is for, as its signature names it."""
    credential = request.headers.get("Authorization", "").partition("Credential=")[2].split(",")[0].split("/")
    return credential[3] if len(credential) > 3 else "unknown"


def _kept(headers: Mapping[str, str]) -> "CIMultiDict[str]":
    return CIMultiDict((name, value) for name, value in headers.items() if name.lower() not in _OF_CONNECTIONS)


def _error(target: str, status: int, code: str) -> web.Response:
    if target == "appsync":
        return web.json_response({"errors": [{"errorType": code, "message": "Injected."}]}, status=status)
    headers = {"x-amzn-errortype": code}
    return web.json_response({"__type": code, "message": "Injected."}, status=status, headers=headers)


def _cut(request: web.BaseRequest) -> web.Response:
    if request.transport is not None:
        request.transport.abort()
    return web.Response()
