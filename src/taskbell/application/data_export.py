"""Use case: everything of an owner, page by page.

First lists, then tasks, then subtasks (so that parents come before them), notifications, history and settings. Whoever
is interrupted goes on from the last page's cursor. What changes meanwhile is in it as it was when its page was read.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Protocol

from taskbell.application.ports import ProfileRepository
from taskbell.application.task_lists import TaskListRepository
from taskbell.domain.events import HistoryEntry
from taskbell.domain.notification import Notification
from taskbell.domain.profile import Profile
from taskbell.domain.task import Task
from taskbell.domain.task_list import TaskList
from taskbell.domain.transfer import ExportQuery, TransferFormat

Thing = Profile | Task | TaskList | Notification | HistoryEntry


class ExportSource(Protocol):
    """Reads all that an owner has, page by page: after what begins with ``''``, and where to go on; None at the end."""

    def all_tasks(self, owner_id: str, after: str, limit: int) -> tuple[Sequence[Task], str | None]:
        """Return tasks, subtasks and deleted ones too."""

    def all_lists(self, owner_id: str, after: str, limit: int) -> tuple[Sequence[TaskList], str | None]:
        """Return lists, deleted ones too."""

    def all_notifications(self, owner_id: str, after: str, limit: int) -> tuple[Sequence[Notification], str | None]:
        """Return notifications."""

    def all_entries(self, owner_id: str, after: str, limit: int) -> tuple[Sequence[HistoryEntry], str | None]:
        """Return entries of the history."""


class ExportCursors(Protocol):
    """Makes tamper-proof cursors of positions in an export."""

    def encode(self, query: ExportQuery, position: list[str]) -> str:
        """Return the cursor of a position."""

    def decode(self, query: ExportQuery, cursor: str) -> list[str]:
        """Return the position of a cursor. Raises InvalidInputError if it is not of this export."""


class Phase(Enum):
    """What is exported, in this order."""

    LISTS = "lists"
    TASKS = "tasks"
    SUBTASKS = "subtasks"
    NOTIFICATIONS = "notifications"
    HISTORY = "history"
    SETTINGS = "settings"


_PHASES = {
    TransferFormat.JSON: tuple(Phase),
    TransferFormat.CSV: (Phase.TASKS, Phase.SUBTASKS),
}


@dataclass(frozen=True, slots=True)
class ExportPage:
    """A page of an export.

    Attributes:
        things: What it has, at most as many as asked for.
        exported: How many there were with this page.
        cursor: Of the next page; None at the end.
        lists: Those that its tasks are in, by their ids.
    """

    things: tuple[Thing, ...]
    exported: int
    cursor: str | None
    lists: Mapping[str, TaskList] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DataExport:
    """Gives pages. Each is one read of the table, and one of the lists if its tasks are in some."""

    source: ExportSource
    lists: TaskListRepository
    profiles: ProfileRepository
    cursors: ExportCursors

    def page(self, query: ExportQuery, first: int, cursor: str | None) -> ExportPage:
        """Return the page after a cursor.

        Raises:
            InvalidInputError: The cursor is not of this export.
            UnavailableError: The table did not answer.
        """
        phases = _PHASES[query.format]
        position = self.cursors.decode(query, cursor) if cursor is not None else [phases[0].value, "", "0"]
        phase, after, before = Phase(position[0]), position[1], int(position[2])
        things, following = self._read(phase, query.owner_id, after, first)
        if phase is Phase.LISTS and following is None and len(things) < first:  # most owners have few
            phase = Phase.TASKS
            tasks, following = self._read(phase, query.owner_id, "", first - len(things))
            things = [*things, *tasks]
        exported = before + len(things)
        in_lists = any(isinstance(thing, Task) and thing.list_id for thing in things)
        lists = {each.id: each for each in self.lists.all(query.owner_id)} if in_lists else {}
        if following is None:
            later = phases[phases.index(phase) + 1 :]
            next_ = self._cursor(query, later[0], "", exported) if later else None
        else:
            next_ = self._cursor(query, phase, following, exported)
        return ExportPage(tuple(things), exported, next_, lists)

    def _read(self, phase: Phase, owner_id: str, after: str, first: int) -> tuple[Sequence[Thing], str | None]:
        match phase:
            case Phase.SETTINGS:
                return [self.profiles.get(owner_id)], None
            case Phase.LISTS:
                lists, following = self.source.all_lists(owner_id, after, first)
                return [each for each in lists if not each.deleted], following
            case Phase.TASKS | Phase.SUBTASKS:
                tasks, following = self.source.all_tasks(owner_id, after, first)
                wanted = [task for task in tasks if (task.parent_id is not None) == (phase is Phase.SUBTASKS)]
                return [task for task in wanted if not task.purged], following
            case Phase.NOTIFICATIONS:
                return self.source.all_notifications(owner_id, after, first)
            case Phase.HISTORY:
                return self.source.all_entries(owner_id, after, first)

    def _cursor(self, query: ExportQuery, phase: Phase, after: str, exported: int) -> str:
        return self.cursors.encode(query, [phase.value, after, str(exported)])
