"""Who is asking, out of AppSync's event."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

GUEST = "guest"
_READERS = frozenset({"staff", "admins"})


@dataclass(frozen=True, slots=True)
class Caller:
    """Someone who asks: a Cognito user, or the guest that every holder of the API key is."""

    id: str
    name: str
    groups: tuple[str, ...] = ()

    def may_read(self, owner_id: str) -> bool:
        """Whether the caller may see that owner's tasks: their own, or anybody's for staff and admins."""
        return owner_id == self.id or not _READERS.isdisjoint(self.groups)


def caller_of(identity: Mapping[str, Any] | None) -> Caller:
    """The caller that AppSync vouches for. Raises PermissionError for an identity that can own no tasks.

    Source: AWS AppSync Developer Guide, "Resolver context reference", Identity. With an API key it is null.
    """
    if not identity:
        return Caller(GUEST, GUEST)
    claims = identity.get("claims")
    if not isinstance(claims, Mapping) or not identity.get("sub"):
        raise PermissionError("Only users and guests have tasks.")
    groups = identity.get("groups") or claims.get("cognito:groups") or ()
    return Caller(str(identity["sub"]), str(identity.get("username") or identity["sub"]), tuple(groups))
