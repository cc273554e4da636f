"""The caller's identity from AppSync's event."""

from collections.abc import Mapping
from typing import Any

from taskbell.api.identity import Caller, guest, user


def caller_of(identity: Mapping[str, Any] | None) -> Caller:
    """Return the caller that AppSync has authenticated; with an API key, the identity is null and the caller a guest.

    Source: AWS AppSync Developer Guide, "Resolver context reference", Identity.

    Raises:
        PermissionError: The identity can own no tasks.
    """
    if not identity:
        return guest()
    claims = identity.get("claims")
    if not isinstance(claims, Mapping):
        raise PermissionError("Only users and guests have tasks.")
    groups = identity.get("groups") or claims.get("cognito:groups")
    return user(identity.get("sub"), identity.get("username"), groups)
