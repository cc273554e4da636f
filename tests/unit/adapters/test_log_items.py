"""What history costs: entries are small, whatever the task has, and are read back as they were."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taskbell.adapters.dynamodb.log_items import entry_from_item, event_item
from taskbell.domain import lifecycle
from taskbell.domain.events import TaskEvent, event_between
from taskbell.domain.ids import new_task_id
from taskbell.domain.task import Priority, TaskStatus, soft_deleted, with_details, with_status
from tests.support.examples import LATER, NOW, example_task

TASK = example_task(
    id=new_task_id(NOW, 1),
    owner_id="8f14e45f-ceea-467f-9af1-000000000001",  # as Cognito makes them
    title="An essay on " + "r" * 180,
    description="A paragraph. " * 700,
    labels=tuple(f"label {number:02d}" for number in range(20)),
    due_at=NOW + timedelta(days=1),
    remind_before=(60, 10),
)
WAITING = lifecycle.accepted(TASK, NOW)
OVERDUE = lifecycle.marked_overdue(WAITING, NOW + timedelta(days=1))
STARTED = with_status(WAITING, TaskStatus.IN_PROGRESS, LATER)
STATUS_CHANGES = {
    "started": event_between(WAITING, STARTED),
    "completed while it waits": event_between(STARTED, with_status(STARTED, TaskStatus.COMPLETED, LATER)),
    "completed late": event_between(OVERDUE, with_status(OVERDUE, TaskStatus.COMPLETED, NOW + timedelta(days=2))),
    "reopened": event_between(
        with_status(STARTED, TaskStatus.COMPLETED, LATER),
        with_status(with_status(STARTED, TaskStatus.COMPLETED, LATER), TaskStatus.IN_PROGRESS, LATER),
    ),
    "accepted by the workflow": event_between(TASK, WAITING),
    "deleted": event_between(WAITING, soft_deleted(WAITING, LATER, timedelta(days=30))),
    "a subtask is completed": event_between(
        replace(TASK, parent_id=TASK.id), with_status(replace(TASK, parent_id=TASK.id), TaskStatus.IN_PROGRESS, LATER)
    ),
}


def size(item: dict[str, Any]) -> int:
    """The size of an item in bytes. Source: Amazon DynamoDB Developer Guide, "DynamoDB item sizes and formats"."""
    return sum(len(name.encode()) + _size(value) for name, value in item.items())


def _size(value: Any) -> int:
    ((type_, content),) = value.items()
    match type_:
        case "S":
            return len(str(content).encode())
        case "N":
            return len(str(content).lstrip("-")) // 2 + 2 + int(str(content).startswith("-"))
        case "M":
            return 3 + sum(1 + len(name.encode()) + _size(part) for name, part in content.items())
        case "L":
            return 3 + sum(1 + _size(part) for part in content)
    return 1


@pytest.mark.parametrize("event", STATUS_CHANGES.values(), ids=STATUS_CHANGES)
def test_the_entry_of_a_change_of_status_has_less_than_400_bytes(event: TaskEvent) -> None:
    assert size(event_item(event, LATER)) < 400


@pytest.mark.parametrize("event", STATUS_CHANGES.values(), ids=STATUS_CHANGES)
def test_an_entry_is_read_back_as_it_was(event: TaskEvent) -> None:
    assert entry_from_item(event_item(event, LATER)) == event.entry


@given(st.text(max_size=1_000), st.text(min_size=1, max_size=200))
def test_an_entry_of_any_text_is_read_back_and_long_texts_are_cut(description: str, title: str) -> None:
    changes: dict[str, object] = {"description": description or None, "title": title, "priority": Priority.LOW}
    event = event_between(TASK, with_details(TASK, changes, LATER))
    entry = entry_from_item(event_item(event, LATER))
    assert entry == event.entry
    assert all(len(text or "") <= 200 for change in entry.changes for text in (change.before, change.after))


def test_twenty_entries_of_a_task_with_a_long_description_are_two_read_units() -> None:
    described = [replace(TASK, version=number, description=f"{number}" + "x" * 9_000) for number in range(1, 3)]
    edit = event_between(*described)
    assert size(event_item(edit, LATER)) < 900
    assert 20 * max(size(event_item(event, LATER)) for event in STATUS_CHANGES.values()) <= 2 * 4_096


def test_a_cut_text_ends_with_an_ellipsis() -> None:
    event = event_between(TASK, with_details(TASK, {"description": "y" * 201}, LATER))
    (change,) = event.entry.changes
    assert change.after == "y" * 199 + "…"
