"""Events of changes."""

from dataclasses import replace
from datetime import timedelta

import pytest

from taskbell.domain import lifecycle
from taskbell.domain.events import FieldChange, TaskEventType, event_between, hard_delete_event
from taskbell.domain.task import ProcessingState, Task, TaskStatus, soft_deleted, with_details, with_status
from tests.support.examples import LATER, NOW, example_task

TASK = example_task(due_at=LATER, remind_before=(1,))
WAITING = lifecycle.waiting(TASK, NOW)
MONTH = timedelta(days=30)
REMINDED = lifecycle.reminded(WAITING, LATER - timedelta(minutes=1), LATER)
assert REMINDED


@pytest.mark.parametrize(
    ("before", "after", "kind"),
    [
        (None, TASK, TaskEventType.CREATED),
        (TASK, with_details(TASK, {"title": "x"}, LATER), TaskEventType.UPDATED),
        (TASK, with_details(TASK, {"due_at": None}, LATER), TaskEventType.UPDATED),
        (TASK, with_status(TASK, TaskStatus.IN_PROGRESS, LATER), TaskEventType.STATUS_CHANGED),
        (WAITING, with_status(WAITING, TaskStatus.COMPLETED, LATER), TaskEventType.STATUS_CHANGED),
        (TASK, lifecycle.accepted(TASK, LATER), TaskEventType.PROCESSING_CHANGED),
        (TASK, WAITING, TaskEventType.PROCESSING_CHANGED),
        (TASK, lifecycle.finished(TASK, LATER), TaskEventType.PROCESSING_CHANGED),
        (TASK, lifecycle.failed(TASK, "why", LATER), TaskEventType.PROCESSING_CHANGED),
        (TASK, lifecycle.handed_over(TASK, LATER), TaskEventType.PROCESSING_CHANGED),
        (WAITING, REMINDED[0], TaskEventType.REMINDED),
        (TASK, lifecycle.marked_overdue(TASK, LATER), TaskEventType.OVERDUE),
        (TASK, soft_deleted(TASK, LATER, MONTH), TaskEventType.DELETED),
    ],
)
def test_each_change_has_its_kind(before: Task | None, after: Task, kind: TaskEventType) -> None:
    event = event_between(before, after)
    assert (event.type, event.id, event.at) == (kind, f"essay:{after.version}", after.updated_at)


def test_an_event_lists_the_changed_fields() -> None:
    after = with_details(TASK, {"title": "x", "labels": ("a", "b"), "due_at": None}, LATER)
    assert event_between(TASK, after).changes == (
        FieldChange("title", "Write the essay", "x"),
        FieldChange("labels", None, '["a", "b"]'),
        FieldChange("due_at", "2026-11-22T09:35:00.000Z", None),
    )


def test_splitting_a_label_is_a_change() -> None:
    one = with_details(TASK, {"labels": ("a, b",)}, LATER)
    event = event_between(one, with_details(one, {"labels": ("a", "b")}, LATER))
    assert event.type is TaskEventType.UPDATED
    assert event.changes == (FieldChange("labels", '["a, b"]', '["a", "b"]'),)


def test_a_completion_has_its_time_and_whether_it_was_late() -> None:
    event = event_between(TASK, with_status(TASK, TaskStatus.COMPLETED, LATER + timedelta(hours=1)))
    assert FieldChange("completed_at", None, "2026-11-22T10:35:00.000Z") in event.changes
    assert FieldChange("completed_late", "false", "true") in event.changes


def test_a_version_is_never_older_than_the_one_before() -> None:
    after = with_details(TASK, {"title": "x"}, LATER)
    behind = with_details(after, {"title": "y"}, LATER - timedelta(milliseconds=3))
    assert event_between(after, behind).at == LATER


def test_a_status_change_has_the_previous_status() -> None:
    event = event_between(TASK, with_status(TASK, TaskStatus.COMPLETED, LATER))
    assert event.previous_status is TaskStatus.PENDING
    assert FieldChange("status", "PENDING", "COMPLETED") in event.changes


def test_the_owner_is_the_actor_of_edits_and_nobody_of_the_pipelines_work() -> None:
    assert event_between(None, TASK).entry.actor == "ada"
    assert event_between(TASK, with_details(TASK, {"title": "x"}, LATER)).entry.actor == "ada"
    assert event_between(TASK, lifecycle.accepted(TASK, LATER)).entry.actor is None


def test_a_new_task_starts_a_run_and_ends_none() -> None:
    event = event_between(None, TASK)
    assert (event.starts_workflow, event.superseded_schedule) == (True, None)


def test_a_new_due_date_starts_a_run_and_ends_the_one_before() -> None:
    event = event_between(WAITING, with_details(WAITING, {"due_at": LATER + MONTH}, LATER))
    assert (event.starts_workflow, event.superseded_schedule) == (True, 1)


@pytest.mark.parametrize(
    "after",
    [with_status(WAITING, TaskStatus.COMPLETED, LATER), soft_deleted(WAITING, LATER, MONTH)],
    ids=["done", "gone"],
)
def test_completing_or_deleting_a_waiting_task_ends_its_run(after: Task) -> None:
    event = event_between(WAITING, after)
    assert (event.starts_workflow, event.superseded_schedule) == (False, 1)


def test_completing_a_task_whose_run_has_just_begun_lets_it_come_to_its_end() -> None:
    assert event_between(TASK, with_status(TASK, TaskStatus.COMPLETED, LATER)).superseded_schedule is None


def test_a_run_that_is_over_is_not_ended_again() -> None:
    over = lifecycle.finished(TASK, NOW)
    assert event_between(over, soft_deleted(over, LATER, MONTH)).superseded_schedule is None


def test_a_task_that_vanishes_from_the_table_is_published_as_deleted() -> None:
    event = hard_delete_event(WAITING, LATER)
    assert (event.type, event.task.version, event.superseded_schedule) == (TaskEventType.DELETED, 3, 1)
    assert (event.is_published, event.is_hard_delete, event.counts) == (True, True, {"PENDING": -1})


def test_a_deleted_task_that_leaves_the_table_later_is_neither_published_nor_counted_again() -> None:
    event = hard_delete_event(soft_deleted(TASK, NOW, MONTH), LATER)
    assert (event.is_published, event.is_hard_delete, event.counts, event.superseded_schedule) == (
        False,
        True,
        {},
        None,
    )


def test_an_instant_in_another_zone_is_the_same_value() -> None:
    assert replace(TASK, due_at=LATER.astimezone()) == TASK
    assert TASK.processing.state is ProcessingState.QUEUED
