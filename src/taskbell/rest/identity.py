"""The caller's identity from the HTTP API's event."""

from collections.abc import Mapping
from typing import Any

from taskbell.api.identity import Caller, guest


class NotAuthenticatedError(Exception):
    """Sign in first: send a token of the user pool as `Authorization: Bearer TOKEN`."""


def caller_of(event: Mapping[str, Any], *, guests_allowed: bool) -> Caller:
    """Return the caller that the JWT authorizer has verified, or the guest if guests are allowed.

    Source: Amazon API Gateway Developer Guide, "Control access to HTTP APIs with JWT authorizers". Claims are strings
    there, also lists: `[students staff]`. Access tokens have the name as `username`.

    Raises:
        NotAuthenticatedError: There is no verified caller, and guests are not allowed.
    """
    claims = event.get("requestContext", {}).get("authorizer", {}).get("jwt", {}).get("claims") or {}
    if not claims and guests_allowed:
        return guest()
    if not claims.get("sub"):
        raise NotAuthenticatedError
    id_ = str(claims["sub"])
    name = str(claims.get("cognito:username") or claims.get("username") or id_)
    groups = str(claims.get("cognito:groups", "")).removeprefix("[").removesuffix("]")
    return Caller(id_, name, tuple(groups.split()))
