"""Dead letters: what the pipeline gave up on, what it is about and why it lies there, told from its body.

There are three kinds, by who gave up: `event` (handleEvents, with the cause as a note, or the queue itself),
`execution` (the workflow, with {execution, input, error, cause}) and `changes` (Lambda, which could not forward a
stretch of the table's stream and names only that stretch). Anything else is `unknown`.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Any

from taskbell.application.serialization import event_of

CAUSE = "cause"  # the note that says why


class Kind(Enum):
    """Who gave up on the message."""

    EVENT = "event"
    EXECUTION = "execution"
    CHANGES = "changes"
    UNKNOWN = "unknown"


class NotPassedOn(Exception):
    """What the letter stands for could not be taken elsewhere. The message is for people, its cause for operators."""


class NotRemoved(Exception):
    """The letter could not be removed; its cause is for operators."""


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """One message that was given up, as it lies in the queue of that name.

    `notes` is what its sender put beside the body, `attributes` all that the queue says of it, under the queue's names.
    `receives` counts how often the queue has shown it, each look at it too.
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

    @property
    def content(self) -> Any:
        """The body as JSON, or as text when it is none."""
        try:
            return json.loads(self.body)
        except ValueError:
            return self.body

    @property
    def kind(self) -> Kind:
        """Who gave up; what handleEvents could not even read is unknown, for it would not read it again either."""
        content = self.content
        if not isinstance(content, dict):
            return Kind.UNKNOWN
        if _is_execution(content):
            return Kind.EXECUTION
        if _is_changes(content):
            return Kind.CHANGES
        return Kind.EVENT if _is_event(content) else Kind.UNKNOWN

    @property
    def task(self) -> tuple[str | None, str | None]:
        """The owner and the id of the task that it is about, as far as it tells."""
        content = self.content if isinstance(self.content, dict) else {}
        about = content.get("input") if _is_execution(content) else content
        return _text(about, "ownerId"), _text(about, "taskId")

    @property
    def cause(self) -> str | None:
        """Why it lies there, in a line; None when nobody has said."""
        match self.kind:
            case Kind.EXECUTION:
                return f"{self.content.get('error')}: {_told(self.content.get('cause'))}"
            case Kind.CHANGES:
                return _text(self.content.get("requestContext"), "condition")
        return self.notes.get(CAUSE)


def _is_event(content: Mapping[str, Any]) -> bool:
    try:
        event_of(content)
    except (AttributeError, KeyError, TypeError, ValueError):
        return False
    return True


def _is_execution(content: Mapping[str, Any]) -> bool:
    return _text(content, "execution") is not None and isinstance(content.get("input"), dict)


def _is_changes(content: Mapping[str, Any]) -> bool:
    stretch = content.get("DDBStreamBatchInfo")
    named = ("streamArn", "shardId", "startSequenceNumber", "endSequenceNumber")
    return isinstance(stretch, dict) and all(isinstance(stretch.get(name), str) for name in named)


def _text(content: Any, name: str) -> str | None:
    value = content.get(name) if isinstance(content, Mapping) else None
    return value if isinstance(value, str) else None


def _told(cause: Any) -> str:
    """The message in what Step Functions gives as the cause of a failed Lambda call."""
    try:
        return str(json.loads(cause)["errorMessage"])
    except (KeyError, TypeError, ValueError):
        return str(cause)
