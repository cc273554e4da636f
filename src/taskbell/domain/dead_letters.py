"""Dead letters: messages that the pipeline gave up on, what they are about and why they are there."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Any

from taskbell.domain.events import TaskEvent


class DeadLetterKind(Enum):
    """Who gave up on the message: the handler of events, the workflow, or the stream of changes."""

    EVENT = "event"
    EXECUTION = "execution"
    CHANGES = "changes"
    UNKNOWN = "unknown"


class RedriveOutcome(Enum):
    """What became of a letter that was redriven."""

    SENT = "sent"
    STARTED = "started"
    FORWARDED = "forwarded"
    KEPT = "kept"


class NotPassedOn(Exception):
    """What the letter stands for could not be taken elsewhere. The message is for people, its cause for operators."""


class NotRemoved(Exception):
    """The letter could not be removed; its cause is for operators."""


@dataclass(frozen=True, slots=True)
class FailedExecution:
    """An execution of the workflow that was given up; `schedule_version` as far as it is known."""

    id: str
    schedule_version: int | None = None


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """One message that was given up, in the queue of that name.

    `notes` is what its sender put beside the body, `attributes` all that the queue says of it, under the queue's names.
    `receives` counts how often the queue has shown it, each look at it too. What it is about is known as far as it
    tells: the `event` only of an event, the `execution` only of an execution.
    """

    id: str
    queue: str
    body: str
    sent_at: datetime | None = None
    receives: int = 0
    group: str | None = None
    deduplication_id: str = ""
    notes: Mapping[str, str] = field(default_factory=dict)
    attributes: Mapping[str, str] = field(default_factory=dict)
    kind: DeadLetterKind = DeadLetterKind.UNKNOWN
    owner_id: str | None = None
    task_id: str | None = None
    cause: str | None = None
    event: TaskEvent | None = None
    execution: FailedExecution | None = None

    @property
    def content(self) -> Any:
        """The body as JSON, or as text when it is none."""
        try:
            return json.loads(self.body)
        except ValueError:
            return self.body
