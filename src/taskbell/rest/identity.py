"""Who is asking, out of the HTTP API's event."""

from collections.abc import Mapping
from typing import Any

from taskbell.api.identity import Caller, guest


class NotSignedIn(Exception):
    """Sign in first: send a token of the user pool as `Authorization: Bearer TOKEN`."""


def caller_of(event: Mapping[str, Any], *, guests_allowed: bool) -> Caller:
    """The caller that the JWT authorizer vouches for. Raises NotSignedIn for anybody else, unless guests are allowed.

    Source: Amazon API Gateway Developer Guide, "Control access to HTTP APIs with JWT authorizers". Claims are texts
    there, a list among them too: `[students staff]`. Access tokens call the name `username`.
    """
    claims = event.get("requestContext", {}).get("authorizer", {}).get("jwt", {}).get("claims") or {}
    if not claims and guests_allowed:
        return guest()
    if not claims.get("sub"):
        raise NotSignedIn
    id_ = str(claims["sub"])
    name = str(claims.get("cognito:username") or claims.get("username") or id_)
    groups = str(claims.get("cognito:groups", "")).removeprefix("[").removesuffix("]")
    return Caller(id_, name, tuple(groups.split()))
