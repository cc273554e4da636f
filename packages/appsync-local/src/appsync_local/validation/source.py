"""The text of a document, in which each place is found fast."""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cached_property

from graphql import Source, SourceLocation

_LINE_END = re.compile(r"\r\n|[\n\r]")


class IndexedSource(Source):
    """A source that knows where its lines begin.

    graphql-core reads the text again up to the place of each error: thousands of errors in a long text would keep every
    other request waiting for minutes.
    """

    @cached_property
    def _line_starts(self) -> list[int]:
        return [0, *(match.end() for match in _LINE_END.finditer(self.body))]

    def get_location(self, position: int) -> SourceLocation:
        """Return the line and column of a position; both are counted from 1."""
        line = bisect_right(self._line_starts, position)
        return SourceLocation(line, position + 1 - self._line_starts[line - 1])
