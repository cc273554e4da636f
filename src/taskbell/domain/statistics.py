"""Statistics of an owner's tasks: sums over all tasks not deleted, updated by the difference in each event."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from taskbell.domain.task import Progress, Task, TaskStatus

OVERDUE = "OVERDUE"

# Counts by name: a status, OVERDUE, a date of completion in the task's time zone (2026-11-22), or a list's number
# between L and the first letter of a status (L3P).
Counts = Mapping[str, int]

# Progress, or changes of it, by the ids of parents.
ParentProgress = Mapping[str, Progress]

_NAMES = {OVERDUE, *(status.value for status in TaskStatus)}
_OF_LIST = re.compile(r"L[1-9][0-9]{0,5}[PIC]")


def is_count_name(name: str) -> bool:
    """Whether counts can have that name."""
    try:
        return name in _NAMES or bool(_OF_LIST.fullmatch(name)) or date.fromisoformat(name).isoformat() == name
    except ValueError:
        return False


def count_name(list_id: str, status: TaskStatus) -> str:
    """Return the name of the count of a list's tasks with a status; subtasks are not counted in lists."""
    return f"L{list_id}{status.value[0]}"


def counts_for(task: Task | None) -> Counts:
    """Return what a task adds to its owner's counts."""
    if task is None or task.deleted:
        return {}
    counts = {task.status.value: 1}
    if task.overdue:
        counts[OVERDUE] = 1
    if task.list_id:
        counts[count_name(task.list_id, task.status)] = 1
    if task.completed_at:
        counts[task.completed_at.astimezone(ZoneInfo(task.time_zone)).date().isoformat()] = 1
    return counts


def progress_for(task: Task | None) -> ParentProgress:
    """Return what a task adds to its parent's progress."""
    if task is None or task.deleted or task.parent_id is None:
        return {}
    return {task.parent_id: Progress(1, int(task.completed))}


def progress_difference(before: ParentProgress, after: ParentProgress) -> ParentProgress:
    """Return what has to be added to the progress of parents; only those of whom it differs."""
    none = Progress()
    pairs = {id_: (before.get(id_, none), after.get(id_, none)) for id_ in {**before, **after}}
    changes = {id_: Progress(new.total - old.total, new.completed - old.completed) for id_, (old, new) in pairs.items()}
    return {id_: change for id_, change in changes.items() if change != none}


def difference(before: Counts, after: Counts) -> Counts:
    """Return what has to be added to `before` to get `after`; only names whose counts differ."""
    names = {**before, **after}
    changed = {name: after.get(name, 0) - before.get(name, 0) for name in names}
    return {name: change for name, change in changed.items() if change}


def count_tasks(tasks: Iterable[Task]) -> Counts:
    """Return the counts of all these tasks."""
    counts: Counter[str] = Counter()
    for task in tasks:
        counts.update(counts_for(task))
    return dict(counts)


@dataclass(frozen=True, slots=True)
class Statistics:
    """An owner's stored counts."""

    counts: Counts = field(default_factory=dict)

    def count(self, status: TaskStatus) -> int:
        """Return how many tasks have that status."""
        return self.counts.get(status.value, 0)

    def count_in_list(self, list_id: str, status: TaskStatus) -> int:
        """Return how many tasks of a list have that status."""
        return self.counts.get(count_name(list_id, status), 0)

    @property
    def overdue(self) -> int:
        """How many tasks are overdue."""
        return self.counts.get(OVERDUE, 0)

    def completed_in_week_of(self, today: date) -> int:
        """Return how many tasks were completed in the week (Monday to Sunday) of `today`."""
        monday = today - timedelta(days=today.weekday())
        return sum(self._completed_on(monday + timedelta(days=days)) for days in range(7))

    def streak(self, today: date) -> int:
        """Return on how many successive days up to `today` tasks were completed.

        A day without a completion ends the streak, except for today.
        """
        day = today if self._completed_on(today) else today - timedelta(days=1)
        days = 0
        while self._completed_on(day):
            day, days = day - timedelta(days=1), days + 1
        return days

    def _completed_on(self, day: date) -> int:
        return self.counts.get(day.isoformat(), 0)
