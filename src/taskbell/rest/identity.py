"""The caller's identity from the HTTP API's event."""

import base64
import json
from collections.abc import Mapping
from typing import Any

from taskbell.api.identity import Caller, guest, user

_GROUPS = "cognito:groups"


class NotAuthenticatedError(Exception):
    """Sign in first: send a token of the user pool as `Authorization: Bearer TOKEN`."""


def caller_of(event: Mapping[str, Any], *, guests_allowed: bool) -> Caller:
    """Return the caller that the JWT authorizer has verified, or the guest if guests are allowed.

    Source: Amazon API Gateway Developer Guide, "Control access to HTTP APIs with JWT authorizers". Claims are strings
    there. Access tokens have the name as `username`.

    Raises:
        NotAuthenticatedError: There is no verified caller, and guests are not allowed; or there are several tokens,
            which API Gateway joins by a comma: which of them it has verified is not documented.
    """
    if "," in event.get("headers", {}).get("authorization", ""):
        raise NotAuthenticatedError
    claims = event.get("requestContext", {}).get("authorizer", {}).get("jwt", {}).get("claims") or {}
    if not claims and guests_allowed:
        return guest()
    name = claims.get("cognito:username") or claims.get("username")
    try:
        return user(claims.get("sub"), name, _groups(event, claims.get(_GROUPS)))
    except PermissionError:
        raise NotAuthenticatedError from None


def _groups(event: Mapping[str, Any], verified: str | None) -> object:
    """Return the list that the verified text `[students staff]` was made from; None unless it is certain.

    The text does not tell two groups from one whose name has a space. The token tells, and counts only if it gives
    exactly the text that was verified.
    """
    groups = _token_claims(event).get(_GROUPS) if verified else None
    if not isinstance(groups, list) or f"[{' '.join(map(str, groups))}]" != verified:
        return None
    return groups


def _token_claims(event: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the claims in the request's token, whose signature API Gateway has verified; empty if it has none."""
    token = str(event.get("headers", {}).get("authorization", "")).rpartition(" ")[2]
    payload = token.split(".")[1] if token.count(".") == 2 else ""
    try:
        claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    except ValueError:
        return {}
    return claims if isinstance(claims, dict) else {}
