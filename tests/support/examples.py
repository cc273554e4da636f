"""Tasks and instants that tests share."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from taskbell.domain.ids import new_task_id
from taskbell.domain.task import Schedule, Task

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
LATER = NOW + timedelta(minutes=5)


def fresh_id() -> str:
    """An id for a task that a client creates now."""
    return new_task_id(datetime.now(UTC), uuid4().int)


def clock() -> datetime:
    """Return NOW."""
    return NOW


def at(instant: datetime) -> Callable[[], datetime]:
    """A clock that stands still."""
    return lambda: instant


def example_task(**fields: Any) -> Task:
    """A new task of Ada's; any field can be another."""
    task = Task(
        id="essay",
        owner_id="ada",
        title="Write the essay",
        created_at=NOW,
        updated_at=NOW,
        schedule=Schedule(version=1, since=NOW),
        request_digest="0" * 32,
    )
    return replace(task, **fields)
