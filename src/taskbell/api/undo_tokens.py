"""Tokens that say how to take a change back: tamper-proof, of one owner, and valid for ten minutes.

A token is compressed JSON with a message authentication code (HMAC-SHA-256, truncated to 16 bytes) over it and the
owner. Whoever has it reads what the task was before, which is the owner's own.
"""

import base64
import binascii
import hmac
import json
import zlib
from collections.abc import Callable, Sequence
from dataclasses import astuple
from datetime import UTC, datetime, timedelta
from typing import Any

from taskbell.application.list_undo import ListUndoStep
from taskbell.application.notification_changes import NotificationUndoStep
from taskbell.application.undo import UndoStep
from taskbell.domain.exceptions import InvalidInputError

Step = UndoStep | NotificationUndoStep | ListUndoStep
_KINDS = {"T": UndoStep, "N": NotificationUndoStep, "L": ListUndoStep}
_LETTERS = {kind: letter for letter, kind in _KINDS.items()}
VALIDITY = timedelta(minutes=10)
_MAC_BYTES = 16
_MAX_BYTES = 1_000_000


class UndoTokens:
    """Encodes and decodes tokens."""

    def __init__(self, secret: Callable[[], str]) -> None:
        """Create a codec; `secret` returns the signing key and is called on first use."""
        self._secret = secret

    def encode(self, owner_id: str, steps: Sequence[Step], now: datetime) -> str:
        """Return the token for steps of an owner."""
        ends = int((now + VALIDITY).timestamp())
        text = json.dumps([ends, *map(_parts, steps)], separators=(",", ":")).encode()
        packed = zlib.compress(text, wbits=-15)
        return base64.urlsafe_b64encode(self._mac(owner_id, packed) + packed).rstrip(b"=").decode()

    def decode(self, owner_id: str, token: str) -> tuple[datetime, list[Step]]:
        """Return until when a token is valid, and its steps. Raises InvalidInputError if it is not of this owner."""
        try:
            raw = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
        except (binascii.Error, ValueError):
            raw = b""
        mac, packed = raw[:_MAC_BYTES], raw[_MAC_BYTES:]
        if not hmac.compare_digest(mac, self._mac(owner_id, packed)):
            raise InvalidInputError("This is nothing that can be undone.", ("tokens",))
        ends, *steps = json.loads(zlib.decompress(packed, wbits=-15, bufsize=_MAX_BYTES))
        return datetime.fromtimestamp(ends, UTC), list(map(_step, steps))

    def _mac(self, owner_id: str, packed: bytes) -> bytes:
        return hmac.digest(self._secret().encode(), b"undo\0" + owner_id.encode() + b"\0" + packed, "sha256")[
            :_MAC_BYTES
        ]


def _parts(step: Step) -> list[Any]:
    return [_LETTERS[type(step)], *astuple(step)]


def _step(parts: list[Any]) -> Step:
    letter, *values = parts
    step: Step = _KINDS[letter](*values)
    return step
