"""Dead letters under the names that --json uses."""

from typing import Any

from taskbell.domain.dead_letters import DeadLetter
from taskbell.domain.timestamps import format_timestamp


def summary(letter: DeadLetter) -> dict[str, Any]:
    """A letter as lists show it."""
    return {
        "id": letter.id,
        "queue": letter.queue,
        "kind": letter.kind.value,
        "ownerId": letter.owner_id,
        "taskId": letter.task_id,
        "sentAt": format_timestamp(letter.sent_at) if letter.sent_at else None,
        "cause": letter.cause,
    }


def whole(letter: DeadLetter) -> dict[str, Any]:
    """All of a letter."""
    return summary(letter) | {
        "attributes": dict(letter.attributes),
        "messageAttributes": dict(letter.notes),
        "body": letter.content,
    }
