"""Use case: everything of an owner, page by page.

First tasks, then subtasks (so that parents come before them), notifications, history and settings. Whoever is
interrupted goes on from the last page's cursor. What changes meanwhile is in it as it was when its page was read.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Protocol

from taskbell.application.ports import ProfileRepository
from taskbell.domain.events import HistoryEntry
from taskbell.domain.notification import Notification
from taskbell.domain.profile import Profile
from taskbell.domain.task import Task
from taskbell.domain.transfer import ExportQuery, TransferFormat

Thing = Profile | Task | Notification | HistoryEntry


class ExportSource(Protocol):
    """Reads all that an owner has, page by page: after what begins with ``''``, and where to go on; None at the end."""

    def all_tasks(self, owner_id: str, after: str, limit: int) -> tuple[Sequence[Task], str | None]:
        """Return tasks, subtasks and deleted ones too."""

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
    """

    things: tuple[Thing, ...]
    exported: int
    cursor: str | None


@dataclass(frozen=True, slots=True)
class DataExport:
    """Gives pages. Each is one read of the table."""

    source: ExportSource
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
        exported = before + len(things)
        if following is not None:
            return ExportPage(tuple(things), exported, self._cursor(query, phase, following, exported))
        later = phases[phases.index(phase) + 1 :]
        return ExportPage(tuple(things), exported, self._cursor(query, later[0], "", exported) if later else None)

    def _read(self, phase: Phase, owner_id: str, after: str, first: int) -> tuple[Sequence[Thing], str | None]:
        match phase:
            case Phase.SETTINGS:
                return [self.profiles.get(owner_id)], None
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
