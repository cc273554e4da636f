"""A client that catches up: it goes on from the cursor of the last answer or push, and drops what is not newer."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.simulation.functions import FailedCall, Functions
from tests.simulation.people import identity
from tests.simulation.world import Violation, World
from tests.support.lambdas import GraphqlError, appsync_event, resolved


@dataclass
class Follower:
    """Follows an owner's tasks and notifications; while it is not connected it misses what is pushed.

    It takes the cursor of a push for its own; if the push tells of a notification, it asks for that.

    Attributes:
        cursor: From where it goes on.
        tasks: The versions of the tasks that it shows, by id.
        known: The newest versions that it knows, also of deleted tasks.
        notifications: The ids of the notifications that it shows.
        lists: The ids of the lists that it shows.
        asks: How many pages it has asked for since it connected.
    """

    world: World
    functions: Functions
    owner: str
    cursor: str | None = None
    tasks: dict[str, int] = field(default_factory=dict)
    known: dict[str, int] = field(default_factory=dict)
    notifications: set[str] = field(default_factory=set)
    lists: set[str] = field(default_factory=set)
    connected: bool = False
    catching_up: bool = False
    asks: int = 0
    attempt: int = 0

    def connect(self) -> None:
        """Subscribe, then ask for what was missed."""
        self.connected = True
        self.asks = 0
        self._begin()

    def disconnect(self) -> None:
        """Miss what is pushed from now on."""
        self.connected = self.catching_up = False

    def push(self, pushed: Mapping[str, Any]) -> None:
        """Take what is pushed. While it still catches up, it goes on where it is."""
        if not self.connected or pushed["ownerId"] != self.owner:
            return
        task = pushed["task"]
        self._take_task(task["id"], task["version"], deleted=bool(task["deletedAt"]))
        if not self.catching_up:
            self.cursor = pushed["cursor"]
            if pushed["type"] == "REMINDED":
                self._begin()

    def _begin(self) -> None:
        """Begin to catch up; what an earlier attempt still asks for is no longer waited for."""
        self.catching_up = True
        self.attempt += 1
        self._catch_up(self.attempt)

    def _catch_up(self, attempt: int) -> None:
        first = 1 + int(self.world.chance.next(f"{self.owner} pages") * 4)
        event = appsync_event("Query", "changes", {"since": self.cursor, "first": first}, identity(self.owner))
        try:
            page = resolved(self.functions.call("readTasks", event))
        except (FailedCall, GraphqlError) as error:
            if isinstance(error, GraphqlError) and error.type != "UNAVAILABLE":
                raise Violation(f"A client saw {error}") from error
            self._go_on(attempt, 3)
            return
        if not self.connected or attempt != self.attempt:
            return
        self._take_page(page)
        self.catching_up = page["hasMore"]
        if page["hasMore"]:
            self._go_on(attempt, 0.1)

    def _go_on(self, attempt: int, seconds: float) -> None:
        def go_on() -> None:
            if self.connected and attempt == self.attempt:
                self._catch_up(attempt)

        self.world.later(seconds, go_on)

    def _take_page(self, page: Mapping[str, Any]) -> None:
        self.asks += 1
        if self.asks > 1_000:
            raise Violation(f"{self.owner} never gets to the end of the changes.")
        if page["fullSyncRequired"]:
            self.tasks.clear()
            self.known.clear()
            self.notifications.clear()
            self.lists.clear()
        for change in page["nodes"]:
            if change["nodeId"].startswith("Notification:"):
                self._take(self.notifications, change["nodeId"], deleted=change["deleted"])
            elif change["nodeId"].startswith("TaskList:"):
                self._take(self.lists, change["nodeId"], deleted=change["deleted"])
            else:
                self._take_task(change["nodeId"], change["version"], deleted=change["deleted"])
        self.cursor = page["cursor"]

    @staticmethod
    def _take(shown: set[str], id_: str, *, deleted: bool) -> None:
        if deleted:
            shown.discard(id_)
        else:
            shown.add(id_)

    def _take_task(self, id_: str, version: int, *, deleted: bool) -> None:
        if version > self.known.get(id_, 0):
            self.known[id_] = self.tasks[id_] = version
            if deleted:
                del self.tasks[id_]
