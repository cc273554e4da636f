"""Ports: the interfaces that the application needs.

Each port has an adapter. `TaskRepository`, `EventStore`, `StatisticsRepository`, `ProfileRepository` and
`DeadLetterQueues` also have an in-memory implementation, which passes the same contract suite as the adapter. Tests
stub or record the others, or run them on an emulated AWS.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from taskbell.application.serialization import Document
from taskbell.domain.dead_letters import DeadLetter, FailedExecution
from taskbell.domain.events import HistoryEntry, TaskEvent
from taskbell.domain.notification import Notification, notification_id
from taskbell.domain.profile import Profile
from taskbell.domain.queries import EventQuery, NotificationQuery, Page, TaskQuery
from taskbell.domain.statistics import Counts, Statistics
from taskbell.domain.task import Task
from taskbell.domain.task_list import TaskList
from taskbell.domain.trash import TrashQuery


@dataclass(frozen=True, slots=True)
class TaskName:
    """Identifies a task of any owner."""

    owner_id: str
    task_id: str


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

    def replace(self, before: Task, after: Task, beside: Sequence[tuple[Task | None, Task]] = ()) -> bool:
        """Store `after` if `before` is stored with its version and receipts.

        `beside` are other tasks of the owner before and after the same change, None for a new one: all are stored, or
        none is.

        Returns:
            Whether `after` is stored.
        """

    def subtasks(self, parent: Task) -> Sequence[Task]:
        """Return the subtasks that are not deleted; concurrent requests may have exceeded the limit."""

    def subtasks_of(self, parents: Collection[TaskName], limit: int) -> Mapping[TaskName, Sequence[Task]]:
        """Return the subtasks of several tasks that are not deleted, in the order of their ranks.

        Raises:
            LimitExceededError: They are more than `limit` together.
        """

    def ranks(self, task: Task) -> Sequence[tuple[str, str]]:
        """Return the ranks and ids of the tasks among which a task has its place.

        Those are the subtasks of its parent, or the owner's open tasks, of which there may be more than are read.
        """

    def subtask_ids(self, parent: Task) -> Sequence[str]:
        """Return the ids of the subtasks that are not deleted."""

    def ids_in_list(self, owner_id: str, list_id: str) -> Sequence[str]:
        """Return the ids of the tasks of a list that are not deleted."""

    def deleted_with(self, parent: Task) -> Sequence[Task]:
        """Return the subtasks that were deleted with their parent."""

    def trash(self, query: TrashQuery, limit: int) -> Sequence[Task]:
        """Return at most `limit` tasks of the trash, the last deleted first."""

    def page(self, query: TaskQuery | TrashQuery, first: int, after: str | None) -> Page[Task]:
        """Return at most `first` tasks after the cursor. Raises InvalidInputError if it is not of this list."""


@dataclass(frozen=True, slots=True)
class EntryName:
    """Identifies an entry of the history of a task."""

    owner_id: str
    task_id: str
    version: int


@dataclass(frozen=True, slots=True)
class NotificationName:
    """Identifies a notification by its task, and when its reminder was due."""

    owner_id: str
    task_id: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ListName:
    """Identifies a list of any owner."""

    owner_id: str
    list_id: str


ThingName = TaskName | EntryName | NotificationName | ListName
Thing = Task | HistoryEntry | Notification | TaskList


class LabelRepository(Protocol):
    """Reads labels; every read is strongly consistent."""

    def of_tasks(self, owner_id: str) -> Sequence[tuple[str, tuple[str, ...]]]:
        """Return the ids and the labels of the owner's tasks that have some, without deleted tasks.

        Raises:
            LimitExceededError: There are too many tasks.
        """


class Things(Protocol):
    """Reads tasks, history, notifications and lists by their names, whoever owns them; strongly consistent."""

    def read(self, names: Collection[ThingName]) -> Mapping[ThingName, Thing]:
        """Return those of at most 100 things that are in the table, also deleted ones."""


class EventLog(Protocol):
    """Stores events and updates the statistics with them.

    A place in the log is a text that sorts in the order of time. What is stored again gets its place anew.
    """

    def append(self, event: TaskEvent) -> str:
        """Store the event and add it to the statistics; idempotent. Returns its place in the log."""

    def purge(self, event: TaskEvent) -> str:
        """Delete the events and notifications of a task that has left the table; idempotent.

        What the events had counted is subtracted.

        Returns:
            The place in the log of the record that the task is gone.
        """

    def is_purged(self, task: Task) -> bool:
        """Whether the events of a task that has left the table were purged."""


class EventStore(EventLog, Protocol):
    """Stores events and lists the history; lists are eventually consistent."""

    def page(self, query: EventQuery, first: int, after: str | None) -> Page[HistoryEntry]:
        """Return at most `first` entries after the cursor. Raises InvalidInputError if it is not of this list."""


@dataclass(frozen=True, slots=True)
class LogRecord:
    """An item of an owner's log: something has changed.

    Attributes:
        place: Its place in the log.
        task_id: The task that has changed.
        version: The task's version after the change.
        reminded_at: When the reminder was due that the task was reminded with; its notification is stored already.
        notification: A notification that was read or dismissed; then it is what has changed, and `version` its version.
        task_list: A list; then it is what has changed, and `version` its version.
    """

    place: str
    task_id: str
    version: int
    reminded_at: datetime | None = None
    notification: Notification | None = None
    task_list: TaskList | None = None

    @property
    def notification_id(self) -> str | None:
        """The id of the notification, if there is one."""
        return notification_id(self.task_id, self.reminded_at) if self.reminded_at else None

    @property
    def things(self) -> Mapping[str, int]:
        """The ids of all that has changed, with its version."""
        if self.notification:
            return {self.notification.id: self.version}
        if self.task_list:
            return {self.task_list.id: self.version}
        return {self.task_id: self.version} | ({self.notification_id: 1} if self.notification_id else {})


class ChangeLog(Protocol):
    """Reads an owner's log and what it is about; every read is strongly consistent.

    A page may have fewer items than asked for.
    """

    def records(self, owner_id: str, after: str, limit: int) -> tuple[Sequence[LogRecord], bool]:
        """Return at most `limit` items of the log after a place, in their order, and whether there are more."""

    def newest(self, owner_id: str, records: Sequence[LogRecord]) -> tuple[Mapping[str, Task], Sequence[Notification]]:
        """Return what records are about, as it is now: at most 100 tasks, also deleted ones, and notifications.

        Tasks are by id; what is not in the table is left out.
        """

    def all_tasks(self, owner_id: str, after: str, limit: int) -> tuple[Sequence[Task], str | None]:
        """Return tasks, subtasks and deleted ones too, and where to go on; None at the end. Begins with ``''``."""

    def all_lists(self, owner_id: str, after: str, limit: int) -> tuple[Sequence[TaskList], str | None]:
        """Return lists, deleted ones too, as `all_tasks` does."""

    def all_notifications(self, owner_id: str, after: str, limit: int) -> tuple[Sequence[Notification], str | None]:
        """Return notifications, as `all_tasks` does."""


class PositionCursors(Protocol):
    """Makes tamper-proof cursors of positions in an owner's changes."""

    def encode(self, owner_id: str, position: list[str]) -> str:
        """Return the cursor of a position."""

    def decode(self, owner_id: str, cursor: str) -> list[str]:
        """Return the position of a cursor. Raises InvalidInputError if it is not of this owner's changes."""


