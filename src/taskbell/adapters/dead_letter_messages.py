"""What a dead letter is about and why it is there, read from its body: each of those who give up writes its own.

- handleEvents, or the queue itself: the event as it was sent, with the cause as the message attribute `cause`.
- The workflow: {execution, input, error, cause}, with the cause as Step Functions tells it of a failed Lambda call.
- Lambda, which could not forward a part of the table's stream, and names only that part (`DDBStreamBatchInfo`).
  Source: AWS Lambda Developer Guide, "Retaining discarded batches for a DynamoDB event source".
"""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from taskbell.application.serialization import event_from_dict
from taskbell.domain.dead_letters import DeadLetter, DeadLetterKind, FailedExecution
from taskbell.domain.events import TaskEvent

CAUSE = "cause"  # the message attribute that says why

_STREAM_PART = ("streamArn", "shardId", "startSequenceNumber", "endSequenceNumber")


def interpret(letter: DeadLetter) -> DeadLetter:
    """The letter with all that its body tells; of a kind that is unknown, if nobody could read it again."""
    content = letter.content if isinstance(letter.content, dict) else {}
    about = content.get("input") if _is_execution(content) else content
    known = replace(
        letter, owner_id=_text(about, "ownerId"), task_id=_text(about, "taskId"), cause=letter.notes.get(CAUSE)
    )
    if _is_execution(content):
        return replace(
            known,
            kind=DeadLetterKind.EXECUTION,
            cause=f"{content.get('error')}: {_message(content.get('cause'))}",
            execution=FailedExecution(content["execution"], content["input"].get("scheduleVersion")),
        )
    if _is_changes(content):
        condition = _text(content.get("requestContext"), "condition")
        return replace(known, kind=DeadLetterKind.CHANGES, cause=condition)
    event = _event(content)
    return replace(known, kind=DeadLetterKind.EVENT, event=event) if event else known


def _event(content: Mapping[str, Any]) -> TaskEvent | None:
    try:
        return event_from_dict(content)
    except (AttributeError, KeyError, TypeError, ValueError):
        return None


def _is_execution(content: Mapping[str, Any]) -> bool:
    return _text(content, "execution") is not None and isinstance(content.get("input"), dict)


def _is_changes(content: Mapping[str, Any]) -> bool:
    part = content.get("DDBStreamBatchInfo")
    return isinstance(part, dict) and all(isinstance(part.get(name), str) for name in _STREAM_PART)


def _text(content: Any, name: str) -> str | None:
    value = content.get(name) if isinstance(content, Mapping) else None
    return value if isinstance(value, str) else None


def _message(cause: Any) -> str:
    """The message in what Step Functions gives as the cause of a failed Lambda call."""
    try:
        return str(json.loads(cause)["errorMessage"])
    except (KeyError, TypeError, ValueError):
        return str(cause)
