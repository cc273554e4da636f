"""Wait states of the local Step Functions end at whole seconds."""

import pytest

from local.ministack_patches.waits import cut_to_second


@pytest.mark.parametrize(
    ("timestamp", "cut"),
    [
        ("2026-11-26T19:12:35.900Z", "2026-11-26T19:12:35Z"),
        ("2026-11-26T19:12:35.123456+01:00", "2026-11-26T19:12:35+01:00"),
        ("2026-11-26T19:12:35Z", "2026-11-26T19:12:35Z"),
    ],
)
def test_the_fraction_of_a_second_is_cut_off(timestamp: str, cut: str) -> None:
    assert cut_to_second(timestamp) == cut
