"""Tokens of Cognito user pools and OpenID Connect providers: signature, issuer, times, use and client."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import jwt

from appsync_local.template.auth_providers import OidcProvider, UserPool

if TYPE_CHECKING:
    import re
    from collections.abc import Callable, Mapping

    from appsync_local.protocols import SigningKeys
    from appsync_local.template.auth_providers import AuthProviders

    Issuer = UserPool | OidcProvider

_KEPT = 1_000
_REFUSED = "You are not authorized to make this call."
_EXPIRED = "Token has expired."
_POOL_ALGORITHMS = {"RS256"}
_OIDC_ALGORITHMS = {f"{family}{bits}" for family in ("RS", "PS", "ES") for bits in (256, 384, 512)}
_CHECKED_HERE = {"verify_aud": False, "verify_exp": False, "verify_iat": False, "verify_nbf": False}


class TokenVerifier:
    """Proves tokens; proved ones are kept, because a client sends the same token with each request."""

    def __init__(self, providers: AuthProviders, keys: SigningKeys, clock: Callable[[], float]) -> None:
        issuers: list[Issuer] = [*providers.user_pools, *providers.oidc]
        self._issuers = {issuer.issuer: issuer for issuer in issuers}
        self._keys = keys
        self._clock = clock
        self._proved: dict[str, tuple[Issuer, Mapping[str, Any]]] = {}

    async def claims(self, token: str) -> tuple[Issuer, Mapping[str, Any]]:
        """Answer the issuer and the claims; raise ValueError with AppSync's message."""
        proved = self._proved.get(token)
        if proved is None:
            proved = await self._prove(token)
            if len(self._proved) >= _KEPT:
                self._proved.pop(next(iter(self._proved)))
            self._proved[token] = proved
        if self._clock() >= _good_until(*proved):
            self._proved.pop(token, None)
            raise ValueError(_EXPIRED)
        return proved

    async def _prove(self, token: str) -> tuple[Issuer, Mapping[str, Any]]:
        header, unproved = _read(token)
        issuer = self._issuers.get(str(unproved.get("iss")))
        algorithm = str(header.get("alg"))
        known = _POOL_ALGORITHMS if isinstance(issuer, UserPool) else _OIDC_ALGORITHMS
        if issuer is None or algorithm not in known:
            raise ValueError(_REFUSED)
        key = await self._keys.key(issuer.issuer, str(header.get("kid")))
        if key is None:
            raise ValueError(_REFUSED)
        required = ["exp", "iss", *(["token_use"] if isinstance(issuer, UserPool) else [])]
        try:
            signed_by = jwt.PyJWK(dict(key), algorithm=algorithm)
            options: Any = {"require": required, **_CHECKED_HERE}
            claims = jwt.decode(token, signed_by, algorithms=[algorithm], issuer=issuer.issuer, options=options)
        except jwt.PyJWTError as problem:
            raise ValueError(_REFUSED) from problem
        _require_client(issuer, claims)
        return issuer, claims


def is_token(text: str) -> bool:
    """Tell whether a text has the form of a JSON Web Token."""
    try:
        _read(text)
    except ValueError:
        return False
    return True


def _read(token: str) -> tuple[dict[str, Any], dict[str, Any]]:
    try:
        header = jwt.get_unverified_header(token)
        return header, jwt.decode(token, options={"verify_signature": False})
    except jwt.PyJWTError as problem:
        raise ValueError("Unable to parse JWT token.") from problem


def _require_client(issuer: Issuer, claims: Mapping[str, Any]) -> None:
    if isinstance(issuer, UserPool):
        use = claims["token_use"]
        clients = [claims.get("aud") if use == "id" else claims.get("client_id")]
        good = use in {"id", "access"}
    else:
        audience = claims.get("aud")
        clients = [*(audience if isinstance(audience, list) else [audience]), claims.get("azp")]
        good = all(_is_number(claims.get(name)) for name in _times(issuer))
    if not good or not _is_number(claims["exp"]) or not _is_known(issuer.client_pattern, clients):
        raise ValueError(_REFUSED)


def _is_known(pattern: re.Pattern[str] | None, clients: list[Any]) -> bool:
    return pattern is None or any(isinstance(client, str) and pattern.fullmatch(client) for client in clients)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _times(issuer: OidcProvider) -> dict[str, float]:
    limits = {"iat": issuer.seconds_after_issue, "auth_time": issuer.seconds_after_authentication}
    return {name: seconds for name, seconds in limits.items() if seconds}


def _good_until(issuer: Issuer, claims: Mapping[str, Any]) -> float:
    ends = [float(claims["exp"])]
    if isinstance(issuer, OidcProvider):
        ends += [claims[name] + seconds for name, seconds in _times(issuer).items()]
    return min(ends)
