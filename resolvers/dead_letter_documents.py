"""Dead letters in the format of the schema."""

from taskbell.application.serialization import Document
from taskbell.domain.dead_letters import DeadLetter
from taskbell.domain.timestamps import format_timestamp


def dead_letter_document(dead_letter: DeadLetter) -> Document:
    """Return a `DeadLetter`."""
    return {
        "id": dead_letter.id,
        "queue": dead_letter.queue,
        "kind": dead_letter.kind.name,
        "ownerId": dead_letter.owner_id,
        "taskId": dead_letter.task_id,
        "sentAt": format_timestamp(dead_letter.sent_at) if dead_letter.sent_at else None,
        "cause": dead_letter.cause,
        "receiveCount": dead_letter.receive_count,
        "body": dead_letter.body,
    }
