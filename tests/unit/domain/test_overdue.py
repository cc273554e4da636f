"""A date that is past when it is given makes a task overdue at once: in its events, counts and workflow too."""

from dataclasses import replace
from datetime import timedelta

import pytest

from taskbell.application.task_changes import create_task
from taskbell.domain.commands import CreateTask
from taskbell.domain.events import TaskEventType, event_between
from taskbell.domain.lifecycle import Finish, accepted, finished, plan
from taskbell.domain.statistics import OVERDUE
from taskbell.domain.task import (
    Processing,
    ProcessingState,
    Task,
    TaskStatus,
    restored,
    soft_deleted,
    with_details,
    with_status,
)
from tests.support.examples import NOW, example_task
from tests.support.fakes import InMemoryTaskRepository

DAY = timedelta(days=1)
WAITING = Processing(ProcessingState.WAITING, "wait", None, NOW)


def test_a_task_that_is_created_late_is_overdue_from_the_beginning() -> None:
    created = create_task(CreateTask("ada", "Essay", due_at=NOW - DAY), InMemoryTaskRepository(), NOW, "essay")
    event = event_between(None, created)
    assert created.overdue
    assert (event.type, event.counts) == (TaskEventType.CREATED, {"PENDING": 1, OVERDUE: 1})
    assert event.starts_workflow
    _finishes_without_another_event_of_being_overdue(created)


@pytest.mark.parametrize("seconds", [0, 1])
def test_a_task_is_overdue_when_its_date_comes_and_not_before(seconds: int) -> None:
    command = CreateTask("ada", "Essay", due_at=NOW + timedelta(seconds=seconds))
    assert create_task(command, InMemoryTaskRepository(), NOW, "essay").overdue is (seconds == 0)


def test_a_date_that_is_moved_to_the_past_makes_it_overdue_and_ends_its_wait() -> None:
    before = example_task(due_at=NOW + DAY, processing=WAITING, version=3)
    after = with_details(before, {"due_at": NOW - DAY}, NOW)
    event = event_between(before, after)
    assert after.overdue
    assert (event.type, event.counts, event.superseded_schedule) == (TaskEventType.UPDATED, {OVERDUE: 1}, 1)
    assert {change.field for change in event.changes} == {"due_at", "overdue", "processing"}
    _finishes_without_another_event_of_being_overdue(after)


def test_a_completed_task_with_a_past_date_is_overdue_when_it_is_reopened_and_not_before() -> None:
    done = example_task(status=TaskStatus.COMPLETED, completed_at=NOW - 2 * DAY)
    late = with_details(done, {"due_at": NOW - DAY}, NOW)
    assert not late.overdue
    reopened = with_status(late, TaskStatus.IN_PROGRESS, NOW)
    assert event_between(late, reopened).counts.get(OVERDUE) == 1
    _finishes_without_another_event_of_being_overdue(reopened)


def test_a_task_whose_date_came_while_it_was_deleted_is_overdue_when_it_is_restored() -> None:
    deleted = soft_deleted(example_task(due_at=NOW), NOW - DAY, 30 * DAY)
    back = restored(deleted, NOW + DAY)
    assert event_between(deleted, back).counts == {"PENDING": 1, OVERDUE: 1}
    _finishes_without_another_event_of_being_overdue(back)


def _finishes_without_another_event_of_being_overdue(task: Task) -> None:
    assert task.overdue
    running = accepted(task, NOW + DAY)
    assert running.processing.state is ProcessingState.RUNNING
    assert plan(running, NOW + DAY) == Finish()
    done = finished(running, NOW + DAY)
    assert [event_between(*pair).type for pair in ((task, running), (running, done))] == [
        TaskEventType.PROCESSING_CHANGED,
        TaskEventType.PROCESSING_CHANGED,
    ]
    assert replace(done, processing=task.processing, version=task.version, updated_at=task.updated_at) == task
