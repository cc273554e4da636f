"""Parses the bodies of dead letters. There is one format for each sender.

- handleEvents, or the queue's redrive policy: the event as it was sent, the cause in the message attribute `cause`.
- The workflow: {execution, input, error, cause}, the cause as Step Functions reports a failed Lambda call.
- forwardChanges, pushNotifications: an invalid stream record (`record`), the cause in the message attribute `cause`.
- Lambda, for stream records that it could not pass on: their range in the stream (`DDBStreamBatchInfo`). Source: AWS
  Lambda Developer Guide, "Retaining discarded batches for a DynamoDB event source".
"""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from taskbell.application.serialization import event_from_dict
from taskbell.domain.dead_letters import CAUSE, DeadLetter, DeadLetterKind, FailedExecution
from taskbell.domain.events import TaskEvent

_BATCH_INFO_FIELDS = ("streamArn", "shardId", "startSequenceNumber", "endSequenceNumber")


def parse_body(dead_letter: DeadLetter) -> DeadLetter:
    """Add what the body contains: kind, owner, task, cause, and the event or the execution.

    The kind stays UNKNOWN if the message could not be redriven, because its body has none of the known formats.
    """
    content = dead_letter.content if isinstance(dead_letter.content, dict) else {}
    subject = content.get("input") if _is_execution(content) else content
    parsed = replace(
        dead_letter,
        owner_id=_text(subject, "ownerId"),
        task_id=_text(subject, "taskId"),
        cause=dead_letter.message_attributes.get(CAUSE),
    )
    if _is_execution(content):
        return replace(
            parsed,
            kind=DeadLetterKind.EXECUTION,
            cause=f"{content.get('error')}: {_message(content.get('cause'))}",
            execution=FailedExecution(content["execution"], content["input"].get("scheduleVersion")),
        )
    if _is_record(content):
        keys = content["record"]["dynamodb"].get("Keys") or {}
        owner_id, task_id = _key(keys, "pk", "OWNER#"), _key(keys, "sk", "TASK#")
        return replace(parsed, kind=DeadLetterKind.CHANGES, owner_id=owner_id, task_id=task_id)
    if _is_changes(content):
        condition = _text(content.get("requestContext"), "condition")
        return replace(parsed, kind=DeadLetterKind.CHANGES, cause=condition)
    event = _event(content)
    return replace(parsed, kind=DeadLetterKind.EVENT, event=event) if event else parsed


def _event(content: Mapping[str, Any]) -> TaskEvent | None:
    try:
        return event_from_dict(content)
    except (KeyError, ValueError):
        return None


def _is_execution(content: Mapping[str, Any]) -> bool:
    return _text(content, "execution") is not None and isinstance(content.get("input"), dict)


def _is_record(content: Mapping[str, Any]) -> bool:
    record = content.get("record")
    return isinstance(record, dict) and isinstance(record.get("dynamodb"), dict)


def _key(keys: Any, name: str, prefix: str) -> str | None:
    """The part of a key after its prefix, as the stream has it."""
    value = _text(keys.get(name), "S") if isinstance(keys, dict) else None
    return value.removeprefix(prefix) if value and value.startswith(prefix) else None


def _is_changes(content: Mapping[str, Any]) -> bool:
    batch_info = content.get("DDBStreamBatchInfo")
    return isinstance(batch_info, dict) and all(isinstance(batch_info.get(name), str) for name in _BATCH_INFO_FIELDS)


def _text(content: Any, name: str) -> str | None:
    value = content.get(name) if isinstance(content, Mapping) else None
    return value if isinstance(value, str) else None


def _message(cause: Any) -> str:
    """The error message in the cause of a failed Lambda call, which Step Functions gives as JSON."""
    try:
        return str(json.loads(cause)["errorMessage"])
    except (KeyError, TypeError, ValueError):
        return str(cause)
