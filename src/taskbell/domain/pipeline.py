"""Figures of the pipeline, each of which is true or missing."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum


class EventsQueue(Enum):
    """A queue of the pipeline, by its name in the template."""

    TASK_EVENTS = "TaskEvents"
    TASK_EVENTS_DEAD_LETTERS = "TaskEventsDeadLetters"
    UNFORWARDED_CHANGES = "UnforwardedChanges"


class ExecutionStatus(Enum):
    """The status of an execution, as Step Functions names it."""

    RUNNING = "RUNNING"
    SUCCEEDED = "SUCCEEDED"
    FAILED = "FAILED"
    TIMED_OUT = "TIMED_OUT"
    ABORTED = "ABORTED"
    PENDING_REDRIVE = "PENDING_REDRIVE"


class Metric(Enum):
    """A figure that AWS measures by the minute."""

    FORWARD_CHANGES_LAG = "how far forwardChanges is behind the table, in seconds"
    PUSH_NOTIFICATIONS_LAG = "how far pushNotifications is behind the table, in seconds"
    TASK_EVENTS_AGE = "the age of the oldest message of TaskEvents, in seconds"
    TASK_EVENTS_DEAD_LETTERS_AGE = "the age of the oldest message of TaskEventsDeadLetters, in seconds"
    UNFORWARDED_CHANGES_AGE = "the age of the oldest message of UnforwardedChanges, in seconds"
    PUSHES_DELIVERED = "the messages to subscribers within an hour"
    SUBSCRIPTIONS = "the open subscriptions"


class UnknownReason(Enum):
    """Why a figure is missing."""

    NOT_MEASURED = "NOT_MEASURED"
    UNAVAILABLE = "UNAVAILABLE"


@dataclass(frozen=True, slots=True)
class TableFigures:
    """The table's status, and the number of its items, which DynamoDB counts about every six hours."""

    status: str
    item_count: int


@dataclass(frozen=True, slots=True)
class QueueFigures:
    """The approximate numbers of messages: visible, received and not deleted, and delayed."""

    visible: int
    in_flight: int
    delayed: int


@dataclass(frozen=True, slots=True)
class ExecutionCount:
    """A number of executions; of more than were counted if `at_least`."""

    count: int
    at_least: bool


@dataclass(frozen=True, slots=True)
class Measurement:
    """A value of a metric, and the beginning of the last minute that it was measured in."""

    value: float
    at: datetime
