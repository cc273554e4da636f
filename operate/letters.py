"""Dead letters: what a message is about and why it lies there, told from its body.

There are three kinds, by who gave up: `event` (handleEvents, with the cause as a message attribute, or the queue
itself), `execution` (the workflow, with {execution, input, error, cause}) and `changes` (Lambda, which could not
forward a stretch of the table's stream and names only that stretch). Anything else is `unknown`.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum
from typing import Any

from tasks.documents import event_of
from tasks.instants import instant_text


class Kind(Enum):
    """Who gave up on the message."""

    EVENT = "event"
    EXECUTION = "execution"
    CHANGES = "changes"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Letter:
    """One dead letter, as it was received from the queue of that name."""

    queue: str
    message: Mapping[str, Any]

    @property
    def id(self) -> str:
        return str(self.message["MessageId"])

    @property
    def body(self) -> str:
        return str(self.message["Body"])

    @property
    def attributes(self) -> Mapping[str, str]:
        """The system attributes: when it was sent, how often it was received, its group."""
        attributes: Mapping[str, str] = self.message.get("Attributes", {})
        return attributes

    @property
    def message_attributes(self) -> Mapping[str, Any]:
        attributes: Mapping[str, Any] = self.message.get("MessageAttributes", {})
        return attributes

    @property
    def group(self) -> str | None:
        return self.attributes.get("MessageGroupId")

    @property
    def sent_at(self) -> datetime | None:
        milliseconds = self.attributes.get("SentTimestamp")
        return datetime.fromtimestamp(int(milliseconds) / 1000, UTC) if milliseconds else None

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
        cause: str | None = self.message_attributes.get("cause", {}).get("StringValue")
        return cause


def summary(letter: Letter) -> dict[str, Any]:
    """A letter as lists show it."""
    owner_id, task_id = letter.task
    return {
        "id": letter.id,
        "queue": letter.queue,
        "kind": letter.kind.value,
        "ownerId": owner_id,
        "taskId": task_id,
        "sentAt": instant_text(letter.sent_at) if letter.sent_at else None,
        "cause": letter.cause,
    }


def whole(letter: Letter) -> dict[str, Any]:
    """All of a letter."""
    values = {name: value.get("StringValue") for name, value in letter.message_attributes.items()}
    return summary(letter) | {
        "attributes": dict(letter.attributes),
        "messageAttributes": values,
        "body": letter.content,
    }


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
