"""Cursors that cannot be altered and are good for one list only.

A cursor is the place in the list, in the open, behind a code (HMAC-SHA-256, 16 bytes) over the place and the list.
"""

import base64
import binascii
import hmac
import json
from collections.abc import Callable

from taskbell.application.serialization import canonical_json, query_to_dict
from taskbell.domain.exceptions import InvalidInputError
from taskbell.domain.queries import EventQuery, NotificationQuery, TaskQuery

_CODE_BYTES = 16

Query = TaskQuery | EventQuery | NotificationQuery


class Cursors:
    """Writes and reads cursors; `secret` is asked for the key when it is needed first."""

    def __init__(self, secret: Callable[[], str]) -> None:
        self._secret = secret

    def write(self, query: Query, place: list[str]) -> str:
        """The cursor for a place in the list that `query` stands for."""
        text = json.dumps(place, separators=(",", ":")).encode()
        return base64.urlsafe_b64encode(self._code(query, text) + text).rstrip(b"=").decode()

    def read(self, query: Query, cursor: str) -> list[str]:
        """The place that the cursor stands for. Raises InvalidInputError if it was not written for this list."""
        refused = InvalidInputError("`after` is not a cursor of this list.", ("after",))
        try:
            raw = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        except (binascii.Error, ValueError):
            raise refused from None
        code, text = raw[:_CODE_BYTES], raw[_CODE_BYTES:]
        if not hmac.compare_digest(code, self._code(query, text)) or self.write(query, json.loads(text)) != cursor:
            raise refused
        place: list[str] = json.loads(text)
        return place

    def _code(self, query: Query, text: bytes) -> bytes:
        message = canonical_json(query_to_dict(query)) + b"\0" + text
        return hmac.digest(self._secret().encode(), message, "sha256")[:_CODE_BYTES]
