"""Counts an owner's tasks from scratch, and tells where the statistics say something else.

Statistics lag behind the tasks by what lies in the stream and the queue: who corrects them while events are under way
counts those twice. So correct them when nothing changes; a look tells nothing wrong as long as that is kept in mind.
"""

from dataclasses import dataclass
from typing import Any

from taskbell.application.ports import StatisticsStore, TaskRecords
from taskbell.domain.statistics import Counts, count_tasks, difference


@dataclass(frozen=True)
class Recount:
    """What the statistics say, what the tasks say, and what has to be added to the one to get the other."""

    owner_id: str
    kept: Counts
    counted: Counts

    @property
    def missing(self) -> Counts:
        """What the statistics lack (or have too many of, below naught)."""
        return difference(self.kept, self.counted)

    @property
    def nothing(self) -> bool:
        """Whether there is neither a task that counts nor any statistics of the owner."""
        return not self.kept and not self.counted

    def document(self, *, corrected: bool) -> dict[str, Any]:
        """The recount as JSON."""
        kept = {name: count for name, count in self.kept.items() if count}
        missing = dict(self.missing)
        return {
            "ownerId": self.owner_id,
            "kept": kept,
            "counted": dict(self.counted),
            "difference": missing,
            "corrected": corrected,
        }


def recount(records: TaskRecords, statistics: StatisticsStore, owner_id: str) -> Recount:
    """Count all tasks of an owner anew."""
    return Recount(owner_id, statistics.of(owner_id).counts, count_tasks(records.tasks_of(owner_id)))


def correct(statistics: StatisticsStore, found: Recount) -> None:
    """Add to the statistics what they lack."""
    statistics.add(found.owner_id, found.missing)
