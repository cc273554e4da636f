"""What is exported can be imported, whatever the texts are, and bad rows are told from good ones."""

import csv
import io
import json
from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taskbell.api.exported_rows import COLUMNS, exported
from taskbell.api.imported_rows import parse_part
from taskbell.api.unicode_text import check_characters, is_blank
from taskbell.application.data_export import ExportPage, Thing
from taskbell.application.imported_lists import ImportedList
from taskbell.application.task_import import ParsedPart
from taskbell.domain.exceptions import InvalidInputError
from taskbell.domain.ids import derived_task_id
from taskbell.domain.profile import Profile
from taskbell.domain.quiet_hours import QuietHours
from taskbell.domain.rrule import parse_rrule
from taskbell.domain.task import Priority, Task, TaskStatus
from taskbell.domain.task_list import Section, TaskList
from taskbell.domain.transfer import MAX_ROWS, TransferFormat
from tests.support.examples import LATER, NOW, example_task

NIGHT = QuietHours(time(22), time(7))
JSON, CSV = TransferFormat.JSON, TransferFormat.CSV
FORMATS = pytest.mark.parametrize("format_", TransferFormat)


def is_title(text: str) -> bool:
    """Whether it may be one."""
    with suppress(ValueError):
        check_characters(text, one_line=True)
        return not is_blank(text)
    return False


LINES = st.text(st.characters(exclude_categories=["C", "Zl", "Zp"]), min_size=1, max_size=40).map(str.strip)
TITLES = (LINES | st.sampled_from(["=1+1", "'=x", "''", "-a", "@b", "+c", "'tis", '"', ",", "a;b"])).filter(is_title)
DESCRIPTIONS = st.none() | TITLES.map("line\r\n{}\n".format)
LABELS = st.lists(TITLES, max_size=3, unique_by=str.casefold).map(tuple)
ID = derived_task_id(NOW, "essay")


def written(things: list[Thing], format_: TransferFormat, *lists: TaskList) -> str:
    page = ExportPage(tuple(things), len(things), None, {each.id: each for each in lists})
    return exported(page, format_)


def parsed(text: str, format_: TransferFormat = CSV, **columns: str) -> ParsedPart:
    return parse_part(text, format_, columns, "grace")


HISTORY = TaskList("3", "ada", "History", NOW, NOW, "#1a73e8", sections=(Section("1", "Week 1"),), archived_at=NOW)


def read_back(task: Task, format_: TransferFormat) -> Any:
    part = parsed(written([task], format_, HISTORY), format_)
    assert (part.errors, part.skipped) == ((), 0)
    (row,) = part.rows
    return row


@FORMATS
@given(title=TITLES, description=DESCRIPTIONS, labels=LABELS)
def test_any_text_comes_back(format_: TransferFormat, title: str, description: str | None, labels: Any) -> None:
    command = read_back(example_task(title=title, description=description, labels=labels), format_).command
    assert (command.title, command.description, command.labels) == (title, description, labels)


@FORMATS
def test_every_field_that_its_owner_gives_comes_back(format_: TransferFormat) -> None:
    task = example_task(
        id=ID,
        priority=Priority.URGENT,
        status=TaskStatus.IN_PROGRESS,
        due_at=LATER,
        time_zone="Europe/Vienna",
        remind_before=(5, 60),
        remind_at=(LATER, LATER + timedelta(1)),
        recurrence=parse_rrule("FREQ=WEEKLY;BYDAY=MO,FR"),
        parent_id="parent",
        rank="a1V",
    )
    row = read_back(task, format_)
    for name in (
        "priority",
        "status",
        "due_at",
        "time_zone",
        "remind_before",
        "remind_at",
        "recurrence",
        "parent_id",
        "rank",
    ):
        assert getattr(row.command, name) == getattr(task, name), name
    assert row.source_id == ID
    done = read_back(example_task(status=TaskStatus.COMPLETED, completed_at=NOW), format_)
    assert (done.command.status, done.completed_at) == (TaskStatus.COMPLETED, NOW)


