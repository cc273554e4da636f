"""Labels that are added and removed without regard to case."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taskbell.domain.exceptions import InvalidInputError
from taskbell.domain.labels import MAX_LABELS, relabelled
from taskbell.domain.queries import fold_case

LABELS = st.lists(st.sampled_from(["a", "A", "b", "\u00e9", "e\u0301", "\u00c9", "stra\u00dfe", "STRASSE"]), max_size=6)


@pytest.mark.parametrize(
    ("labels", "added", "removed", "expected"),
    [
        ((), ("a",), (), ("a",)),
        (("a", "b"), ("c",), ("B",), ("a", "c")),
        (("History",), ("history",), (), ("History",)),
        (("History",), ("history",), ("HISTORY",), ("history",)),
        (("a",), (), ("b",), ("a",)),
        (("Exam", "exam"), ("x",), (), ("Exam", "x")),
        (("a",), ("c", "C", "b"), (), ("a", "c", "b")),
    ],
)
def test_labels_keep_their_order_and_new_ones_follow(
    labels: tuple[str, ...], added: tuple[str, ...], removed: tuple[str, ...], expected: tuple[str, ...]
) -> None:
    assert relabelled(labels, added, removed) == expected


@given(LABELS, LABELS, LABELS)
def test_what_is_added_is_there_once_and_doing_it_again_changes_nothing(
    labels: list[str], added: list[str], removed: list[str]
) -> None:
    found = relabelled(labels, added, removed)
    folded = [fold_case(label) for label in found]
    assert len(folded) == len(set(folded))
    assert set(folded) == (set(map(fold_case, labels)) - set(map(fold_case, removed))) | set(map(fold_case, added))
    assert set(map(fold_case, relabelled(found, added, removed))) == set(folded)


def test_there_can_be_twenty() -> None:
    labels = [str(number) for number in range(MAX_LABELS)]
    assert len(relabelled(labels, ["x"], ["0"])) == MAX_LABELS
    with pytest.raises(InvalidInputError):
        relabelled(labels, ["x"], [])
