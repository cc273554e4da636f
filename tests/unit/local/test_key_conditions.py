from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from local.ministack_patches.key_conditions import KEY_CONDITION, KeyConditions, within

STRETCH = "pk = :owner AND sk BETWEEN :first AND :last"


def text(value: str) -> dict[str, str]:
    return {"S": value}


def item(sk: str, pk: str = "ada") -> dict[str, Any]:
    return {"pk": text(pk), "sk": text(sk)}


def stretch(first: str, last: str) -> dict[str, Any]:
    return {":owner": text("ada"), ":first": text(first), ":last": text(last)}


class Ministack:
    """Records its evaluations; every condition holds."""

    def __init__(self) -> None:
        self.evaluated: list[tuple[str, str]] = []

    def __call__(self, expression: str, item: Any, values: Any, names: Any, slot: str) -> bool:
        self.evaluated.append((slot, item["sk"]["S"]))
        return True


@given(st.text(), st.text(), st.text(), st.sampled_from(["ada", "grace"]))
def test_a_stretch_holds_what_lies_between_its_ends_in_its_own_partition(
    sk: str, first: str, last: str, pk: str
) -> None:
    holds = within(STRETCH, stretch(first, last))
    assert holds is not None
    assert holds(item(sk, pk)) == (first <= sk <= last and pk == "ada")


def test_what_lacks_the_key_is_in_no_stretch() -> None:
    holds = within(STRETCH, stretch("a", "z"))
    assert holds is not None
    assert not holds({"pk": text("ada")})


@pytest.mark.parametrize(
    "expression", ["pk = :owner", "pk = :owner AND begins_with(sk, :first)", f"{STRETCH} OR pk = :b"]
)
def test_any_other_expression_is_left_to_ministack(expression: str) -> None:
    ministack = Ministack()
    conditions, values = KeyConditions(ministack), stretch("a", "z")
    for sk in "abc":
        conditions(expression, item(sk), values, {}, slot=KEY_CONDITION)
    assert len(ministack.evaluated) == 3


def test_values_that_are_no_texts_are_left_to_ministack() -> None:
    assert within(STRETCH, {":owner": text("ada"), ":first": {"N": "1"}, ":last": {"N": "2"}}) is None


def test_ministack_reads_the_condition_once_for_each_query() -> None:
    ministack = Ministack()
    conditions = KeyConditions(ministack)
    for values in (stretch("a", "b"), stretch("b", "c")):
        conditions(STRETCH, item("x"), values, {}, slot=KEY_CONDITION)
    assert [conditions(STRETCH, item(sk), values, {}, slot=KEY_CONDITION) for sk in "abcd"] == [
        False,
        True,
        True,
        False,
    ]
    assert ministack.evaluated == [(KEY_CONDITION, "x")] * 2


def test_other_expressions_are_none_of_its_business() -> None:
    ministack = Ministack()
    conditions, values = KeyConditions(ministack), stretch("a", "b")
    conditions(STRETCH, item("x"), values, {}, slot=KEY_CONDITION)
    assert conditions(STRETCH, item("x"), values, {}, slot="FilterExpression")
    assert ministack.evaluated[-1] == ("FilterExpression", "x")