@FORMATS
def test_a_day_and_a_time_that_the_clock_skips_come_back_as_they_were_given(format_: TransferFormat) -> None:
    day = example_task(due_at=LATER, due_on=date(2027, 1, 15))
    assert read_back(day, format_).command.due_at == date(2027, 1, 15)
    skipped = example_task(
        due_at=datetime(2027, 3, 28, 1, 30, tzinfo=UTC),
        nominal_due=datetime(2027, 3, 28, 2, 30),  # noqa: DTZ001 - a local time
        time_zone="Europe/Vienna",
    )
    assert read_back(skipped, format_).command.due_at == skipped.nominal_due


@FORMATS
def test_a_task_comes_back_with_the_names_of_its_list_and_section(format_: TransferFormat) -> None:
    row = read_back(example_task(list_id="3", section_id="1"), format_)
    assert (row.list_name, row.section_name) == ("History", "Week 1")
    row = read_back(example_task(list_id="3", section_id="9"), format_)
    assert (row.list_name, row.section_name) == ("History", None)
    row = read_back(example_task(), format_)
    assert (row.list_name, row.section_name) == (None, None)


def test_a_list_comes_back_as_it_is() -> None:
    part = parsed(written([HISTORY], JSON), JSON)
    assert part.lists == (ImportedList("History", "#1a73e8", "a0", ("Week 1",), archived=True),)
    assert (part.rows, part.errors, part.skipped) == ((), (), 1)
    broken = parsed('{"__typename": "TaskList", "name": "x", "color": "blue"}', JSON)
    assert [(error.row, error.field) for error in broken.errors] == [(1, "color")]


def test_no_cell_of_a_page_is_a_formula() -> None:
    text = written([example_task(title="=HYPERLINK(1)", description="@x", labels=("-1", "b"))], CSV)
    heading, cells = csv.reader(io.StringIO(text, newline=""))
    assert tuple(heading) == COLUMNS
    assert [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))] == []
    assert text.endswith("\r\n")


def test_a_line_says_what_it_is_of() -> None:
    settings = json.loads(written([Profile("ada", "Europe/Vienna", (5,), quiet_hours=NIGHT)], JSON))
    assert settings == {
        "__typename": "Settings",
        "ownerId": "ada",
        "timeZone": "Europe/Vienna",
        "defaultReminders": [5],
        "quietHours": {"from": "22:00", "to": "07:00"},
    }
    assert json.loads(written([example_task()], JSON))["__typename"] == "Task"


def test_what_is_no_task_and_what_was_deleted_is_left_out() -> None:
    lines = written([Profile("ada"), example_task(), example_task(deleted_at=NOW)], JSON)
    part = parsed(lines, JSON)
    assert (part.skipped, [row.number for row in part.rows]) == (2, [2])


def test_bad_rows_are_named_and_good_ones_kept() -> None:
    rows = [
        "title,dueAt,remindBefore,rrule",
        "Good,,,",
        ",,,",
        " ,2027-01-15,,",
        "x,soon,,",
        "x,,a b,",
        "x,2027-01-15,,FREQ=X",
    ]
    part = parsed("\n".join(rows))
    assert [row.command.title for row in part.rows] == ["Good"]
    assert [(error.row, error.field) for error in part.errors] == [
        (3, "title"), (4, "dueAt"), (5, "remindBefore.0"), (6, "rrule"),
    ]  # fmt: skip
    lines = parsed('{"title": "Good"}\n\n{"title": 5}\n[]\n{', JSON)
    assert ([row.number for row in lines.rows], [error.row for error in lines.errors]) == ([1], [3, 4, 5])


@pytest.mark.parametrize("content", ["", "name\nx", '"title', 'title\n"x"y', "title\n" + "x\n" * (MAX_ROWS + 1)])
def test_what_is_no_part_is_refused_as_a_whole(content: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        parsed(content)
    assert refused.value.field == ("content",)


def test_columns_of_another_planner_are_named() -> None:
    (row,) = parsed("\ufeffTYPE,CONTENT,DATE\ntask,Read,2027-01-15\n", content="title", Date="dueAt").rows
    assert (row.command.title, row.command.due_at) == ("Read", date(2027, 1, 15))


@given(st.text(max_size=60), st.sampled_from(TransferFormat))
def test_any_text_is_read_or_refused(content: str, format_: TransferFormat) -> None:
    for text in (content, f"title\n{content}"):
        try:
            part = parsed(text, format_)
        except InvalidInputError:
            continue
        assert len(part.rows) + len(part.errors) + part.skipped <= MAX_ROWS
