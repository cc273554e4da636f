"""Cursors that are tamper-proof and valid only for their list.

A cursor is a position in readable JSON with a message authentication code (HMAC-SHA-256, truncated to 16 bytes) over
the position and the list.
"""

import base64
import binascii
import hmac
import json
from collections.abc import Callable

from taskbell.application.serialization import canonical_json, query_to_dict
from taskbell.domain.exceptions import InvalidInputError
from taskbell.domain.queries import ChangesQuery, EventQuery, NotificationQuery, TaskQuery
from taskbell.domain.students import StudentQuery
from taskbell.domain.transfer import ExportQuery
from taskbell.domain.trash import TrashQuery

_MAC_BYTES = 16

Query = TaskQuery | TrashQuery | EventQuery | NotificationQuery | ChangesQuery | ExportQuery | StudentQuery


class CursorCodec:
    """Encodes and decodes cursors."""

    def __init__(self, secret: Callable[[], str]) -> None:
        """Create a codec; `secret` returns the signing key and is called on first use."""
        self._secret = secret

    def encode(self, query: Query, position: list[str]) -> str:
        """Return the cursor of a position in the list of `query`."""
        text = json.dumps(position, separators=(",", ":")).encode()
        return base64.urlsafe_b64encode(self._mac(query, text) + text).rstrip(b"=").decode()

    def decode(self, query: Query, cursor: str, argument: str = "after") -> list[str]:
        """Return the position of a cursor. Raises InvalidInputError if it was not encoded for this list."""
        error = InvalidInputError(f"`{argument}` is not a cursor of this list.", (argument,))
        try:
            raw = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        except (binascii.Error, ValueError):
            raise error from None
        mac, text = raw[:_MAC_BYTES], raw[_MAC_BYTES:]
        if not hmac.compare_digest(mac, self._mac(query, text)) or self.encode(query, json.loads(text)) != cursor:
            raise error
        position: list[str] = json.loads(text)
        return position

    def _mac(self, query: Query, text: bytes) -> bytes:
        message = canonical_json(query_to_dict(query)) + b"\0" + text
        return hmac.digest(self._secret().encode(), message, "sha256")[:_MAC_BYTES]
