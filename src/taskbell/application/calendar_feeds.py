"""Use cases of calendar feeds: making one, giving it another secret, taking it away, and reading it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from taskbell.application.task_changes import MAX_ATTEMPTS
from taskbell.domain.calendar_feed import CalendarFeed, derived_secret, hashed
from taskbell.domain.exceptions import UnavailableError
from taskbell.domain.receipts import ClientMutation, added
from taskbell.domain.rules import is_repetition
from taskbell.domain.task import Task


class CalendarFeedRepository(Protocol):
    """Stores calendar feeds."""

    def get(self, owner_id: str) -> CalendarFeed:
        """Return an owner's feed; one without a secret if there is none."""

    def save(self, before: CalendarFeed, after: CalendarFeed, now: datetime) -> bool:
        """Store a feed so that it is found by its new secret alone; not if it was changed since `before` was read.

        Returns:
            Whether it is stored.
        """


class CalendarFeedReader(Protocol):
    """Reads what a feed shows; every read is strongly consistent."""

    def owner_of(self, secret_hash: str) -> str | None:
        """Return whose feed has this secret; None if none has."""

    def position(self, owner_id: str) -> str:
        """Return the place of the newest entry in an owner's log; empty if there is none.

        A change is in the tasks before it is in the log: tasks that are read later are not older than the place.
        """

    def open_tasks(self, owner_id: str, limit: int) -> Sequence[Task]:
        """Return the open tasks with a due date, subtasks too, at most `limit`, earliest first."""


@dataclass(frozen=True, slots=True)
class CalendarFeeds:
    """The changes of calendar feeds. `key` returns what secrets are derived with."""

    store: CalendarFeedRepository
    key: Callable[[], str]
    clock: Callable[[], datetime]
    new_nonce: Callable[[], str]

    def secret(self, owner_id: str) -> tuple[CalendarFeed, str | None]:
        """Return an owner's feed and its secret."""
        feed = self.store.get(owner_id)
        return feed, feed.secret(self.key()) if feed.nonce else None

    def renew(self, owner_id: str, mutation: ClientMutation | None) -> tuple[CalendarFeed, str | None]:
        """Give an owner's feed another secret, or make it; the one before is known no longer.

        Raises:
            InvalidInputError: The client gave another change this name.
            UnavailableError: The table did not answer, or there were too many concurrent changes.
        """

        def renewed(feed: CalendarFeed) -> CalendarFeed:
            nonce = self.new_nonce()
            secret = derived_secret(self.key(), owner_id, nonce)
            return replace(feed, nonce=nonce, secret_hash=hashed(secret), created_at=self.clock())

        feed = self._change(owner_id, renewed, mutation)
        return feed, feed.secret(self.key())

    def disable(self, owner_id: str, mutation: ClientMutation | None) -> None:
        """Take an owner's feed away. Raises what `renew` raises."""

        def disabled(feed: CalendarFeed) -> CalendarFeed:
            return replace(feed, nonce=None, secret_hash=None, created_at=None)

        self._change(owner_id, disabled, mutation)

    def _change(
        self, owner_id: str, change: Callable[[CalendarFeed], CalendarFeed], mutation: ClientMutation | None
    ) -> CalendarFeed:
        for _ in range(MAX_ATTEMPTS):
            feed = self.store.get(owner_id)
            if mutation and is_repetition(mutation, feed.receipts):
                return feed
            receipts = added(mutation.receipt, feed.receipts) if mutation else feed.receipts
            changed = replace(change(feed), receipts=receipts)
            if changed == feed:
                return feed
            changed = replace(changed, version=feed.version + 1)
            if self.store.save(feed, changed, self.clock()):
                return changed
        raise UnavailableError("There are too many concurrent changes of the calendar feed. Try again.")
