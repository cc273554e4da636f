"""Taking a change back, by a machine whose clock is behind."""

from datetime import timedelta

from taskbell.domain.task import with_details, with_overdue
from taskbell.domain.undo import undone
from tests.support.examples import LATER, NOW, example_task


def test_a_task_that_was_marked_as_overdue_stays_so_whatever_the_clock_says() -> None:
    overdue = with_overdue(example_task(due_at=LATER), LATER)
    renamed = with_details(overdue, {"title": "Another"}, LATER)
    back = undone(renamed, overdue, None, LATER - timedelta(seconds=1), timedelta(days=30)).task
    assert (back.title, back.overdue) == (overdue.title, True)


def test_a_due_date_that_comes_back_says_anew_whether_it_is_past() -> None:
    overdue = with_overdue(example_task(due_at=NOW), NOW)
    moved = with_details(overdue, {"due_at": LATER}, NOW)
    assert not moved.overdue
    assert undone(moved, overdue, None, LATER, timedelta(days=30)).task.overdue
