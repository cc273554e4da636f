"""Students, as staff finds them: by the beginning of their user names."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Student:
    """A user who is neither staff nor an admin.

    Attributes:
        owner_id: The owner of the student's tasks.
        name: The user name.
    """

    owner_id: str
    name: str


@dataclass(frozen=True, slots=True)
class StudentQuery:
    """The students whose user names begin with a text; all students for the empty one."""

    search: str = ""

    @property
    def prefixes(self) -> tuple[str, ...]:
        """What the names begin with, one after another: the text as it is, in lower case, and capitalized."""
        return tuple(dict.fromkeys((self.search, self.search.lower(), self.search.capitalize())))
