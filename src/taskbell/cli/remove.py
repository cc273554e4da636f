"""Deletes dead letters without redriving them."""

from collections.abc import Collection

from taskbell.application.ports import DeadLetterQueues


def remove(queues: DeadLetterQueues, ids: Collection[str], removed: list[str]) -> set[str]:
    """Delete the messages with these ids.

    Args:
        queues: The dead-letter queues.
        ids: Message ids.
        removed: Gets the id of each deleted message at once, so that it is complete even after an error.

    Returns:
        The ids that were not found.

    Raises:
        DeletionError: A message could not be deleted.
    """
    missing = set(ids)
    for queue in queues.names:
        with queues.receiver(queue) as receiver:
            for dead_letter in receiver.receive() if missing else ():
                if dead_letter.id in missing:
                    receiver.delete(dead_letter)
                    removed.append(dead_letter.id)
                    missing.remove(dead_letter.id)
    return missing
