"""The keys of OpenID Connect providers, found as AppSync finds them: by the provider's discovery document."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    Fetch = Callable[[str], Awaitable[Mapping[str, Any]]]

_ASK_AGAIN_AFTER = 60.0


class DiscoveredKeys:
    """A `SigningKeys`: keys are kept, and asked for again (once a minute at most) when one is not known.

    `fetch` answers the JSON object at an address. Only issuers that the API names are ever asked about.
    """

    def __init__(self, fetch: Fetch, clock: Callable[[], float] = time.monotonic) -> None:
        self._fetch = fetch
        self._clock = clock
        self._kept: dict[str, tuple[float, dict[str, Mapping[str, object]]]] = {}

    async def key(self, issuer: str, key_id: str) -> Mapping[str, object] | None:
        """Answer the issuer's key as a JWK, or None when it has no such key."""
        asked_at, keys = self._kept.get(issuer, (float("-inf"), {}))
        if key_id not in keys and self._clock() - asked_at >= _ASK_AGAIN_AFTER:
            keys = await self._discover(issuer)
            self._kept[issuer] = (self._clock(), keys)
        return keys.get(key_id)

    async def _discover(self, issuer: str) -> dict[str, Mapping[str, object]]:
        found = await self._fetch(f"{issuer.rstrip('/')}/.well-known/openid-configuration")
        if found.get("issuer") != issuer:
            return {}
        listed = (await self._fetch(str(found["jwks_uri"]))).get("keys", [])
        return {str(key["kid"]): key for key in listed if "kid" in key}
