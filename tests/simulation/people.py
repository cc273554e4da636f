"""What people do, their clients that repeat what got no answer, and the screens that follow by subscription."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from taskbell.domain.timestamps import format_timestamp
from tests.simulation.chance import Chance
from tests.simulation.functions import FailedCall, Functions
from tests.simulation.world import START, Violation, World
from tests.support.lambdas import GraphqlError, appsync_event, resolved

OWNERS = ("ada", "ben")
PARENTS = ("essay", "talk")
CHILDREN = ("outline", "draft")
NEWEST = "the newest occurrence"
LAST = "the last change"
_SERIES = ("tick", "untick", "skip", "alone")
_NESTING = ("nest", "unnest")
_OF_LISTS = ("list", "into", "out", "drop")
_OF_ALL = ("relabel", "unlabel", "empty", "import")
_UNNAMED = {"remove", "deleteTaskList", "renameLabel", "deleteLabel", "emptyTrash"}  # each may change several tasks
_MAX_TRIES = 5
_DUE_SECONDS = (-600.0, 20.9, 95.5, 700.25, 4_000.0, 90_000.0, 3_456_000.0, 31_536_000.0)
_REMINDERS: tuple[list[int], ...] = ([], [0], [1], [10, 1], [60, 10], [1_440])
_LABELS = ("exam", "home")
_RANKS = ("a0", "a1", "a1V", "Zz", "a0" + "V" * 30)
_QUIET_HOURS = (("07:30", "08:02"), ("08:00", "08:15"), ("08:05", "09:00"), ("08:50", "09:30"), None)
_STATUSES = ("PENDING", "IN_PROGRESS", "COMPLETED", "COMPLETED")


@dataclass(frozen=True)
class Theme:
    """What people do in a run.

    Attributes:
        begins: The first operations.
        goes_on: What the others are drawn from.
        most: The most operations.
        focused: Whether one owner is concerned with one task and its subtasks.
    """

    begins: tuple[str, ...]
    goes_on: tuple[str, ...]
    most: int = 4
    focused: bool = True


_THEMES = (
    Theme(
        ("create",),
        (
            *("create", "create", "child", "status", "status", "move", "remind", "rename"),
            *("delete", "restore", "purge", "remove", "undo", "undo"),
        ),
        focused=False,
    ),
    Theme(
        ("create", "child"),
        (
            *("child", "child", "status", "delete", "delete", "restore", "restore"),
            *("purge", "purge", "remove", "undo"),
        ),
        most=6,
    ),
    Theme(("create",), ("move", "move", "remind", "remind", "status", "status", "delete", "restore", "purge", "undo")),
    Theme(
        ("plain", "child"),
        ("child", "child", "nest", "nest", "nest", "nest", "unnest", "status", "delete", "restore", "purge", "undo"),
        most=7,
    ),
    Theme(
        ("create", "import"),
        (
            *("create", "import", "import", "relabel", "relabel", "relabel", "unlabel", "empty", "empty"),
            *("status", "rename", "delete", "delete", "restore", "undo", "undo"),
        ),
        most=8,
        focused=False,
    ),
    Theme(
        ("list", "list", "plain"),
        (
            *("list", "into", "into", "into", "out", "drop", "drop", "drop", "plain", "child", "nest", "unnest"),
            *("status", "delete", "restore", "undo"),
        ),
        most=8,
    ),
    Theme(("recur",), ("status", "status", "status", "move", "delete", "restore")),
    Theme(
        ("recur", "child"),
        (
            *("status", "status", "tick", "tick", "untick", "untick", "skip", "skip", "alone", "child"),
            *("delete", "restore", "undo", "undo", "undo"),
        ),
        most=7,
    ),
)


@dataclass(frozen=True)
class Operation:
    """A mutation, or `remove`: the item is deleted in the console."""

    number: int
    at: float
    owner: str
    field: str
    input: Mapping[str, Any]

    def __str__(self) -> str:
        return f"{self.number}: at {self.at:.3f} {self.owner} {self.field} {dict(self.input)}"


def operations(chance: Chance, span: float) -> Iterator[Operation]:
    """What people do in the first `span` seconds."""
    theme = chance.pick("theme", _THEMES)
    for number in range(2 + int(chance.draw("operations") * (theme.most - 1))):
        name = f"operation {number}"
        begins = number < len(theme.begins)
        at = number * 0.2 if begins else 0.2 + chance.draw(f"{name} at") * span
        owner = OWNERS[0] if theme.focused or chance.draw(f"{name} owner") < 0.8 else OWNERS[1]
        kind = theme.begins[number] if begins else chance.pick(f"{name} kind", theme.goes_on)
        parents = PARENTS[:1] if theme.focused else PARENTS
        field_, input_ = _change(chance, name, kind, at, chance.pick(f"{name} parent", parents))
        if field_ not in _UNNAMED and chance.draw(f"{name} is named") < 0.5:
            input_["clientMutationId"] = f"mutation-{number}"
        yield Operation(number, at, owner, field_, input_)
    yield from _quiet_hours(chance, span, theme.most + 2)


def _quiet_hours(chance: Chance, span: float, first: int) -> Iterator[Operation]:
    """What people set as quiet hours, at times that have reminders; so that they end within the hour."""
    for number in range(int(chance.draw("quiet hours") * 4) - 1):
        name = f"quiet hours {number}"
        at, hours = chance.draw(f"{name} at") * span, chance.pick(name, _QUIET_HOURS)
        input_ = {"quietHours": dict(zip(("from", "to"), hours, strict=True)) if hours else None}
        yield Operation(first + number, at, OWNERS[0], "updateViewer", input_)


def _change(chance: Chance, name: str, kind: str, at: float, parent: str) -> tuple[str, dict[str, Any]]:
    child = chance.pick(f"{name} child", CHILDREN)
    any_id = chance.pick(f"{name} id", (parent, parent, parent, child))
    guard = {"expectedVersion": 1} if chance.draw(f"{name} guard") < 0.1 else {}
    if change := _OTHERS.get(kind):
        return change(chance, name, kind, parent)
    if kind in _NESTING:
        below = _below(chance, name, kind, parent)
        return "updateTask", {"id": any_id if below == child else child, "parentId": below, **guard}
    match kind:
        case "create" | "plain":
            labels = {"labels": [chance.pick(f"{name} label", _LABELS)]}
            return "createTask", {"key": parent, "title": parent.title(), **labels, **_schedule(chance, name, kind, at)}
        case "recur":
            due = {"dueAt": _due(chance, name, at), "recurrence": {"rrule": "FREQ=DAILY"}}
            return "createTask", {"key": parent, "title": parent.title(), **due}
        case "child":
            return "createTask", {"key": child, "title": child.title(), "parentId": PARENTS[0]}
        case "status":
            return "setTaskStatus", {"id": any_id, "status": chance.pick(f"{name} status", _STATUSES), **guard}
        case "move" | "remind":
            timers = {"dueAt": _due(chance, name, at), **guard} if kind == "move" else _reminders(chance, name, at)
            return "updateTask", {"id": parent, **timers}
        case "rename":
            return "updateTask", {"id": any_id, "title": name.title(), "rank": chance.pick(f"{name} rank", _RANKS)}
        case "delete" | "restore" | "purge":
            return f"{kind}Task", {"id": any_id, **guard}
    return kind, {"tokens": [LAST]} if kind == "undo" else {"id": any_id}


def _change_of_series(chance: Chance, name: str, kind: str, first: str) -> tuple[str, dict[str, Any]]:
    """What somebody does with the first or the newest occurrence."""
    id_ = NEWEST if chance.draw(f"{name} newest") < 0.4 else first
    mutation = {"id": id_, "clientMutationId": name.replace(" ", "-")}
    match kind:
        case "skip":
            return "skipOccurrence", mutation
        case "alone":
            return "updateTask", {**mutation, "title": name.title(), "range": "THIS"}
    return "setTaskStatus", {**mutation, "status": "COMPLETED" if kind == "tick" else "PENDING"}


def _change_of_lists(chance: Chance, name: str, kind: str, id_: str) -> tuple[str, dict[str, Any]]:
    """What somebody does with lists, whose numbers are known."""
    first, second = (f"TaskList:{OWNERS[0]}:{chance.pick(f'{name} {which}', ('1', '2', '3'))}" for which in "ab")
    match kind:
        case "list":
            return "createTaskList", {"name": name.title(), "sections": [{"name": "Week 1"}]}
        case "into":
            return "updateTask", {"id": id_, "listId": first}
        case "out":
            return "updateTask", {"id": id_, "listId": None}
    if chance.draw(f"{name} deletes") < 0.4:
        return "deleteTaskList", {"id": first, "tasks": "DELETE"}
    to = {"moveToListId": second} if chance.draw(f"{name} moves") < 0.5 else {}
    return "deleteTaskList", {"id": first, "tasks": "KEEP", **to}


def _change_of_all(chance: Chance, name: str, kind: str, _parent: str) -> tuple[str, dict[str, Any]]:
    """What somebody does with all tasks that have a label or were deleted, or with those of a file."""
    label, other = (chance.pick(f"{name} {which}", _LABELS) for which in ("label", "other label"))
    match kind:
        case "relabel":
            return "renameLabel", {"name": label, "newName": other}
        case "unlabel":
            return "deleteLabel", {"name": label}
        case "empty":
            return "emptyTrash", {}
    part = int(chance.draw(f"{name} part") * 3)
    content = f"title,list,labels\nPart {part},{chance.pick(f'{name} list', ('History', ''))},{label}"
    return "importTasks", {"importId": "old-planner", "part": part, "format": "CSV", "content": content}


_OTHERS = {
    **dict.fromkeys(_SERIES, _change_of_series),
    **dict.fromkeys(_OF_LISTS, _change_of_lists),
    **dict.fromkeys(_OF_ALL, _change_of_all),
}


def _below(chance: Chance, name: str, kind: str, parent: str) -> str | None:
    """What a task is moved below, or None."""
    return chance.pick(f"{name} below", (parent, *CHILDREN)) if kind == "nest" else None


def _schedule(chance: Chance, name: str, kind: str, at: float) -> dict[str, Any]:
    if kind == "plain" or chance.draw(f"{name} has due date") < 0.2:
        return {}
    recurs = {"recurrence": {"rrule": "FREQ=DAILY"}} if chance.draw(f"{name} recurs") < 0.4 else {}
    return {
        "dueAt": _due(chance, name, at), **_reminders(chance, name, at), **recurs,
    }  # fmt: skip


def _reminders(chance: Chance, name: str, at: float) -> dict[str, Any]:
    before = chance.pick(f"{name} remind", _REMINDERS)
    if chance.draw(f"{name} reminds at a time") < 0.7:
        return {"remindBefore": before}
    return {"remindBefore": before, "remindAt": [_due(chance, f"{name} remind at", at)]}


def _due(chance: Chance, name: str, at: float) -> str:
    return format_timestamp(START + timedelta(seconds=at + chance.pick(f"{name} due", _DUE_SECONDS)))


def identity(owner: str, *groups: str) -> dict[str, Any]:
    """The identity of a user, as AppSync passes it."""
    return {"sub": owner, "username": owner, "claims": {"sub": owner}, "groups": list(groups)}


@dataclass(frozen=True)
class Call:
    """A call for an operation, and its answer; None if there was none."""

    operation: Operation
    name: str
    began: float
    answer: Mapping[str, Any] | None


@dataclass
class Client:
    """A client of the GraphQL API.

    Attributes:
        world: Has the clock.
        functions: Are called.
        answers: The payloads by the operations' numbers, the last of each.
        calls: All calls.
        newest: The newest occurrence that each owner was told of.
        last: What takes the last change of each owner back.
        named: What an operation on the newest occurrence, or of the last change, meant when it was sent first.
    """

    world: World
    functions: Functions
    answers: dict[int, Mapping[str, Any]] = field(default_factory=dict)
    calls: list[Call] = field(default_factory=list)
    newest: dict[str, str] = field(default_factory=dict)
    last: dict[str, str] = field(default_factory=dict)
    named: dict[int, str] = field(default_factory=dict)

    def do(self, operation: Operation, tries: int = 0) -> None:
        """Send a mutation, again after a while if it got no answer or AWS was not available.

        Some are sent again although they were answered, if they have an id: by another tab, or after a restart.
        """
        world, began = self.world, self.world.seconds
        name = f"operation {operation.number}, call {world.number(f'operation {operation.number}')}"
        world.log(f"{operation}")
        again = world.chance.between(f"operation {operation.number} again", 1, 20)
        input_ = dict(operation.input)
        if input_.get("id") == NEWEST:
            input_["id"] = self.named.setdefault(operation.number, self.newest.get(operation.owner, PARENTS[0]))
        if input_.get("tokens"):
            input_["tokens"] = [self.named.setdefault(operation.number, self.last.get(operation.owner, "none"))]
        event = appsync_event("Mutation", operation.field, {"input": input_}, identity(operation.owner))
        try:
            answered = resolved(self.functions.call("writeTasks", event, caller=name))
            answer = got = answered[0] if isinstance(answered, list) else answered
        except GraphqlError as error:
            raise Violation(f"A client saw {error}") from error
        except FailedCall:
            answer, got = {"errors": [{"code": "UNAVAILABLE"}]}, None
        world.log(f"{operation.number}: {[error['code'] for error in answer['errors']] or 'done'}")
        self.answers[operation.number] = answer
        self.calls.append(Call(operation, name, began, got))
        if answer.get("undo"):
            self.last[operation.owner] = answer["undo"]
        if answer.get("next"):
            self.newest[operation.owner] = answer["next"]["id"]
        if any(error["code"] == "UNAVAILABLE" for error in answer["errors"]) and tries < _MAX_TRIES:
            world.later(again, lambda: self.do(operation, tries + 1))
        elif "clientMutationId" in operation.input and tries < _MAX_TRIES and self._repeats(name):
            world.later(world.chance.between(f"{name} repeated", 0, 2_000), lambda: self.do(operation, tries + 1))

    def _repeats(self, call: str) -> bool:
        return self.world.chance.draw(f"{call} is repeated") < 0.4


@dataclass
class Screen:
    """A client that follows an owner's tasks: it drops what is not newer, and queries again after each gap.

    Attributes:
        tasks: What it shows, by id.
        known: The creation and version of the newest that it knows of each id, also of deleted tasks.
        pushed: The ids that were pushed since it subscribed.
    """

    world: World
    functions: Functions
    owner: str
    tasks: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    known: dict[str, tuple[str, int]] = field(default_factory=dict)
    pushed: set[str] = field(default_factory=set)
    connected: bool = False

    def connect(self) -> None:
        """Subscribe, then query."""
        self.connected = True
        self.pushed.clear()
        self._query()

    def disconnect(self) -> None:
        """Miss what is pushed from now on."""
        self.connected = False

    def push(self, pushed: Mapping[str, Any]) -> None:
        """Show what a push tells, if it is newer."""
        if not self.connected or pushed["ownerId"] != self.owner:
            return
        task = pushed["task"]
        self.pushed.add(task["id"])
        self._show(task)

    def _show(self, task: Mapping[str, Any]) -> None:
        place = (task["createdAt"], task["version"])
        if place > self.known.get(task["id"], ("", 0)):
            self.known[task["id"]] = place
            self.tasks[task["id"]] = task
            if task["deletedAt"]:
                del self.tasks[task["id"]]

    def _query(self) -> None:
        try:
            found = [task for lists in self._lists() for task in self._list(lists)]
            for parent in list(found):
                found += self._list({"first": 1, "filter": {"parentId": parent["id"]}})
        except (FailedCall, GraphqlError) as error:
            if isinstance(error, GraphqlError) and error.type != "UNAVAILABLE":
                raise Violation(f"A client saw {error}") from error
            self.world.later(3, lambda: self._query() if self.connected else None)
            return
        if not self.connected:
            return
        for id_ in self.tasks.keys() - {task["id"] for task in found} - self.pushed:
            del self.tasks[id_]
        for task in found:
            self._show(task)

    def _lists(self) -> list[dict[str, Any]]:
        """All tasks in one list, or in lists by status."""
        if self.world.chance.next(f"{self.owner} lists") < 0.5:
            return [{"first": 2}]
        statuses: tuple[list[str], ...] = (["PENDING", "IN_PROGRESS"], ["COMPLETED"])
        return [{"first": 1, "filter": {"statuses": of_list}} for of_list in statuses]

    def _list(self, arguments: dict[str, Any]) -> Iterator[Mapping[str, Any]]:
        after = None
        while True:
            event = appsync_event("Query", "tasks", {**arguments, "after": after}, identity(self.owner))
            page = resolved(self.functions.call("readTasks", event))
            yield from page["nodes"]
            if not page["pageInfo"]["hasNextPage"]:
                return
            after = page["pageInfo"]["endCursor"]
