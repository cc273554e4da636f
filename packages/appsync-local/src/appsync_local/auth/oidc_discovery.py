"""The keys of OpenID Connect providers, found as AppSync finds them: by the provider's discovery document."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from appsync_local.auth.jwks import KeptKeys

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Mapping

    from appsync_local.auth.jwks import Jwk

    Fetch = Callable[[str], Awaitable[Mapping[str, Any]]]

_ASK_AGAIN_AFTER = 60.0


class DiscoveredKeys(KeptKeys):
    """A `SigningKeys`: keys are kept, and asked for again (once a minute at most) when one is not known.

    `fetch` answers the JSON object at an address. Only issuers that the API names are ever asked about.
    """

    def __init__(self, fetch: Fetch, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__(lambda issuer: _discover(fetch, issuer), pause=_ASK_AGAIN_AFTER, clock=clock)


async def _discover(fetch: Fetch, issuer: str) -> Iterable[Jwk]:
    found = await fetch(f"{issuer.rstrip('/')}/.well-known/openid-configuration")
    if found.get("issuer") != issuer:
        return []
    keys: Iterable[Jwk] = (await fetch(str(found["jwks_uri"]))).get("keys", [])
    return keys
