"""Where a client is in an owner's changes: what a cursor of the change feed says.

A client first gets everything that there is, then what is stored in the log since it began. Functions store at the same
time, so an item can appear in the log behind one with a later time, but at most OVERLAP later than its time says. When
a client has reached the end of the log, its position is therefore put back by OVERLAP, and what it was given of that
time is remembered, so that it is not given again.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from enum import Enum
from hashlib import sha256

OVERLAP = timedelta(seconds=10)
MAX_AGE = timedelta(days=30)  # tombstones are kept for longer
_MAX_GIVEN = 32
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Phase(Enum):
    """What a client reads next: all tasks, all lists, all notifications, or the log."""

    TASKS = "tasks"
    LISTS = "lists"
    NOTIFICATIONS = "notifications"
    LOG = "log"


@dataclass(frozen=True, slots=True)
class FeedPosition:
    """A position in an owner's changes.

    Attributes:
        phase: What is read next.
        after: After which item; in the log, a place.
        back_to: The place in the log to go back to when its end is reached; empty when reading begins anew.
        given: What was given of the time after `back_to`, the last 32: a short hash of each thing, with its version.
    """

    phase: Phase
    after: str = ""
    back_to: str = ""
    given: Mapping[str, int] = field(default_factory=dict)

    def is_given(self, thing: str, version: int) -> bool:
        """Whether the client has that version, or a newer one."""
        return self.given.get(_short(thing), 0) >= version

    def begins(self, now: datetime) -> "FeedPosition":
        """Return the position with the place to go back to, when reading the log begins at `now`."""
        return self if self.back_to else replace(self, back_to=max(self.after, place_of(now - OVERLAP)))

    def began_before(self, instant: datetime) -> bool:
        """Whether reading the log began before a time."""
        return self.back_to < place_of(instant - OVERLAP)

    def remembering(self, things: Mapping[str, int]) -> "FeedPosition":
        """Return the position with more things that were given; things with their versions."""
        given = {**self.given, **{_short(thing): version for thing, version in things.items()}}
        return replace(self, given=dict(list(given.items())[-_MAX_GIVEN:]))

    def moved(self, after: str, found: Mapping[str, tuple[str, int]], *, more: bool, begun: bool) -> "FeedPosition":
        """Return the position after a page of the log.

        Args:
            after: The place of the last item that was read.
            found: Places and versions of all things in the page, given now or before.
            more: Whether the log goes on.
            begun: Whether the page was the first one since the end of the log.
        """
        shorts = {_short(thing): version for thing, (place, version) in found.items() if place > self.back_to}
        recent = {short: max(version, self.given.get(short, 0)) for short, version in shorts.items()}
        older = {} if begun and not more else {short: self.given[short] for short in self.given if short not in recent}
        kept = dict([*older.items(), *recent.items()][-_MAX_GIVEN:])
        return replace(self, after=after, given=kept) if more else FeedPosition(Phase.LOG, self.back_to, given=kept)

    def is_older_than(self, instant: datetime) -> bool:
        """Whether what has happened before `instant` may be missing after this position."""
        known = self.back_to if self.phase is not Phase.LOG else self.after
        return known < place_of(instant)

    def to_list(self) -> list[str]:
        """Return the position as texts, of which a cursor is made."""
        given = (f"{short}{version}" for short, version in self.given.items())
        return [self.phase.value, self.after, self.back_to, *given]


def position_from_list(texts: list[str]) -> FeedPosition:
    """Return the position of texts by `FeedPosition.to_list`."""
    phase, after, back_to, *given = texts
    known = {text[:_HASH_LENGTH]: int(text[_HASH_LENGTH:]) for text in given}
    return FeedPosition(Phase(phase), after, back_to, known)


def start(now: datetime) -> FeedPosition:
    """Return the position of a client that has nothing."""
    return FeedPosition(Phase.TASKS, back_to=place_of(now - OVERLAP))


def beside(place: str, given: Mapping[str, int]) -> FeedPosition:
    """Return the position of a client that is told of things at one place in the log, and was of what went before."""
    stored_at = _EPOCH + timedelta(milliseconds=int(place.partition("#")[0]))
    return FeedPosition(Phase.LOG, place_of(stored_at - OVERLAP)).remembering(given)


def place_of(instant: datetime) -> str:
    """Return a place in the log before all that is stored at `instant` or later."""
    return f"{(instant - _EPOCH) // timedelta(milliseconds=1):013d}"


_HASH_LENGTH = 12


def _short(thing: str) -> str:
    return sha256(thing.encode()).hexdigest()[:_HASH_LENGTH]
