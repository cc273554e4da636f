"""The identity of callers, for both APIs."""

from dataclasses import dataclass

GUEST = "guest"
_ADMINS = "admins"
_READERS = frozenset({"staff", _ADMINS})


@dataclass(frozen=True, slots=True)
class Caller:
    """The caller of a request: a Cognito user, or the guest, who stands for everybody with the API key."""

    id: str
    name: str
    groups: tuple[str, ...] = ()

    def can_read(self, owner_id: str) -> bool:
        """Return whether the caller may read that owner's tasks: their own, or anybody's for staff and admins."""
        return owner_id == self.id or not _READERS.isdisjoint(self.groups)

    @property
    def can_manage_dead_letters(self) -> bool:
        """Whether the caller may list and redrive dead letters: admins alone."""
        return _ADMINS in self.groups


def guest() -> Caller:
    """Return the identity of unauthenticated callers, where they are allowed."""
    return Caller(GUEST, GUEST)
