"""A cache of signing keys: an unknown key is fetched once for all callers that wait for it, at a limited rate."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Mapping

    Jwk = Mapping[str, object]
    FetchKeys = Callable[[str], Awaitable[Iterable[Jwk]]]


class JwksCache:
    """A `SigningKeys` that fetches the keys of an issuer, and again for a key that is not among them."""

    def __init__(self, fetch: FetchKeys, *, pause: float, clock: Callable[[], float] = time.monotonic) -> None:
        """Make an empty cache.

        Args:
            fetch: Returns the keys of an issuer as JWKs. When it fails, all who waited for it get its exception, and
                the next caller fetches again.
            pause: Seconds after a response until the same issuer's keys are fetched again.
            clock: Seconds of any origin.
        """
        self._fetch = fetch
        self._pause = pause
        self._clock = clock
        self._responses: dict[str, tuple[float, dict[str, Jwk]]] = {}
        self._fetching: dict[str, asyncio.Task[dict[str, Jwk]]] = {}

    async def key(self, issuer: str, key_id: str) -> Jwk | None:
        """Return the issuer's key as a JWK, or None when it has no such key."""
        fetched_at, keys = self._responses.get(issuer, (float("-inf"), {}))
        if key_id not in keys and self._clock() - fetched_at >= self._pause:
            keys = await asyncio.shield(self._fetching.get(issuer) or self._begin(issuer))
        return keys.get(key_id)

    def _begin(self, issuer: str) -> asyncio.Task[dict[str, Jwk]]:
        fetching = self._fetching[issuer] = asyncio.create_task(self._load(issuer))
        fetching.add_done_callback(lambda _ended: self._fetching.pop(issuer))
        return fetching

    async def _load(self, issuer: str) -> dict[str, Jwk]:
        keys = {str(key["kid"]): key for key in await self._fetch(issuer) if "kid" in key}
        self._responses[issuer] = (self._clock(), keys)
        return keys
