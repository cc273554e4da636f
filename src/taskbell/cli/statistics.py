"""Counts an owner's tasks from scratch, and tells where the statistics say something else.

Statistics lag behind the tasks by what lies in the stream and the queue: who corrects them while events are under way
counts those twice. So correct them when nothing changes; a look tells nothing wrong as long as that is kept in mind.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from taskbell.adapters.dynamodb.cursors import Cursors
from taskbell.adapters.dynamodb.items import TASK_PREFIX, task_of_item
from taskbell.adapters.dynamodb.pagination import Listing, Pages, starting
from taskbell.adapters.dynamodb.statistics import DynamoStatistics
from taskbell.cli.stage import Stage
from taskbell.domain.statistics import Counts, difference, total
from taskbell.domain.task import Task

_PAGE = 100


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


def recount(stage: Stage, owner_id: str) -> Recount:
    """Count all tasks of an owner anew: one query for each hundred."""
    client, table = stage.client("dynamodb"), stage.output("TasksTableName")
    return Recount(
        owner_id, DynamoStatistics(client, table).of(owner_id).counts, total(_tasks(client, table, owner_id))
    )


def correct(stage: Stage, found: Recount) -> None:
    """Add to the statistics what they lack, some at a time: a transaction can have a hundred parts."""
    statistics = DynamoStatistics(stage.client("dynamodb"), stage.output("TasksTableName"))
    names = list(found.missing)
    for start in range(0, len(names), _PAGE - 1):
        part = {name: found.missing[name] for name in names[start : start + _PAGE - 1]}
        statistics.add(found.owner_id, part)


def _tasks(client: Any, table: str, owner_id: str) -> Iterator[Task]:
    pages = Pages(client, table, Cursors(lambda: "only for this process"))
    listing = Listing(owner_id, None, "sk", (starting(TASK_PREFIX),), forward=True)
    after: str | None = None
    more = True
    while more:
        page = pages.read(owner_id, listing, _PAGE, after, task_of_item)
        yield from page.items
        more, after = page.has_next and bool(page.items), page.cursors[-1] if page.cursors else None
