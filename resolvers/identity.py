"""Who is asking, out of AppSync's event."""

from collections.abc import Mapping
from typing import Any

from taskbell.api.identity import Caller, guest


def caller_of(identity: Mapping[str, Any] | None) -> Caller:
    """The caller that AppSync vouches for. Raises PermissionError for an identity that can own no tasks.

    Source: AWS AppSync Developer Guide, "Resolver context reference", Identity. With an API key it is null.
    """
    if not identity:
        return guest()
    claims = identity.get("claims")
    if not isinstance(claims, Mapping) or not identity.get("sub"):
        raise PermissionError("Only users and guests have tasks.")
    groups = identity.get("groups") or claims.get("cognito:groups") or ()
    return Caller(str(identity["sub"]), str(identity.get("username") or identity["sub"]), tuple(groups))
