"""The keys of OpenID Connect providers, found by their discovery documents, as AppSync does."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from appsync_local.auth.jwks import JwksCache

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Mapping

    from appsync_local.auth.jwks import Jwk

    Fetch = Callable[[str], Awaitable[Mapping[str, Any]]]

_PAUSE_SECONDS = 60.0


class OidcJwksCache(JwksCache):
    """A `SigningKeys` that fetches an issuer's keys at most once a minute; only for the API's issuers."""

    def __init__(self, fetch: Fetch, clock: Callable[[], float] = time.monotonic) -> None:
        """Make an empty cache.

        Args:
            fetch: Returns the JSON object at a URL.
            clock: Seconds of any origin.
        """
        super().__init__(lambda issuer: _discover(fetch, issuer), pause=_PAUSE_SECONDS, clock=clock)


async def _discover(fetch: Fetch, issuer: str) -> Iterable[Jwk]:
    found = await fetch(f"{issuer.rstrip('/')}/.well-known/openid-configuration")
    if found.get("issuer") != issuer:
        return []
    keys: Iterable[Jwk] = (await fetch(str(found["jwks_uri"]))).get("keys", [])
    return keys
