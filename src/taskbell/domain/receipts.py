"""Receipts: which changes that clients have named are made, so that a repetition makes none again."""

from base64 import urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

MAX_RECEIPTS = 50
_MINUTES_KEPT = 24 * 60


@dataclass(frozen=True, slots=True)
class Receipt:
    """A change that was made.

    Attributes:
        id: Hash of the client's id of the change.
        content: Hash of the content of the change.
        minute: When it was made, in minutes since 1970.
    """

    id: str
    content: str
    minute: int


@dataclass(frozen=True, slots=True)
class ClientMutation:
    """A change that a client has named, and may send again.

    Attributes:
        id: The client's own id of the change.
        at: When it was received.
        content: What is to be changed, as text, without what the client expects.
    """

    id: str
    at: datetime
    content: str = ""

    @property
    def receipt(self) -> Receipt:
        """The receipt of the change, if it is made."""
        return Receipt(_hash(self.id, 9), _hash(self.content, 3), int(self.at.timestamp()) // 60)


def added(receipt: Receipt, receipts: Sequence[Receipt]) -> tuple[Receipt, ...]:
    """Return the receipts of the day before a new one, at most 50 with it."""
    return (*(other for other in receipts if _is_kept(other, receipt)), receipt)[-MAX_RECEIPTS:]


def find_receipt(receipt: Receipt, receipts: Sequence[Receipt]) -> Receipt | None:
    """Return the receipt of the day before for a change of the same id, whatever its content was."""
    return next((other for other in receipts if other.id == receipt.id and _is_kept(other, receipt)), None)


def _is_kept(earlier: Receipt, later: Receipt) -> bool:
    return earlier.minute >= later.minute - _MINUTES_KEPT


def _hash(text: str, size: int) -> str:
    return urlsafe_b64encode(sha256(text.encode()).digest()[:size]).decode()
