"""Tokens of Cognito user pools: RS256 by the pool's key, issuer, expiry, use and client."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import jwt

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from local.appsync.definition import UserPool
    from local.appsync.ports import SigningKeys

_KEPT = 1_000


class TokenVerifier:
    """Proves tokens; proved ones are kept, because a client sends the same token with each request."""

    def __init__(self, pools: Sequence[UserPool], keys: SigningKeys, clock: Callable[[], float]) -> None:
        self._pools = {pool.issuer: pool for pool in pools}
        self._keys = keys
        self._clock = clock
        self._proved: dict[str, tuple[UserPool, Mapping[str, Any]]] = {}

    async def claims(self, token: str) -> tuple[UserPool, Mapping[str, Any]]:
        """Answer the pool and the claims; raise ValueError with AppSync's message."""
        proved = self._proved.get(token)
        if proved is None:
            proved = await self._prove(token)
            if len(self._proved) >= _KEPT:
                self._proved.pop(next(iter(self._proved)))
            self._proved[token] = proved
        if self._clock() >= proved[1]["exp"]:
            self._proved.pop(token, None)
            raise ValueError("Token has expired.")
        return proved

    async def _prove(self, token: str) -> tuple[UserPool, Mapping[str, Any]]:
        header, unproved = _read(token)
        pool = self._pools.get(str(unproved.get("iss")))
        if pool is None or header.get("alg") != "RS256":
            raise ValueError("You are not authorized to make this call.")
        key = await self._keys.key(pool.issuer, str(header.get("kid")))
        if key is None:
            raise ValueError("You are not authorized to make this call.")
        try:
            claims = jwt.decode(
                token,
                jwt.PyJWK(dict(key), algorithm="RS256"),
                algorithms=["RS256"],
                issuer=pool.issuer,
                options={
                    "require": ["exp", "iss", "token_use"],
                    "verify_aud": False,
                    "verify_exp": False,
                    "verify_iat": False,
                    "verify_nbf": False,
                },
            )
        except jwt.PyJWTError as problem:
            raise ValueError("You are not authorized to make this call.") from problem
        _require_use_and_client(pool, claims)
        return pool, claims


def _read(token: str) -> tuple[dict[str, Any], dict[str, Any]]:
    try:
        header = jwt.get_unverified_header(token)
        return header, jwt.decode(token, options={"verify_signature": False})
    except jwt.PyJWTError as problem:
        raise ValueError("Unable to parse JWT token.") from problem


def _require_use_and_client(pool: UserPool, claims: Mapping[str, Any]) -> None:
    use = claims["token_use"]
    client = claims.get("aud") if use == "id" else claims.get("client_id")
    known_client = pool.client_pattern is None or (
        isinstance(client, str) and pool.client_pattern.fullmatch(client) is not None
    )
    if use not in {"id", "access"} or not known_client or not isinstance(claims["exp"], int | float):
        raise ValueError("You are not authorized to make this call.")
