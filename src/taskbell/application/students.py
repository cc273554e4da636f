"""Students as their user directory knows them."""

from typing import Protocol

from taskbell.domain.queries import Page
from taskbell.domain.students import Student, StudentQuery


class StudentDirectory(Protocol):
    """Lists students; eventually consistent, in an order of the directory's own."""

    def page(self, query: StudentQuery, first: int, after: str | None) -> Page[Student]:
        """Return at most `first` students after the cursor; a page may end before its size.

        Raises:
            InvalidInputError: The cursor is not of this list, or is no longer known.
        """
