"""What the application needs of the world, in its own words.

Each port has an adapter and, where tests do without AWS, a fake.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from taskbell.application.serialization import Document
from taskbell.domain.dead_letters import DeadLetter, FailedExecution
from taskbell.domain.events import TaskEvent
from taskbell.domain.lifecycle import Notification
from taskbell.domain.profile import Profile
from taskbell.domain.queries import EventQuery, NotificationQuery, Page, TaskQuery
from taskbell.domain.statistics import Counts, Statistics
from taskbell.domain.task import Task


class TaskStore(Protocol):
    """Where tasks are kept. Every answer shows all that was stored before."""

    def add(self, task: Task) -> Task | None:
        """Store a new task. If its owner has one of that id, even a deleted one, store nothing and answer with it."""

    def get(self, owner_id: str, task_id: str) -> Task | None:
        """The task, deleted or not; None if there is none."""

    def replace(self, before: Task, after: Task, notification: Notification | None = None) -> bool:
        """Store `after`, with the notification, in place of `before`; False if `before` isn't what is stored."""

    def subtasks(self, parent: Task) -> Sequence[Task]:
        """The subtasks of a task that are not deleted; some more than may be made, if they were made at once."""

    def deleted_with(self, parent: Task) -> Sequence[Task]:
        """The subtasks that were deleted because their parent was, and still are."""

    def page(self, query: TaskQuery, first: int, after: str | None) -> Page[Task]:
        """At most `first` tasks behind the cursor `after`. Raises ValidationFailed for a cursor of no such list."""


class EventLog(Protocol):
    """Where events are remembered, and with them what they change in the statistics."""

    def append(self, event: TaskEvent) -> None:
        """Remember the event and count it; doing so again changes nothing."""

    def forget(self, event: TaskEvent) -> None:
        """Forget what was remembered of a task that has left the table, and count that; again, nothing changes.

        What another task of the same id has left, before or after, stays.
        """


class History(EventLog, Protocol):
    """What happened to each task."""

    def page(self, query: EventQuery, first: int, after: str | None) -> Page[TaskEvent]:
        """At most `first` events behind the cursor `after`. Raises ValidationFailed for a cursor of no such list."""


class StatisticsStore(Protocol):
    """The counts of owners' tasks."""

    def of(self, owner_id: str) -> Statistics:
        """An owner's counts."""

    def add(self, owner_id: str, counts: Counts) -> None:
        """Add to an owner's counts, some at a time if they are many; meant for correcting them."""


class Profiles(Protocol):
    """What people have set."""

    def get(self, owner_id: str) -> Profile:
        """A person's settings; the defaults for who never set any."""

    def save(self, profile: Profile) -> None:
        """Keep a person's settings, except for what they have seen."""

    def see(self, owner_id: str, until: datetime) -> Profile:
        """Keep that a person has seen the notifications until then; seeing less than before changes nothing."""


class Notifications(Protocol):
    """The notifications that runs have left."""

    def page(self, query: NotificationQuery, first: int, after: str | None) -> Page[Notification]:
        """At most `first` behind the cursor `after`. Raises ValidationFailed for a cursor of no such list."""

    def count_since(self, owner_id: str, instant: datetime | None, most: int) -> int:
        """How many were sent after that instant (None: ever); counted up to `most`."""


class Workflows(Protocol):
    """The runs of the task's lifecycle."""

    def start(self, task: Task) -> None:
        """Start the run of the task's schedule; nothing happens if it was started before."""

    def stop(self, task: Task, schedule_version: int) -> None:
        """Stop the run of an earlier schedule of the task; nothing happens if it isn't under way."""


class Publisher(Protocol):
    """The way to every open screen."""

    def publish(self, event: TaskEvent) -> None:
        """Push the event to all who have subscribed to it."""


class EventQueue(Protocol):
    """The queue between the table and those who handle events; it keeps the order of each task's events."""

    def send(self, events: Sequence[TaskEvent]) -> Sequence[TaskEvent]:
        """Send the events, in order; answers with those that were not taken."""


class FailedMessages(Protocol):
    """What happens to messages of the event queue that could not be handled."""

    def retry_later(self, attempts: Mapping[str, int]) -> None:
        """Have messages delivered again, with exponential backoff.

        Args:
            attempts: The attempts made so far by receipt handle; at most ten.
        """

    def send_to_dead_letter_queue(self, body: str, group_id: str, deduplication_id: str, cause: str) -> None:
        """Send a message to the dead-letter queue, with the cause as a message attribute."""


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


class TaskRecords(Protocol):
    """What storage holds of tasks, for operators: also what no function could read."""

    def task(self, owner_id: str, task_id: str) -> Document | None:
        """A task as a document, deleted or not; as it is stored, where it makes no sense; None if there is none."""

    def events(self, owner_id: str, task_id: str) -> Iterator[Document]:
        """The task's events as they are stored, in their order."""

    def tasks_of(self, owner_id: str) -> Iterator[Task]:
        """All tasks of an owner, deleted ones and subtasks too."""


@dataclass(frozen=True, slots=True)
class ScheduledRun:
    """What names a run of the workflow: the task, which its id names among its owner's only while it is stored."""

    owner_id: str
    task_id: str
    created_at: datetime
    schedule_version: int


@dataclass(frozen=True, slots=True)
class PassedState:
    """A state of the workflow that an execution entered, and left unless it is there now."""

    name: str
    entered_at: datetime
    left_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Execution:
    """How a run, or a later start of it, went."""

    name: str
    id: str
    schedule_version: int | None
    status: str
    started_at: datetime
    stopped_at: datetime | None
    error: str | None
    cause: str | None
    states: tuple[PassedState, ...]


class Executions(Protocol):
    """How runs of the workflow went."""

    def of(self, runs: Iterable[ScheduledRun | FailedExecution]) -> Iterator[Execution]:
        """Those of the runs that were executed, each followed by the executions that were started anew for it."""


class SettingsSource(Protocol):
    """What an operator can change while the system runs, at most some minutes old. Raises WrongSetting."""

    def deleted_task_retention(self) -> timedelta:
        """How long a deleted task can be restored."""

    def notification_retention(self) -> timedelta:
        """How long a notification is kept."""
