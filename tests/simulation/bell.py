"""The list of notifications on a device that follows by subscription, and its owner, who reads and dismisses them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.simulation.functions import FailedCall, Functions
from tests.simulation.people import identity
from tests.simulation.world import Violation, World
from tests.support.lambdas import GraphqlError, appsync_event, resolved

_ACTIONS = ("read", "dismiss", "dismiss", "read all", "", "")


@dataclass
class Bell:
    """Shows an owner's notifications: it drops what is not newer, and queries again after each gap.

    Attributes:
        notes: The notifications that it shows, by id.
        versions: The newest version that it was pushed of each.
        gone: The ids of those that are dismissed.
        read_until: Until when all are read.
        pushed: The ids that were pushed since it subscribed.
    """

    world: World
    functions: Functions
    owner: str
    notes: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    versions: dict[str, int] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)
    read_until: str = ""
    pushed: set[str] = field(default_factory=set)
    connected: bool = False

    def shown(self) -> Mapping[str, bool]:
        """The ids of what it shows, and whether each is shown as read."""
        return {id_: note["read"] or note["sentAt"] <= self.read_until for id_, note in self.notes.items()}

    def connect(self) -> None:
        """Subscribe, then query."""
        self.connected = True
        self.pushed.clear()
        self._query(None, [])

    def disconnect(self) -> None:
        """Miss what is pushed from now on."""
        self.connected = False

    def push(self, pushed: Mapping[str, Any]) -> None:
        """Show what a push tells, if it is newer; its owner does something about what is new."""
        if not self.connected or pushed["ownerId"] != self.owner:
            return
        self.read_until = max(self.read_until, pushed["readUntil"] or "")
        note = pushed["notification"]
        if note is None or pushed["version"] <= self.versions.get(note["id"], 0):
            return
        self.versions[note["id"]] = pushed["version"]
        self.pushed.add(note["id"])
        if pushed["version"] == 1:
            self._act(note)
        if pushed["dismissed"]:
            self.gone.add(note["id"])
            self.notes.pop(note["id"], None)
        else:
            self._show(note)

    def _show(self, note: Mapping[str, Any]) -> None:
        known = self.notes.get(note["id"], {"read": False})
        self.notes[note["id"]] = {**note, "read": known["read"] or note["read"]}

    def _query(self, after: str | None, found: list[Mapping[str, Any]]) -> None:
        """Ask for a page, and for the next; then show what was found, and nothing else but what was pushed since."""
        event = self._event("Query", "notifications", {"first": 2, "after": after})
        try:
            page = resolved(self.functions.call("readTasks", event))
        except (FailedCall, GraphqlError) as error:
            if isinstance(error, GraphqlError) and error.type != "UNAVAILABLE":
                raise Violation(f"A client saw {error}") from error
            self.world.later(3, lambda: self._query(after, found) if self.connected else None)
            return
        found = [*found, *page["nodes"]]
        if not self.connected:
            return
        if page["pageInfo"]["hasNextPage"]:
            self._query(page["pageInfo"]["endCursor"], found)
            return
        for id_ in self.notes.keys() - {node["id"] for node in found} - self.pushed:
            del self.notes[id_]
        for node in found:
            if node["id"] not in self.gone:
                self._show(node)

    def _act(self, note: Mapping[str, Any]) -> None:
        action = self.world.chance.pick(f"what is done with {note['id']}", _ACTIONS)
        delay = 0.1 + 300 * self.world.chance.draw(f"when something is done with {note['id']}") ** 3
        match action:
            case "read" | "dismiss":
                self._do(delay, f"{action}Notifications", {"ids": [note["id"]]})
            case "read all":
                self._do(delay, "markNotificationsRead", {"until": note["sentAt"]})

    def _do(self, delay: float, field_: str, input_: Mapping[str, Any], tries: int = 0) -> None:
        def do() -> None:
            self.world.log(f"{self.owner} {field_} {dict(input_)}")
            try:
                errors = resolved(
                    self.functions.call("writeTasks", self._event("Mutation", field_, {"input": input_}))
                )["errors"]
            except FailedCall:
                errors = [{"code": "UNAVAILABLE"}]
            if {error["code"] for error in errors} == {"UNAVAILABLE"} and tries < 5:
                self._do(10 * 2**tries, field_, input_, tries + 1)

        self.world.later(delay, do)

    def _event(self, type_name: str, field_: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
        return appsync_event(type_name, field_, dict(arguments), identity(self.owner))
