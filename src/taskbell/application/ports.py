"""Ports: the interfaces that the application needs.

Each port has an adapter. `TaskRepository`, `EventStore`, `StatisticsRepository`, `ProfileRepository` and
`DeadLetterQueues` also have an in-memory implementation, which passes the same contract suite as the adapter. Tests
stub or record the others, or run them on an emulated AWS.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from taskbell.application.serialization import Document
from taskbell.domain.dead_letters import DeadLetter, FailedExecution
from taskbell.domain.events import TaskEvent
from taskbell.domain.notification import Notification
from taskbell.domain.profile import Profile
from taskbell.domain.queries import EventQuery, NotificationQuery, Page, TaskQuery
from taskbell.domain.statistics import Counts, Statistics
from taskbell.domain.task import Task


class TaskRepository(Protocol):
    """Stores tasks; every read is strongly consistent."""

    def add(self, task: Task) -> Task | None:
        """Store a new task.

        Returns:
            None, or the owner's existing task with that id or key, even a deleted one; nothing is stored then, unless
            an earlier call with the key was interrupted: then the task itself, under the id that it was given there.
        """

    def id_for_key(self, owner_id: str, key: str) -> str | None:
        """Return the id of the owner's task with that key, also of a deleted one; None if there is none."""

    def release_key(self, task: Task) -> None:
        """Let the key of a task that has left the table be used again; idempotent."""

    def get(self, owner_id: str, task_id: str) -> Task | None:
        """Return the task, also a deleted one; None if there is none."""

    def replace(self, before: Task, after: Task, notification: Notification | None = None) -> bool:
        """Store `after` if `before` is the stored version, and with it a notification that was not sent before.

        Returns:
            Whether `after` is stored.
        """

    def subtasks(self, parent: Task) -> Sequence[Task]:
        """Return the subtasks that are not deleted; concurrent requests may have exceeded the limit."""

    def deleted_with(self, parent: Task) -> Sequence[Task]:
        """Return the subtasks that were deleted with their parent."""

    def page(self, query: TaskQuery, first: int, after: str | None) -> Page[Task]:
        """Return at most `first` tasks after the cursor. Raises InvalidInputError if it is not of this list."""


class EventLog(Protocol):
    """Stores events and updates the statistics with them."""

    def append(self, event: TaskEvent) -> None:
        """Store the event and add it to the statistics; idempotent."""

    def purge(self, event: TaskEvent) -> None:
        """Delete the events of a task that has left the table, and subtract what they had counted; idempotent.

        Events of another task with the same id stay.
        """

    def is_purged(self, task: Task) -> bool:
        """Whether the events of a task that has left the table were purged."""


class EventStore(EventLog, Protocol):
    """Stores and lists events."""

    def page(self, query: EventQuery, first: int, after: str | None) -> Page[TaskEvent]:
        """Return at most `first` events after the cursor. Raises InvalidInputError if it is not of this list."""


class StatisticsRepository(Protocol):
    """Stores the counts of owners' tasks."""

    def get(self, owner_id: str) -> Statistics:
        """Return an owner's counts."""

    def add(self, owner_id: str, counts: Counts) -> None:
        """Add to an owner's counts, to correct them; not atomic if there are many."""


class ProfileRepository(Protocol):
    """Stores users' settings."""

    def get(self, owner_id: str) -> Profile:
        """Return a user's settings, or the defaults."""

    def save(self, profile: Profile) -> None:
        """Store a user's settings, except `seen_until`."""

    def mark_seen(self, owner_id: str, until: datetime) -> Profile:
        """Store until when a user has seen the notifications; an earlier time changes nothing."""


class NotificationRepository(Protocol):
    """Lists notifications, which `TaskRepository.replace` stores."""

    def page(self, query: NotificationQuery, first: int, after: str | None) -> Page[Notification]:
        """Return at most `first` after the cursor. Raises InvalidInputError if it is not of this list."""

    def count_since(self, owner_id: str, instant: datetime | None, limit: int) -> int:
        """Return how many notifications were sent after `instant` (None for all), up to `limit`."""


class Workflows(Protocol):
    """Starts and stops workflow runs."""

    def start(self, task: Task) -> None:
        """Start the run of the task's schedule; idempotent."""

    def stop(self, task: Task, schedule_version: int) -> None:
        """Stop the run of an earlier schedule of the task, if it is active."""


class Publisher(Protocol):
    """Pushes events to subscribers."""

    def publish(self, event: TaskEvent) -> None:
        """Push the event to its subscribers."""


class EventTooLargeError(Exception):
    """The event is larger than a message of the queue can be."""

    def __init__(self, event: TaskEvent) -> None:
        """Create an error with that event."""
        self.event = event
        super().__init__(self.__doc__)


class EventQueue(Protocol):
    """A queue that keeps the order of each task's events."""

    def send(self, events: Sequence[TaskEvent]) -> Sequence[TaskEvent]:
        """Send events in order.

        Returns:
            The events that were not accepted, the last ones of `events`.

        Raises:
            EventTooLargeError: One of them is larger than a message can be; nothing was sent.
        """


class UnforwardedChanges(Protocol):
    """Keeps changes that became no events, for operators."""

    def set_aside(self, record: Document, cause: str) -> None:
        """Keep a record of the stream with the cause."""


