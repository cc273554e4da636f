"""Asks for the fetches of calendars whose turn has come. What is asked for twice is done once."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any, Protocol

from taskbell.application.serialization import Document
from taskbell.domain.subscribed_calendar import DueFetch
from taskbell.domain.timestamps import format_timestamp, parse_timestamp

BATCH = 10


class DueFetches(Protocol):
    """Finds what is due."""

    def due(self, now: datetime) -> Iterator[DueFetch]:
        """Yield the calendars whose turn has come, the longest waiting first; read in pages as they are needed."""


class FetchRequests(Protocol):
    """Has calendars fetched."""

    def send(self, due: Sequence[DueFetch]) -> int:
        """Ask for at most ten fetches. Returns how many were accepted; for the others it is asked again later."""


@dataclass(frozen=True, slots=True)
class ScheduledFetches:
    """Asks for what is due; it stays due until it is fetched, so nothing is lost whatever becomes of the request."""

    entries: DueFetches
    requests: FetchRequests
    clock: Callable[[], datetime]

    def request_due(self, has_time: Callable[[], bool]) -> int:
        """Ask for all that is due, as far as there is time. Returns for how many."""
        due, requested = self.entries.due(self.clock()), 0
        while has_time() and (batch := list(islice(due, BATCH))):
            requested += self.requests.send(batch)
        return requested


def due_fetch_to_dict(due: DueFetch) -> Document:
    """Return a request as a message has it."""
    at = format_timestamp(due.at)
    return {"calendarId": due.calendar_id, "ownerId": due.owner_id, "host": due.host, "at": at}


def due_fetch_from_dict(document: Any) -> DueFetch:
    """Return the request of a message by `due_fetch_to_dict`."""
    at = parse_timestamp(document["at"])
    return DueFetch(document["calendarId"], document["ownerId"], document["host"], at)
