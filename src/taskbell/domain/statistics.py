"""Counts of an owner's tasks: a sum over all that are not deleted, kept by adding what each event changes."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from taskbell.domain.task import Progress, Task, TaskStatus

OVERDUE = "OVERDUE"

# What is counted, by name: a status, OVERDUE, or a day (2026-11-22, where the owner is) on which tasks were completed.
Counts = Mapping[str, int]


def counts_of(task: Task | None) -> Counts:
    """What one task adds to its owner's counts."""
    if task is None or task.deleted:
        return {}
    counts = {task.status.value: 1}
    if task.overdue:
        counts[OVERDUE] = 1
    if task.completed_at:
        counts[task.completed_at.astimezone(ZoneInfo(task.time_zone)).date().isoformat()] = 1
    return counts


def progress_of(task: Task | None) -> Progress:
    """What one task adds to its parent's progress."""
    if task is None or task.deleted or task.parent_id is None:
        return Progress()
    return Progress(1, int(task.completed))


def difference(before: Counts, after: Counts) -> Counts:
    """What has to be added to get from one to the other; only what differs."""
    names = {**before, **after}
    changed = {name: after.get(name, 0) - before.get(name, 0) for name in names}
    return {name: change for name, change in changed.items() if change}


def total(tasks: Iterable[Task]) -> Counts:
    """The counts of all these tasks, from scratch."""
    counts: Counter[str] = Counter()
    for task in tasks:
        counts.update(counts_of(task))
    return dict(counts)


@dataclass(frozen=True, slots=True)
class Statistics:
    """An owner's counts, as they are stored."""

    counts: Counts = field(default_factory=dict)

    def of(self, status: TaskStatus) -> int:
        """How many tasks have that status."""
        return self.counts.get(status.value, 0)

    @property
    def overdue(self) -> int:
        """How many tasks are overdue."""
        return self.counts.get(OVERDUE, 0)

    def completed_in_week_of(self, today: date) -> int:
        """How many tasks were completed in the week, Monday to Sunday, that `today` is in."""
        monday = today - timedelta(days=today.weekday())
        return sum(self._completed_on(monday + timedelta(days=days)) for days in range(7))

    def streak(self, today: date) -> int:
        """On how many days in a row, up to today, a task was completed; a day that is not over yet breaks nothing."""
        day = today if self._completed_on(today) else today - timedelta(days=1)
        days = 0
        while self._completed_on(day):
            day, days = day - timedelta(days=1), days + 1
        return days

    def _completed_on(self, day: date) -> int:
        return self.counts.get(day.isoformat(), 0)