@dataclass(frozen=True, slots=True)
class MessageId:
    """Identifies a message of the event queue, however often it is delivered."""

    group_id: str
    deduplication_id: str


class Attempts(Protocol):
    """Counts the attempts at messages that failed or were interrupted, for as long as the queue keeps them."""

    def begin(self, message: MessageId) -> int:
        """Record that an attempt begins.

        Returns:
            The number of attempts, with this one, that have begun and not ended since one ended.
        """

    def end(self, message: MessageId) -> None:
        """Record that an attempt ended without success, for a reason that is not the message's."""

    def fail(self, message: MessageId) -> int:
        """Record that an attempt ended because of the message itself.

        Returns:
            The number of attempts that ended so.
        """


class FailedMessages(Protocol):
    """Handles messages of the event queue whose processing failed."""

    def retry_later(self, attempts: Mapping[str, int]) -> None:
        """Delay the next delivery of messages.

        Args:
            attempts: The number of attempts at each message, at most ten, or at the one that it waits for, by receipt
                handle: the delay grows with it. There is none for 0.
        """

    def send_to_dead_letter_queue(self, message: MessageId, body: str, cause: str) -> None:
        """Send a message to the dead-letter queue, with the cause of the failure."""


class DeadLetterReceiver(Protocol):
    """Receives messages of one dead-letter queue."""

    def receive(self) -> Iterator[DeadLetter]:
        """Receive until the queue returns nothing new; each message once, those of a group in their order."""

    def delete(self, dead_letter: DeadLetter) -> None:
        """Delete a received message. Raises DeletionError if it was not received, or was deleted already."""

    def approximate_count(self) -> int:
        """The approximate number of messages in the queue, including those that others have received."""


class DeadLetterQueues(Protocol):
    """The dead-letter queues. Each may return no more than ten messages of a group at a time."""

    @property
    def names(self) -> Sequence[str]:
        """The names of the queues."""

    def receiver(self, queue: str) -> AbstractContextManager[DeadLetterReceiver]:
        """Receive messages of a queue. They are hidden from other consumers until the context exits."""


class RedriveTargets(Protocol):
    """Where dead letters are redriven to. Each method raises RedriveError if that fails."""

    def resend_event(self, dead_letter: DeadLetter, deduplication_id: str) -> None:
        """Send an event to the event queue again, which drops it if it knows the deduplication id."""

    def restart_execution(self, dead_letter: DeadLetter) -> str:
        """Start a failed execution again, with the same input under a new name; the ARN of the new execution."""

    def replay_records(self, dead_letter: DeadLetter) -> int:
        """Pass stream records to forwardChanges again; the number of records of tasks."""


class MessageMover(Protocol):
    """The queue service's own bulk redrive, from the dead-letter queue to the event queue."""

    def move_all(self) -> bool:
        """Start to move all messages, with their deduplication ids; False if the service does not support it."""


class InvalidItemsError(ValueError):
    """Items of an owner are not what this version stores."""

    def __init__(self, owner_id: str, keys: Sequence[str]) -> None:
        """Create an error with the sort keys of the items."""
        self.keys = keys
        names = ", ".join(map(repr, keys))
        super().__init__(
            f"The tasks of {owner_id!r} were not counted, because items of the table are invalid: {names}. "
            "`taskbell trace` shows a task as it is stored."
        )


class TaskRecords(Protocol):
    """Reads stored tasks for operators, also invalid ones."""

    def id_of(self, owner_id: str, reference: str) -> str:
        """Return the id of a task that is named by its id or by its key; the reference if there is no such key."""

    def task(self, owner_id: str, task_id: str) -> Document | None:
        """Return a task as a document, also a deleted one; as it is stored if it is invalid; None if there is none."""

    def events(self, owner_id: str, task_id: str) -> Iterator[Document]:
        """Yield the task's events as they are stored, in their order."""

    def tasks_of(self, owner_id: str) -> Iterator[Task]:
        """Yield all tasks of an owner, with deleted ones and subtasks. Raises InvalidItemsError after the last one."""


@dataclass(frozen=True, slots=True)
class ScheduledRun:
    """Identifies a workflow run."""

    owner_id: str
    task_id: str
    schedule_version: int


@dataclass(frozen=True, slots=True)
class StateVisit:
    """A state of the state machine that an execution entered; `left_at` is None while it is there."""

    name: str
    entered_at: datetime
    left_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Execution:
    """A Step Functions execution of a workflow run."""

    name: str
    id: str
    schedule_version: int | None
    status: str
    started_at: datetime
    stopped_at: datetime | None
    error: str | None
    cause: str | None
    states: tuple[StateVisit, ...]


class Executions(Protocol):
    """Reads the executions of workflow runs."""

    def of(self, runs: Iterable[ScheduledRun | FailedExecution]) -> Iterator[Execution]:
        """Yield the executions of the runs, each followed by those that restarted it."""


class SettingsSource(Protocol):
    """Settings that operators change at run time, cached for minutes. Raises InvalidSettingError."""

    def deleted_task_retention(self) -> timedelta:
        """Return how long a deleted task can be restored."""

    def notification_retention(self) -> timedelta:
        """Return how long a notification is stored."""
