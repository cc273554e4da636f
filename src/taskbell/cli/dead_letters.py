"""Dead letters as JSON documents."""

from typing import Any

from taskbell.domain.dead_letters import DeadLetter
from taskbell.domain.timestamps import format_timestamp


def dead_letter_summary(dead_letter: DeadLetter) -> dict[str, Any]:
    """Return what lists contain of a dead letter."""
    return {
        "id": dead_letter.id,
        "queue": dead_letter.queue,
        "kind": dead_letter.kind.value,
        "ownerId": dead_letter.owner_id,
        "taskId": dead_letter.task_id,
        "sentAt": format_timestamp(dead_letter.sent_at) if dead_letter.sent_at else None,
        "cause": dead_letter.cause,
    }


def dead_letter_details(dead_letter: DeadLetter) -> dict[str, Any]:
    """Return the summary, all attributes and the body."""
    return dead_letter_summary(dead_letter) | {
        "attributes": dict(dead_letter.attributes),
        "messageAttributes": dict(dead_letter.message_attributes),
        "body": dead_letter.content,
    }
