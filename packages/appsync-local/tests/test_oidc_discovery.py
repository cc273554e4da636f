"""Keys of OpenID Connect providers."""

from __future__ import annotations

from typing import Any

from appsync_local.auth.oidc_discovery import OidcJwksCache

ISSUER = "https://login.example/"


class Provider:
    def __init__(self, issuer: str = ISSUER) -> None:
        self.keys = [{"kid": "a", "kty": "RSA"}]
        self.issuer = issuer
        self.fetched: list[str] = []

    async def fetch(self, url: str) -> dict[str, Any]:
        self.fetched.append(url)
        if url.endswith("configuration"):
            return {"issuer": self.issuer, "jwks_uri": "https://login.example/keys"}
        return {"keys": [*self.keys, {"kty": "without an id"}]}


async def test_a_key_is_found_by_discovery_and_kept() -> None:
    provider = Provider()
    keys = OidcJwksCache(provider.fetch)
    assert await keys.key(ISSUER, "a") == await keys.key(ISSUER, "a") == {"kid": "a", "kty": "RSA"}
    assert provider.fetched == ["https://login.example/.well-known/openid-configuration", "https://login.example/keys"]


async def test_an_unknown_key_is_fetched_again_after_a_minute() -> None:
    provider, now = Provider(), [0.0]
    keys = OidcJwksCache(provider.fetch, clock=lambda: now[0])
    assert await keys.key(ISSUER, "b") is None
    provider.keys.append({"kid": "b", "kty": "RSA"})
    now[0] = 59
    assert await keys.key(ISSUER, "b") is None
    now[0] = 60
    assert await keys.key(ISSUER, "b") == {"kid": "b", "kty": "RSA"}


async def test_a_provider_that_calls_itself_otherwise_has_no_keys() -> None:
    assert await OidcJwksCache(Provider("https://elsewhere.example").fetch).key(ISSUER, "a") is None
