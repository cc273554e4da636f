"""Statistics derived from an owner's counts."""

from datetime import date

import pytest

from taskbell.domain.statistics import Statistics

TODAY = date(2026, 11, 22)  # a Sunday


@pytest.mark.parametrize(
    ("days", "streak"),
    [
        ([], 0),
        (["2026-11-22"], 1),
        (["2026-11-21"], 1),
        (["2026-11-20"], 0),
        (["2026-11-20", "2026-11-21", "2026-11-22"], 3),
        (["2026-11-19", "2026-11-21", "2026-11-22"], 2),
        (["2026-10-31", "2026-11-01"], 0),
    ],
)
def test_a_streak_is_unbroken_up_to_today_which_is_not_over_yet(days: list[str], streak: int) -> None:
    assert Statistics(dict.fromkeys(days, 1)).streak(TODAY) == streak


def test_a_day_on_which_all_completions_were_taken_back_breaks_a_streak() -> None:
    assert Statistics({"2026-11-22": 1, "2026-11-21": 0, "2026-11-20": 1}).streak(TODAY) == 1


def test_a_week_runs_from_monday_to_sunday() -> None:
    counts = {"2026-11-15": 8, "2026-11-16": 1, "2026-11-22": 2, "2026-11-23": 4}
    assert Statistics(counts).completed_in_week_of(TODAY) == 3
    assert Statistics(counts).completed_in_week_of(date(2026, 11, 16)) == 3
