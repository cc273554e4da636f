"""What changes and pages cost, counted from the real functions over a table in memory: docs/explanation/costs.md."""

from collections.abc import Callable
from pathlib import Path

import pytest

from benchmarks import arranging_costs, calendar_costs, costs, lists
from benchmarks.metered_table import Used

PAGE = Path(__file__).parents[2] / "docs/explanation/costs.md"

LISTS_OF_10_000 = {  # read units of the first page of 50, at most
    "all, newest first": 14,
    "by due date": 15,
    "one status (in progress)": 14,
    "completed": 98,
    "two statuses": 28,
    "two statuses, by due date": 14,
    "due within a week, by due date": 15,
    "due within a week, newest first": 103,
    "due at any time, newest first": 307,
    "due today": 5,
    "upcoming for a week, open ones": 12,
    "a priority (1 of 20)": 143,
    "a label (1 of 50)": 281,
    "overdue (1 of 25)": 156,
    "a word of the title (1 of 100)": 504,
    "a word of the description (all)": 96,
    "a word that no task has": 903,
    "open ones by priority": 124,
    "open ones by last change": 124,
    "all by title": 955,
    "open ones without a due date (1 of 5)": 126,
    "a label that no task has": 903,
}


def test_one_change_of_a_dated_task_costs_four_write_units() -> None:
    assert dict(costs.changes()) == dict.fromkeys(("status", "title", "due date", "priority", "completion"), 4)


def test_a_key_costs_one_write_unit_when_a_task_is_created() -> None:
    assert dict(costs.creations()) == {"without a key": 4, "with a key": 5}


def test_a_dated_subtask_costs_what_a_task_costs_when_it_is_created() -> None:
    assert costs.creation_of_a_subtask() == 4


def test_an_occurrence_costs_what_the_page_says() -> None:
    found = {name: (used.calls, used.write_units, used.read_units) for name, used in costs.occurrences()}
    assert found == {
        "completion": (2, 16, 1),
        "its repetition": (2, 0, 2),
        "taken back": (4, 18, 3),
        "skipped": (2, 18, 1),
    }


def test_the_life_of_a_dated_task_costs_at_most_45_write_units() -> None:
    assert costs.life_of_a_task().write_units == 38


@pytest.mark.parametrize("description", [0, 5_000])
def test_25_histories_of_20_cost_little_whatever_the_descriptions_length(description: int) -> None:
    used, answered = costs.histories(description)
    assert used.read_units == 25
    assert answered < 32_000


def test_histories_with_all_fields_stay_far_below_what_appsync_answers() -> None:
    _, answered = costs.histories(5_000, costs.EVENT_FIELDS)
    assert answered < 200_000


@pytest.mark.parametrize("tasks", [10, 300])
def test_that_nothing_is_new_costs_one_call_whatever_the_number_of_tasks(tasks: int) -> None:
    used = costs.nothing_new(tasks)
    assert (used.calls, used.read_units) == (1, 1)


def test_a_calendar_feed_costs_what_the_page_says() -> None:
    found = {name: (used.calls, used.write_units, used.read_units) for name, used in costs.calendar_feed()}
    assert found == {"making": (2, 4, 1), "renewal": (2, 6, 1), "50 tasks": (3, 0, 13), "unchanged": (2, 0, 2)}


def test_export_and_import_cost_what_the_page_says() -> None:
    found = {name: (used.calls, used.write_units, used.read_units) for name, used in costs.transfer()}
    assert found == {
        "export of a page": (2, 0, 22),
        "import by their owner": (4, 1, 102),
        "import by another one": (204, 501, 102),
        "import again": (1, 0, 1),
    }


def test_statistics_cost_the_same_however_many_days_have_completions() -> None:
    used = costs.statistics()
    assert (used.calls, used.read_units) == (2, 9)


_HELD = {"due today": 19, "open ones without a due date (1 of 5)": 34}


@pytest.fixture(scope="module")
def pages() -> dict[str, tuple[float, int]]:
    """The read units of the first page of each list of 10,000 tasks, and how many tasks it has."""
    return {name: (used.read_units, held) for name, used, held in lists.measure(10_000)}


@pytest.mark.parametrize("name", LISTS_OF_10_000)
def test_a_page_of_10_000_tasks_costs_no_more_than_documented(pages: dict[str, tuple[float, int]], name: str) -> None:
    units, held = pages[name]
    assert units <= LISTS_OF_10_000[name]
    assert held == (0 if "no task has" in name else _HELD.get(name, 50))


def test_each_list_is_held_to_its_cost(pages: dict[str, tuple[float, int]]) -> None:
    assert pages.keys() == LISTS_OF_10_000.keys()


@pytest.mark.parametrize(
    ("measured", "section", "end"),
    [
        (
            lambda: [
                *arranging_costs.arranging(),
                *arranging_costs.notifications(),
                *arranging_costs.task_lists(),
            ],
            "## Arranging",
            "## Subscribed",
        ),
        (lambda: [*calendar_costs.calendars()], "## Subscribed calendars", "## Why"),
    ],
)
def test_each_section_says_what_its_operations_cost(
    measured: Callable[[], list[tuple[str, Used]]], section: str, end: str
) -> None:
    rows = [
        f"| {name} | {used.calls} calls, {used.write_units} write units, {used.read_units:g} read |"
        for name, used in measured()
    ]
    text = PAGE.read_text(encoding="utf-8").partition(section)[2].partition(end)[0]
    assert [row for row in rows if row not in text] == []
    assert len(rows) == text.count("\n| ") - 1
