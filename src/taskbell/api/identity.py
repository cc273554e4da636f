"""The identity of callers, for both APIs."""

from dataclasses import dataclass

GUEST = "guest"
_ADMINS = "admins"
READERS = frozenset({"staff", _ADMINS})


@dataclass(frozen=True, slots=True)
class Caller:
    """The caller of a request: a Cognito user, or the guest, who stands for everybody with the API key."""

    id: str
    name: str
    groups: tuple[str, ...] = ()

    def can_read(self, owner_id: str) -> bool:
        """Return whether the caller may read that owner's tasks: their own, or anybody's for staff and admins."""
        return owner_id == self.id or self.can_find_students

    @property
    def can_find_students(self) -> bool:
        """Whether the caller may list students: staff and admins, who may read all tasks."""
        return not READERS.isdisjoint(self.groups)

    @property
    def can_manage_dead_letters(self) -> bool:
        """Whether the caller may list and redrive dead letters: admins alone."""
        return _ADMINS in self.groups

    @property
    def can_observe_pipeline(self) -> bool:
        """Whether the caller may see the pipeline's figures and trace anybody's tasks: admins alone."""
        return _ADMINS in self.groups


def guest() -> Caller:
    """Return the identity of unauthenticated callers, where they are allowed."""
    return Caller(GUEST, GUEST)


def user(sub: object, name: object, groups: object) -> Caller:
    """Return the identity of a user from the claims of a verified token.

    Args:
        sub: The user's id.
        name: The user's name; the id if there is none.
        groups: A list of names; anything else is no group.

    Raises:
        PermissionError: The id is no text, or the guest's.
    """
    if not isinstance(sub, str) or sub in {"", GUEST}:
        raise PermissionError("Only users and guests have tasks.")
    is_list = isinstance(groups, list) and all(isinstance(group, str) for group in groups)
    return Caller(sub, str(name or sub), tuple(groups) if is_list and isinstance(groups, list) else ())
