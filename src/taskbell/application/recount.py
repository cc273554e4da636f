"""Counts an owner's tasks and compares them with the stored statistics.

Statistics are eventually consistent: they lag behind the tasks by the events in the stream and the queue. Correcting
them while events are pending counts those twice, so correct them only while nothing changes.
"""

from dataclasses import dataclass
from typing import Any

from taskbell.application.ports import StatisticsRepository, TaskRecords
from taskbell.domain.statistics import Counts, count_tasks, difference


@dataclass(frozen=True)
class Recount:
    """The stored counts of an owner, and the counts of the owner's tasks."""

    owner_id: str
    stored: Counts
    counted: Counts

    @property
    def missing(self) -> Counts:
        """What has to be added to the stored counts; negative where they are too high."""
        return difference(self.stored, self.counted)

    @property
    def is_empty(self) -> bool:
        """Whether the owner has neither tasks nor statistics."""
        return not self.stored and not self.counted

    def to_dict(self, *, corrected: bool) -> dict[str, Any]:
        """Return the recount as a JSON document."""
        return {
            "ownerId": self.owner_id,
            "stored": {name: count for name, count in self.stored.items() if count},
            "counted": dict(self.counted),
            "difference": dict(self.missing),
            "corrected": corrected,
        }


def recount(records: TaskRecords, statistics: StatisticsRepository, owner_id: str) -> Recount:
    """Count all tasks of an owner."""
    return Recount(owner_id, statistics.get(owner_id, consistent=True).counts, count_tasks(records.tasks_of(owner_id)))


def correct(statistics: StatisticsRepository, found: Recount) -> None:
    """Add what is missing to the stored counts."""
    statistics.add(found.owner_id, found.missing)
