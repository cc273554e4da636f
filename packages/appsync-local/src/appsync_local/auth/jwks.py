"""Signing keys, kept: fetched when one is not known, once for all who wait for it, and not too often."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Mapping

    Jwk = Mapping[str, object]
    FetchKeys = Callable[[str], Awaitable[Iterable[Jwk]]]


class KeptKeys:
    """A `SigningKeys` that keeps what `fetch` answers for an issuer: its keys as JWKs.

    It asks again for a key that is not known, at the earliest `pause` seconds after the last answer. A fetch that fails
    is no answer: whoever waited for it gets its exception, and the next caller asks again.
    """

    def __init__(self, fetch: FetchKeys, *, pause: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._fetch = fetch
        self._pause = pause
        self._clock = clock
        self._answers: dict[str, tuple[float, dict[str, Jwk]]] = {}
        self._fetching: dict[str, asyncio.Task[dict[str, Jwk]]] = {}

    async def key(self, issuer: str, key_id: str) -> Jwk | None:
        """Answer the issuer's key as a JWK, or None when it has no such key."""
        answered_at, keys = self._answers.get(issuer, (float("-inf"), {}))
        if key_id not in keys and self._clock() - answered_at >= self._pause:
            keys = await asyncio.shield(self._fetching.get(issuer) or self._begin(issuer))
        return keys.get(key_id)

    def _begin(self, issuer: str) -> asyncio.Task[dict[str, Jwk]]:
        fetching = self._fetching[issuer] = asyncio.create_task(self._ask(issuer))
        fetching.add_done_callback(lambda _ended: self._fetching.pop(issuer))
        return fetching

    async def _ask(self, issuer: str) -> dict[str, Jwk]:
        keys = {str(key["kid"]): key for key in await self._fetch(issuer) if "kid" in key}
        self._answers[issuer] = (self._clock(), keys)
        return keys
