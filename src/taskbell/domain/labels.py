"""Labels of a task: two are the same if they differ in case or in the Unicode form of accents alone."""

from collections.abc import Iterable, Sequence

from taskbell.domain.exceptions import InvalidInputError
from taskbell.domain.queries import fold_case

MAX_LABELS = 20


def distinct_labels(labels: Iterable[str]) -> tuple[str, ...]:
    """Return labels without those that are the same as an earlier one."""
    found: dict[str, str] = {}
    for label in labels:
        found.setdefault(fold_case(label), label)
    return tuple(found.values())


def relabelled(labels: Sequence[str], added: Sequence[str], removed: Sequence[str]) -> tuple[str, ...]:
    """Return labels with some removed, and others added that are not there. What is removed and added is there.

    Raises:
        InvalidInputError: They would be too many.
    """
    gone = set(map(fold_case, removed))
    found = distinct_labels([*(label for label in labels if fold_case(label) not in gone), *added])
    if len(found) > MAX_LABELS:
        raise InvalidInputError(f"A task can have at most {MAX_LABELS} labels.", ("add_labels",))
    return found
