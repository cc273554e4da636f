"""Labels of a task: two are the same if they differ in case or in the Unicode form of accents alone."""

from collections import Counter
from collections.abc import Iterable, Sequence

from taskbell.domain.exceptions import InvalidInputError
from taskbell.domain.queries import fold_case
from taskbell.domain.search import title_key

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


def renamed(labels: Sequence[str], name: str, new_name: str | None) -> tuple[str, ...]:
    """Return labels with another name for one of them, in its place; None removes it."""
    folded = fold_case(name)
    changed = [new_name if fold_case(label) == folded else label for label in labels]
    return distinct_labels(label for label in changed if label is not None)


def count_labels(of_tasks: Iterable[Sequence[str]]) -> list[tuple[str, int]]:
    """Return each label with the number of tasks that have it, by name; spelled as most of them spell it."""
    spellings: dict[str, Counter[str]] = {}
    for labels in of_tasks:
        for label in labels:
            spellings.setdefault(fold_case(label), Counter())[label] += 1
    counts = [(max(sorted(names), key=names.__getitem__), names.total()) for names in spellings.values()]
    return sorted(counts, key=lambda label: title_key(label[0]))
