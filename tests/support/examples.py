"""Tasks and instants that tests share."""

from collections.abc import Callable
from dataclasses import dataclass, replace
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


def uuid_of(id_: str) -> str:
    """The id in the table of the task that an id of the GraphQL API names; another text stays as it is."""
    return id_.rpartition(":")[2] if id_.startswith("Task:") else id_


def clock() -> datetime:
    """Return NOW."""
    return NOW


def at(instant: datetime) -> Callable[[], datetime]:
    """A clock that stands still."""
    return lambda: instant


@dataclass
class Time:
    """A clock that goes on when it is told to."""

    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now

    def passes(self, seconds: float) -> None:
        """Let time pass."""
        self.now += timedelta(seconds=seconds)


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
