"""Takes dead letters away for good: what nobody can redrive, or wants to."""

from collections.abc import Collection

from taskbell.application.ports import DeadLetters


def remove(dead_letters: DeadLetters, ids: Collection[str], removed: list[str]) -> set[str]:
    """Remove the letters with these ids; answers with the ids that were not found.

    `removed` gets each id at once, so that it tells what was done when SQS then refuses. Raises NotRemoved.
    """
    missing = set(ids)
    for queue in dead_letters.queues:
        with dead_letters.look(queue) as hand:
            for letter in hand.letters() if missing else ():
                if letter.id in missing:
                    hand.remove(letter)
                    removed.append(letter.id)
                    missing.remove(letter.id)
    return missing
