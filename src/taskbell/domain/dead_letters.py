"""Dead letters: messages that the pipeline could not process, with their subject and the cause."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Any

from taskbell.domain.events import TaskEvent

CAUSE = "cause"  # the message attribute with the cause; a message keeps it when it is redriven


class DeadLetterKind(Enum):
    """What a message stands for: an event, a failed workflow execution, or stream records that became no events."""

    EVENT = "event"
    EXECUTION = "execution"
    CHANGES = "changes"
    UNKNOWN = "unknown"


class RedriveOutcome(Enum):
    """What happened to a message that was to be redriven."""

    SENT = "sent"
    STARTED = "started"
    FORWARDED = "forwarded"
    KEPT = "kept"


class RedriveError(Exception):
    """A message could not be redriven. Its text is for people, its cause for operators."""


class DeletionError(Exception):
    """A message could not be deleted from its queue; its cause is for operators."""


@dataclass(frozen=True, slots=True)
class FailedExecution:
    """A failed execution of the workflow.

    Attributes:
        id: The execution's ARN.
        schedule_version: The version of the task that set the schedule; None if the message does not say.
    """

    id: str
    schedule_version: int | None = None


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A message of a dead-letter queue.

    Attributes:
        id: The message id; a redriven message that fails again gets another one.
        queue: The queue's name in the template.
        body: The message as it was sent.
        sent_at: When it was sent to the dead-letter queue.
        receive_count: How often it was received, including reads by operators.
        group_id: The message group of a FIFO queue.
        deduplication_id: The deduplication id of a FIFO queue.
        message_attributes: What the sender added, under the names it chose.
        attributes: The system attributes, under the names that SQS gives them.
        kind: What the message stands for; UNKNOWN if the body cannot be parsed.
        owner_id: The owner of the task, if the body has one.
        task_id: The task, if the body has one.
        cause: Why it could not be processed, if known.
        event: The event, if the kind is EVENT.
        execution: The execution, if the kind is EXECUTION.
    """

    id: str
    queue: str
    body: str
    sent_at: datetime | None = None
    receive_count: int = 0
    group_id: str | None = None
    deduplication_id: str = ""
    message_attributes: Mapping[str, str] = field(default_factory=dict)
    attributes: Mapping[str, str] = field(default_factory=dict)
    kind: DeadLetterKind = DeadLetterKind.UNKNOWN
    owner_id: str | None = None
    task_id: str | None = None
    cause: str | None = None
    event: TaskEvent | None = None
    execution: FailedExecution | None = None

    @property
    def content(self) -> Any:
        """The body parsed as JSON, or the body itself if it is not JSON."""
        try:
            return json.loads(self.body)
        except (RecursionError, ValueError):
            return self.body
