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


class Messages(Protocol):
    """What becomes of messages of the queue that could not be handled."""

    def retry_later(self, tries_made: Mapping[str, int]) -> None:
        """Let messages come again, each time about twice as late: ten handles at most, with the tries so far."""

    def bury(self, body: str, group: str, deduplication_id: str, cause: str) -> None:
        """Put a message among the dead letters, with the cause."""


class LettersInHand(Protocol):
    """Dead letters of one queue while they are looked at."""

    def letters(self) -> Iterator[DeadLetter]:
        """Each letter that the queue shows, once; those of a group in their order. Ends when it shows nothing new."""

    def remove(self, letter: DeadLetter) -> None:
        """Remove a letter for good. Raises NotRemoved for one that is not, or no longer, in hand."""

    def left(self) -> int:
        """About how many letters the queue has, shown or not."""


class DeadLetters(Protocol):
    """Where messages lie that were given up. It may show no more than ten letters of a group together."""

    @property
    def queues(self) -> Sequence[str]:
        """The names of the queues that there are."""

    def look(self, queue: str) -> AbstractContextManager[LettersInHand]:
        """Look at a queue. What is shown is hidden from others until the end, and then shown to everybody again."""


class WaysBack(Protocol):
    """The ways in which what a dead letter stands for comes back. Each raises NotPassedOn when that cannot be."""

    def send(self, letter: DeadLetter, deduplication_id: str) -> None:
        """Send an event to the queue of events again, which takes it if it does not know this id."""

    def start(self, letter: DeadLetter) -> str:
        """Start a failed execution anew, with its input and a name of its own; answers with its ARN."""

    def forward(self, letter: DeadLetter) -> int:
        """Hand changes of the table to forwardChanges; how many of tasks there were."""


class MessageMover(Protocol):
    """The queue's own way to move all dead letters of events back to the queue of events at once."""

    def move_all(self) -> bool:
        """Begin to move them; False where the queue cannot. It moves everything, under the ids that it had before."""


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
