"""Who is asking, whichever API they came through."""

from dataclasses import dataclass

GUEST = "guest"
_ADMINS = "admins"
_READERS = frozenset({"staff", _ADMINS})


@dataclass(frozen=True, slots=True)
class Caller:
    """Someone who asks: a Cognito user, or the guest that every holder of the API key is."""

    id: str
    name: str
    groups: tuple[str, ...] = ()

    def may_read(self, owner_id: str) -> bool:
        """Whether the caller may see that owner's tasks: their own, or anybody's for staff and admins."""
        return owner_id == self.id or not _READERS.isdisjoint(self.groups)

    @property
    def can_manage_dead_letters(self) -> bool:
        """Whether the caller may list and redrive dead letters: admins alone."""
        return _ADMINS in self.groups


def guest() -> Caller:
    """Who comes without a name, where that is allowed."""
    return Caller(GUEST, GUEST)
