"""Ids of tasks, as RFC 9562 has them."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taskbell.domain.ids import derived_task_id, new_task_id, parse_task_id, time_of
from tests.support.examples import NOW

_TIMES = st.datetimes(datetime(1970, 1, 1), datetime(9000, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
_BITS = st.integers(0, (1 << 128) - 1)


def test_the_example_of_the_rfc_is_an_id() -> None:
    at = datetime(2022, 2, 22, 19, 22, 22, tzinfo=UTC)
    bits = 0xCC3 << 62 | 0x18C4DC0C0C07398F
    assert new_task_id(at, bits) == "017f22e2-79b0-7cc3-98c4-dc0c0c07398f"
    assert time_of("017f22e2-79b0-7cc3-98c4-dc0c0c07398f") == at


@given(_TIMES, _BITS)
def test_an_id_is_a_uuid_of_version_7_with_its_time(at: datetime, bits: int) -> None:
    id_ = new_task_id(at, bits)
    assert UUID(id_).version == 7
    assert parse_task_id(id_) == parse_task_id(id_.upper()) == id_
    assert timedelta(0) <= at - time_of(id_) < timedelta(milliseconds=1)


@given(_TIMES, st.timedeltas(timedelta(milliseconds=1), timedelta(days=9_999)), _BITS, _BITS)
def test_ids_sort_in_order_of_time(at: datetime, later: timedelta, one: int, other: int) -> None:
    assert new_task_id(at, one) < new_task_id(at + later, other)


def test_ids_of_one_millisecond_differ_in_74_bits() -> None:
    ids = {new_task_id(NOW, 1 << bit) for bit in range(74)} | {new_task_id(NOW, 0)}
    assert len(ids) == 75
    assert new_task_id(NOW, 1 << 74) == new_task_id(NOW, 0)


def test_an_id_that_is_derived_again_is_the_same() -> None:
    assert derived_task_id(NOW, "one") == derived_task_id(NOW, "one") != derived_task_id(NOW, "other")


@pytest.mark.parametrize(
    "text",
    [
        "essay",
        "",
        "017f22e279b07cc398c4dc0c0c07398f",
        "{017f22e2-79b0-7cc3-98c4-dc0c0c07398f}",
        "017f22e2-79b0-4cc3-98c4-dc0c0c07398f",
        "017f22e2-79b0-7cc3-18c4-dc0c0c07398f",
        "urn:uuid:017f22e2-79b0-7cc3-98c4-dc0c0c07398f",
    ],
)
def test_any_other_text_is_none(text: str) -> None:
    assert parse_task_id(text) is None