class StatisticsRepository(Protocol):
    """Stores the counts of owners' tasks."""

    def get(self, owner_id: str, *, consistent: bool = False) -> Statistics:
        """Return an owner's counts; `consistent`: with all that is stored by now."""

    def add(self, owner_id: str, counts: Counts) -> None:
        """Add to an owner's counts, to correct them; not atomic if there are many."""


class ProfileRepository(Protocol):
    """Stores users' settings."""

    def get(self, owner_id: str) -> Profile:
        """Return a user's settings, or the defaults."""

    def save(self, profile: Profile, before: Profile | None = None) -> bool:
        """Store a user's settings, except `seen_until`.

        Returns:
            Whether they are stored: not if a receipt was added since `before` was read.
        """

    def mark_seen(self, owner_id: str, until: datetime) -> Profile:
        """Store until when a user has seen the notifications; an earlier time changes nothing."""


class NotificationRepository(Protocol):
    """Stores and lists notifications."""

    def add(self, notification: Notification) -> None:
        """Store a notification, unless there is one of that task and time."""

    def mark_read(self, name: NotificationName, at: datetime) -> Notification | None:
        """Mark a notification as read at a time, unless it is read or dismissed; None if there is none."""

    def dismiss(self, name: NotificationName, at: datetime) -> Notification | None:
        """Dismiss a notification at a time, unless it is dismissed; None if there is none."""

    def restore(self, notification: Notification, at: datetime) -> bool:
        """Store a notification as it was before a change, at a time, under the version after that of the change.

        Returns:
            Whether it is stored: not if it has changed since, or left the table.
        """

    def page(self, query: NotificationQuery, first: int, after: str | None) -> Page[Notification]:
        """Return at most `first` after the cursor. Raises InvalidInputError if it is not of this list."""

    def count_unread(self, owner_id: str, seen_until: datetime | None, limit: int) -> int:
        """Return how many were sent after `seen_until` (None for all) and not marked as read, up to `limit`."""


class Workflows(Protocol):
    """Starts and stops workflow runs."""

    def start(self, task: Task) -> None:
        """Start the run of the task's schedule; idempotent."""

    def stop(self, task: Task, schedule_version: int) -> None:
        """Stop the run of an earlier schedule of the task, if it is active."""


class Publisher(Protocol):
    """Pushes events to subscribers."""

    def publish(self, event: TaskEvent, task: Task, cursor: str, list_id: str | None) -> None:
        """Push an event to its subscribers, with the task as it is now, and a cursor of the owner's changes.

        `list_id` is the list whose followers get it; None for tasks in no list.
        """


@dataclass(frozen=True, slots=True)
class NotificationPush:
    """What an owner's subscribers are told of notifications.

    Attributes:
        seen_until: Until when the owner has seen what was sent.
        notification: A notification that was sent or has changed; None if only `seen_until` has changed.
        task: The task that it leads to, unless that is deleted.
    """

    owner_id: str
    seen_until: datetime | None
    notification: Notification | None = None
    task: Task | None = None


class NotificationPublisher(Protocol):
    """Pushes notifications to subscribers."""

    def publish(self, push: NotificationPush) -> None:
        """Push to the owner's subscribers."""


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
        """Pass stream records to their functions again; the number of those that any of them takes."""


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
        """Yield the task's events as clients see them, in their order; as they are stored if they are invalid."""

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
