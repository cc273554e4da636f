"""Handles a batch of messages of the event queue, and decides which of them are tried again or given up.

Handling is idempotent, so an interrupted event is handled again. Events of a task are handled in order: when one fails,
later ones of its task wait and are delivered again with it. If only its push failed, what they store is stored
nevertheless, and their pushes wait.

An event is given up only for its own failures: the fifth, or the tenth time in a row that the function was interrupted
while handling it. What it cannot be blamed for, such as throttling or an outage, does not count.

The events of a task that has left the table are purged only in a batch in which no other event of it was handled: those
have then left the queue. An event of it that comes later, from the dead-letter queue, only stops the workflow run that
it superseded, which would otherwise wait for a due date without effect.
"""

import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from taskbell.application.event_handlers import EventHandler
from taskbell.application.ports import Attempts, FailedMessages, MessageId
from taskbell.application.serialization import event_from_dict
from taskbell.domain.events import TaskEvent
from taskbell.domain.exceptions import MisconfigurationError, UnavailableError

MAX_FAILURES = 5
MAX_INTERRUPTIONS = 10
_OUTAGES = (UnavailableError, MisconfigurationError)
_INTERRUPTED = "Interrupted: the function ended each time it handled this event."
_USUAL_RECEIVES = 2  # attempts are recorded from the next one on
_USUAL_AGE = timedelta(hours=1)  # of an event that was not redriven


class PostponedError(Exception):
    """The message was not handled to its end for no fault of its own; it will be delivered again."""


@dataclass(frozen=True, slots=True)
class Message:
    """A message of the event queue as it was received.

    Attributes:
        id: Identifies it.
        body: The event as JSON.
        receives: How often it was received, with this time.
        redriven: Whether it has come back from the dead-letter queue.
    """

    id: MessageId
    body: str
    receives: int = 1
    redriven: bool = False


@dataclass
class EventBatch:
    """A batch in progress.

    Attributes:
        handler: Handles the events.
        attempts: Counts failures and interruptions.
        failed_messages: Receives the messages that are given up.
        has_time: Whether there is time to handle another event.
        now: When the batch was received.
    """

    handler: EventHandler
    attempts: Attempts
    failed_messages: FailedMessages
    has_time: Callable[[], bool]
    now: datetime
    _started: set[str] = field(default_factory=set)
    _blocked: dict[str, int] = field(default_factory=dict)  # attempts at the message that the group waits for
    _unpublished: set[str] = field(default_factory=set)  # blocked groups whose later events are stored

    def handle(self, message: Message) -> str | None:
        """Handle a message.

        Returns:
            None, or the cause if it was sent to the dead-letter queue.

        Raises:
            PostponedError: It waits for an earlier message or for time.
            Exception: It failed, and is to be delivered again.
        """
        group = message.id.group_id
        if group in self._blocked and group not in self._unpublished:
            raise PostponedError
        if not self.has_time():
            self._block(group, 0)
            raise PostponedError
        try:
            if message.receives > _USUAL_RECEIVES and self.attempts.begin(message.id) > MAX_INTERRUPTIONS:
                return self._give_up(message, _INTERRUPTED)
            stored = self._store(message)
        except PostponedError:
            self._end(message)
            raise
        except Exception as failure:
            return self._fail(message, failure)
        return self._publish(message, *stored) if stored else None

    def attempts_of_first(self, group: str) -> int:
        """Return how many attempts were made at the message that its group waits for; 0 if it waits only for time.

        After a failure of its own these are its failures, otherwise how often it was received.
        """
        return self._blocked.get(group, 0)

    def _store(self, message: Message) -> tuple[TaskEvent, str] | None:
        """Store the effects of an event; return it with its place in the log, or None if it is obsolete."""
        group, event = message.id.group_id, event_from_dict(json.loads(message.body))
        if event.is_hard_delete and group in self._started:
            self._block(group, 0)
            raise PostponedError
        self._started.add(group)
        late = message.redriven or self.now - event.at > _USUAL_AGE
        if late and self.handler.is_obsolete(event):
            return self.handler.store_obsolete(event)
        return event, self.handler.store(event)

    def _publish(self, message: Message, event: TaskEvent, place: str) -> str | None:
        group = message.id.group_id
        if group in self._unpublished:
            self._end(message)
            raise PostponedError
        try:
            self.handler.publish(event, place)
        except Exception as failure:
            return self._fail(message, failure, stored=True)
        return None

    def _fail(self, message: Message, failure: Exception, *, stored: bool = False) -> str | None:
        """Give the message up, or raise the failure: those after it wait, or only for their pushes if it is stored."""
        attempts = message.receives
        try:
            if not isinstance(failure, _OUTAGES):
                attempts = self.attempts.fail(message.id)
                if attempts >= MAX_FAILURES:
                    return self._give_up(message, f"{type(failure).__name__}: {failure}")
        except Exception as another:
            failure, attempts = another, message.receives
        if isinstance(failure, _OUTAGES):
            self._end(message)
        self._block(message.id.group_id, attempts, stored=stored)
        raise failure

    def _give_up(self, message: Message, cause: str) -> str:
        self.failed_messages.send_to_dead_letter_queue(message.id, message.body, cause)
        return cause

    def _end(self, message: Message) -> None:
        if message.receives > _USUAL_RECEIVES:
            with suppress(*_OUTAGES):
                self.attempts.end(message.id)

    def _block(self, group: str, attempts: int, *, stored: bool = False) -> None:
        self._blocked.setdefault(group, attempts)
        if stored:
            self._unpublished.add(group)
        else:
            self._unpublished.discard(group)
