"""Tokens of Cognito user pools and OpenID Connect providers: signature, issuer, times, use and client."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import jwt

from appsync_local.template.auth_providers import OidcProvider, UserPool

if TYPE_CHECKING:
    import re
    from collections.abc import Callable, Collection, Mapping

    from appsync_local.protocols import SigningKeys
    from appsync_local.template.auth_providers import AuthProviders

    Issuer = UserPool | OidcProvider
    Claims = Mapping[str, Any]

_MAX_CACHED = 1_000
_CLOCK_SKEW_SECONDS = 60  # how far an issuer's clock may be ahead
_NOT_AUTHORIZED = "You are not authorized to make this call."
_EXPIRED = "Token has expired."
_USER_POOL_ALGORITHMS = {"RS256"}
_OIDC_ALGORITHMS = {f"{family}{bits}" for family in ("RS", "PS", "ES") for bits in (256, 384, 512)}
_SIGNATURE_AND_ISSUER: Any = {f"verify_{claim}": False for claim in ("aud", "exp", "iat", "nbf")}


class VerifiedToken(NamedTuple):
    """A token whose signature, issuer and client are valid, with its period in seconds since 1970."""

    issuer: Issuer
    claims: Claims
    valid_from: float
    valid_until: float


class TokenVerifier:
    """Verifies tokens; verified ones are cached, because a client sends the same token with each request."""

    def __init__(self, providers: AuthProviders, keys: SigningKeys, clock: Callable[[], float]) -> None:
        issuers: list[Issuer] = [*providers.user_pools, *providers.oidc]
        self._issuers = {issuer.issuer: issuer for issuer in issuers}
        self._keys = keys
        self._clock = clock
        self._verified: dict[str, VerifiedToken] = {}

    async def verify(self, token: str) -> VerifiedToken:
        """Return a token that is valid now.

        Raises:
            ValueError: The token is not valid; with AppSync's message.
        """
        verified = self._verified.get(token)
        if verified is None:
            verified = await self._verify(token)
            if len(self._verified) >= _MAX_CACHED:
                self._verified.pop(next(iter(self._verified)))
            self._verified[token] = verified
        if self._clock() >= verified.valid_until:
            self._verified.pop(token, None)
            raise ValueError(_EXPIRED)
        if self._clock() < verified.valid_from - _CLOCK_SKEW_SECONDS:
            raise ValueError(_NOT_AUTHORIZED)
        return verified

    async def _verify(self, token: str) -> VerifiedToken:
        issuer = self._issuers.get(str(_unverified_claims(token).get("iss")))
        if issuer is None:
            raise ValueError(_NOT_AUTHORIZED)
        algorithms = _USER_POOL_ALGORITHMS if isinstance(issuer, UserPool) else _OIDC_ALGORITHMS
        try:
            claims = await verify_signature(token, issuer.issuer, algorithms, self._keys)
        except jwt.PyJWTError as error:
            raise ValueError(_NOT_AUTHORIZED) from error
        _check_client(issuer, claims)
        return VerifiedToken(issuer, claims, _valid_from(claims), _valid_until(issuer, claims))


async def verify_signature(token: str, issuer: str, algorithms: Collection[str], keys: SigningKeys) -> dict[str, Any]:
    """Verify a token's signature and issuer, and nothing else.

    Args:
        token: A JSON Web Token.
        issuer: What its claim `iss` must be; the key is fetched from it.
        algorithms: The accepted signature algorithms, such as RS256.
        keys: The public keys.

    Returns:
        The claims, whose times and audience are not checked yet.

    Raises:
        jwt.PyJWTError: The token is malformed, of another issuer, or not signed by one of the issuer's keys.
    """
    header = jwt.get_unverified_header(token)
    algorithm = str(header.get("alg"))
    if algorithm not in algorithms:
        raise jwt.InvalidAlgorithmError(algorithm)
    key = await keys.key(issuer, str(header.get("kid")))
    if key is None:
        raise jwt.InvalidKeyError(header.get("kid"))
    signed_by = jwt.PyJWK(dict(key), algorithm=algorithm)
    claims: dict[str, Any] = jwt.decode(
        token, signed_by, algorithms=[algorithm], issuer=issuer, options=_SIGNATURE_AND_ISSUER
    )
    return claims


def is_token(text: str) -> bool:
    """Return whether a text has the form of a JSON Web Token."""
    try:
        _unverified_claims(text)
    except ValueError:
        return False
    return True


def _unverified_claims(token: str) -> Claims:
    try:
        claims: Claims = jwt.decode(token, options={"verify_signature": False})
    except jwt.PyJWTError as error:
        raise ValueError("Unable to parse JWT token.") from error
    return claims


def _check_client(issuer: Issuer, claims: Claims) -> None:
    if isinstance(issuer, UserPool):
        use = claims.get("token_use")
        clients = [claims.get("aud") if use == "id" else claims.get("client_id")]
        is_valid = use in {"id", "access"}
    else:
        audience = claims.get("aud")
        clients = [*(audience if isinstance(audience, list) else [audience]), claims.get("azp")]
        is_valid = all(_is_number(claims.get(name)) for name in _lifetimes(issuer))
    if not is_valid or not _is_number(claims.get("exp")) or not _matches(issuer.client_pattern, clients):
        raise ValueError(_NOT_AUTHORIZED)


def _matches(pattern: re.Pattern[str] | None, clients: list[Any]) -> bool:
    return pattern is None or any(isinstance(client, str) and pattern.fullmatch(client) for client in clients)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _lifetimes(issuer: OidcProvider) -> dict[str, float]:
    limits = {"iat": issuer.seconds_after_issue, "auth_time": issuer.seconds_after_authentication}
    return {name: seconds for name, seconds in limits.items() if seconds}


def _valid_from(claims: Claims) -> float:
    """Return when the token was issued or when it begins (RFC 7519, section 4.1.5), whichever is later."""
    begins = [claims[name] for name in ("iat", "nbf") if claims.get(name) is not None]
    if not all(map(_is_number, begins)):
        raise ValueError(_NOT_AUTHORIZED)
    return max(map(float, begins), default=0.0)


def _valid_until(issuer: Issuer, claims: Claims) -> float:
    ends = [float(claims["exp"])]
    if isinstance(issuer, OidcProvider):
        ends += [claims[name] + seconds for name, seconds in _lifetimes(issuer).items()]
    return min(ends)
