"""A calendar feed: an owner's open tasks with due dates at a secret address."""

import hmac
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from taskbell.domain.receipts import Receipt

MAX_TASKS = 1000


@dataclass(frozen=True, slots=True)
class CalendarFeed:
    """The calendar feed of an owner.

    Attributes:
        nonce: What its secret is derived from; None if there is no feed.
        secret_hash: The hash by which the feed is found.
        created_at: When it got its secret.
        version: Grows by one with every stored change; 0 before the first.
        receipts: The changes of the last day that clients have named, oldest first.
    """

    owner_id: str
    nonce: str | None = None
    secret_hash: str | None = None
    created_at: datetime | None = None
    version: int = 0
    receipts: tuple[Receipt, ...] = ()

    def secret(self, key: str) -> str | None:
        """Return the secret; None if there is no feed, or it was made with another key."""
        if self.nonce is None:
            return None
        secret = derived_secret(key, self.owner_id, self.nonce)
        return secret if hashed(secret) == self.secret_hash else None


def derived_secret(key: str, owner_id: str, nonce: str) -> str:
    """Return the secret for a nonce: 256 bits that nobody can tell without the key, as 43 characters."""
    digest = hmac.digest(key.encode(), f"calendar feed\0{owner_id}\0{nonce}".encode(), "sha256")
    return urlsafe_b64encode(digest).rstrip(b"=").decode()


def hashed(secret: str) -> str:
    """Return the hash of a secret, which does not tell it."""
    return sha256(secret.encode()).hexdigest()
