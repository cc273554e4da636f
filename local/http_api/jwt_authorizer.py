"""A JWT authorizer: verifies a token and returns its claims as strings."""

from collections.abc import Callable, Mapping
from typing import Any

import jwt
from appsync_local.auth.tokens import verify_signature
from appsync_local.protocols import SigningKeys

from local.http_api.definition import Authorizer


class NotAuthorizedError(Exception):
    """The token is invalid; the message is the `error_description` of WWW-Authenticate."""


async def authorize(token: str, authorizer: Authorizer, keys: SigningKeys, now: Callable[[], float]) -> dict[str, str]:
    """The claims of a token. Raises NotAuthorizedError.

    Source: API Gateway Developer Guide, "Control access to HTTP APIs with JWT authorizers": issuer, signature, `aud`
    (or `client_id` where there is none), `exp`, `nbf`, `iat`.
    """
    try:
        claims = await verify_signature(token, authorizer.issuer, {"RS256"}, keys)
    except (jwt.InvalidIssuerError, jwt.MissingRequiredClaimError):
        raise NotAuthorizedError("the token has an invalid issuer") from None
    except jwt.PyJWTError:
        raise NotAuthorizedError("the token does not have a valid signature") from None
    made_for = claims.get("aud", claims.get("client_id"))
    audience = made_for if isinstance(made_for, list) else [made_for]
    if authorizer.audience.isdisjoint(name for name in audience if isinstance(name, str)):
        raise NotAuthorizedError("the token has an invalid audience")
    if now() >= _instant(claims, "exp", 0):
        raise NotAuthorizedError("the token has expired")
    if now() < max(_instant(claims, "nbf", 0), _instant(claims, "iat", 0)):
        raise NotAuthorizedError("the token is not valid yet")
    return {name: _text(value) for name, value in claims.items()}


def _instant(claims: Mapping[str, Any], name: str, default: float) -> float:
    value = claims.get(name, default)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise NotAuthorizedError(f"the token has an invalid claim {name}")
    return value


def _text(value: object) -> str:
    """A claim as API Gateway formats it: `[students staff]` for a list."""
    if isinstance(value, bool):
        return str(value).lower()
    return f"[{' '.join(map(_text, value))}]" if isinstance(value, list) else str(value)
