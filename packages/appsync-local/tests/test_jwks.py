"""The cache of signing keys: one fetch for all who wait, and a new fetch for an unknown key."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from appsync_local.auth.jwks import JwksCache

ISSUER = "https://login.example/"
KEY = {"kid": "a", "kty": "RSA"}


class Issuer:
    """Answers when it is let; `failures` is how often it fails first."""

    def __init__(self, failures: int = 0) -> None:
        self.let = asyncio.Event()
        self.fetches = 0
        self.failures = failures

    async def fetch(self, issuer: str) -> list[dict[str, Any]]:
        assert issuer == ISSUER
        self.fetches += 1
        await self.let.wait()
        if self.fetches <= self.failures:
            raise ConnectionError
        return [KEY, {"kty": "without an id"}]


async def test_callers_share_a_running_fetch_of_the_keys() -> None:
    issuer = Issuer()
    keys = JwksCache(issuer.fetch, pause=60)
    asking = [asyncio.create_task(keys.key(ISSUER, "a")) for _ in range(3)]
    await asyncio.sleep(0)
    asking.append(asyncio.create_task(keys.key(ISSUER, "a")))
    await asyncio.sleep(0)
    issuer.let.set()
    assert await asyncio.gather(*asking) == [KEY] * 4
    assert issuer.fetches == 1


async def test_a_fetch_that_failed_is_tried_again_by_the_next_caller() -> None:
    issuer = Issuer(failures=1)
    issuer.let.set()
    keys = JwksCache(issuer.fetch, pause=60)
    with pytest.raises(ConnectionError):
        await keys.key(ISSUER, "a")
    assert await keys.key(ISSUER, "a") == KEY


async def test_a_caller_who_leaves_does_not_end_the_fetch_of_the_others() -> None:
    issuer = Issuer()
    keys = JwksCache(issuer.fetch, pause=60)
    leaving, staying = (asyncio.create_task(keys.key(ISSUER, "a")) for _ in range(2))
    await asyncio.sleep(0)
    leaving.cancel()
    issuer.let.set()
    assert await staying == KEY
    assert leaving.cancelled()


async def test_an_unknown_key_is_fetched_again_after_the_pause() -> None:
    issuer, now = Issuer(), [0.0]
    issuer.let.set()
    keys = JwksCache(issuer.fetch, pause=60, clock=lambda: now[0])
    fetches = []
    for now[0] in (0, 59, 60):
        assert await keys.key(ISSUER, "b") is None
        fetches.append(issuer.fetches)
    assert fetches == [1, 1, 2]
