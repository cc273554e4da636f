"""The proxy forwards requests as they are, or does to them what it was told."""

import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web

from local.settings import LOOPBACK
from tests.support.fault_proxy import Fault, FaultProxy
from tests.support.local_system import free_port, free_settings

_SIGNED = {
    "Authorization": "AWS4-HMAC-SHA256 Credential=KEY/20260101/eu-central-1/sqs/aws4_request, SignedHeaders=host"
}


class Only(random.Random):
    """Chooses one fault, always."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(0)
        self.fault = fault

    def choice(self, seq: object) -> Fault:  # type: ignore[override]
        return self.fault


@dataclass
class Target:
    """What stands behind the proxy: it remembers the hosts and bodies of requests."""

    seen: list[tuple[str, bytes]] = field(default_factory=list)

    async def handle(self, request: web.BaseRequest) -> web.Response:
        self.seen.append((request.headers["Host"], await request.read()))
        return web.Response(status=203, text="done", headers={"x-amz-crc32": "1"})


@asynccontextmanager
async def proxied(target: Target, proxy: FaultProxy) -> AsyncIterator[tuple[aiohttp.ClientSession, str]]:
    runner = web.ServerRunner(web.Server(target.handle))
    await runner.setup()
    await web.TCPSite(runner, LOOPBACK, proxy.settings.aws_port).start()
    async with proxy.serving(), aiohttp.ClientSession() as http:
        yield http, f"http://{LOOPBACK}:{proxy.settings.functions_port}/a%2Fb?c=d"
    await runner.cleanup()


def proxy_with(fault: Fault, tmp_path: Path, *, limit: int = 1) -> FaultProxy:
    settings = replace(free_settings(tmp_path), functions_port=free_port())
    return FaultProxy(settings, Only(fault), rate=1, limit=limit, slow=(0, 0), faulty=True)


@pytest.mark.parametrize(
    ("fault", "status", "error"),
    [
        (Fault.THROTTLED, 400, "ThrottlingException"),
        (Fault.SERVER_ERROR, 500, "InternalServerError"),
        (Fault.SLOW, 203, None),
    ],
)
async def test_a_fault_is_answered_as_aws_would_and_the_next_request_passes(
    tmp_path: Path, fault: Fault, status: int, error: str | None
) -> None:
    target, proxy = Target(), proxy_with(fault, tmp_path)
    async with proxied(target, proxy) as (http, url):
        async with http.post(url, data=b"1", headers=_SIGNED) as answer:
            assert (answer.status, answer.headers.get("x-amzn-errortype")) == (status, error)
        async with http.post(url, data=b"2", headers=_SIGNED) as answer:
            assert (answer.status, await answer.text(), answer.headers["x-amz-crc32"]) == (203, "done", "1")
    assert target.seen[-1] == (f"{LOOPBACK}:{proxy.settings.functions_port}", b"2")
    assert proxy.injected == {(fault, "sqs"): 1}


@pytest.mark.parametrize(("fault", "effects"), [(Fault.CUT_BEFORE, 0), (Fault.CUT_AFTER, 1)])
async def test_a_connection_is_cut_before_or_after_the_effect(tmp_path: Path, fault: Fault, effects: int) -> None:
    target, proxy = Target(), proxy_with(fault, tmp_path)
    async with proxied(target, proxy) as (http, url):
        with pytest.raises(aiohttp.ClientError):
            await http.post(url, data=b"1", headers=_SIGNED)
    assert len(target.seen) == effects


async def test_nothing_fails_before_it_is_told_to(tmp_path: Path) -> None:
    target, proxy = Target(), proxy_with(Fault.CUT_BEFORE, tmp_path)
    proxy.faulty = False
    async with proxied(target, proxy) as (http, url), http.post(url, data=b"1", headers=_SIGNED) as answer:
        assert answer.status == 203
    assert not proxy.injected
