"""Attempts: what a caller tries, what is answered, and what follows."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from tests.integration.access.apis import Answer, Apis
from tests.integration.access.callers import Caller, Headers
from tests.integration.access.operations import Path_
from tests.integration.access.stage import Stage, nothing, task_name

Values = dict[Path_, object]
_READS = frozenset(f"dynamodb:{name}" for name in ("BatchGetItem", "GetItem", "Query"))
_OF_NOBODY = frozenset({"dead letter", "what is published", "cursor of students"})


class Operation(Protocol):
    """A GraphQL operation or a route of the HTTP API."""

    @property
    def naming(self) -> Mapping[Path_, str]:
        """The arguments that name something, and what they name."""
        ...

    async def ask(self, apis: Apis, headers: Headers, values: Values) -> Answer:
        """Send it."""
        ...


@dataclass(frozen=True)
class Outcome:
    """What an attempt has led to: the answer, the functions and AWS calls, and whose items these named and changed."""

    answer: Answer
    invoked: tuple[str, ...]
    aws_calls: tuple[str, ...]
    named: frozenset[str]
    changed: frozenset[str]
    dead_letters: int

    @property
    def had_no_effect(self) -> bool:
        return not (self.invoked or self.aws_calls or self.changed) and self.dead_letters == 1


@dataclass
class System:
    """Both APIs, and what is stored behind them."""

    apis: Apis
    stage: Stage

    async def attempt(self, operation: Operation, headers: Headers, values: Values) -> Outcome:
        """Send an operation; what it changed is undone."""
        recorder = self.apis.recorder
        recorder.clear()
        answer = await operation.ask(self.apis, headers, values)
        invoked, calls = tuple(recorder.invoked), tuple(sorted(recorder.aws_calls))
        named, written = frozenset(recorder.owners), not _READS.issuperset(calls)
        changed = frozenset(self.stage.restore() if written else ())
        touched = any("sqs" in call for call in calls)
        left = self.stage.dead_letters() if touched else 1
        if touched:
            self.stage.bury()
        return Outcome(answer, invoked, calls, named, changed, left)

    def own(self, operation: Operation, caller: Caller) -> Values:
        """Arguments that name what the caller owns; no cursors, which are for a second page."""
        owner_id = caller.owner_id or caller.target
        naming = operation.naming.items()
        own: Values = {path: self.stage.own(names, owner_id) for path, names in naming if not is_left_out(names)}
        return _in_one_place(own, ())

    def others(self, operation: Operation, caller: Caller, paths: Iterable[Path_]) -> Values:
        """The caller's own arguments, but another owner's at some paths."""
        replaced: Values = {path: self.stage.others(operation.naming[path], caller.target) for path in paths}
        return _in_one_place(self.own(operation, caller) | replaced, replaced)

    def missing(self, operation: Operation, caller: Caller) -> Values:
        """The caller's own arguments, but a task that does not exist."""
        owner_id = caller.owner_id or caller.target
        replaced: Values = {
            path: task_name(owner_id, "lost") for path, names in operation.naming.items() if names == "task"
        }
        return self.own(operation, caller) | replaced

    def nowhere(self, operation: Operation, caller: Caller, paths: Iterable[Path_]) -> Values:
        """The caller's own arguments, but what does not exist at some paths."""
        replaced: Values = {path: nothing(operation.naming[path]) for path in paths}
        return _in_one_place(self.own(operation, caller) | replaced, replaced)


def is_left_out(names: str) -> bool:
    """Whether an argument is not given by itself: a cursor, or a section, which no owner is asked about."""
    return names == "section" or names.startswith("cursor")


def _in_one_place(values: Values, chosen: Collection[Path_]) -> Values:
    """The arguments without a list, or without a parent if the list is chosen alone: a task has one of them."""
    parents = [path for path in values if path[-1] == "parentId"]
    lists = [path for path in values if path[-1] in {"listId", "sectionId"}]
    if not parents:
        return values
    dropped = parents if not set(parents) & set(chosen) and set(lists) & set(chosen) else lists
    return {path: value for path, value in values.items() if path not in dropped}


def choices(operation: Operation) -> list[tuple[Path_, ...]]:
    """The sets of arguments to give others' values: each alone, all, and all without cursors."""
    owned = [path for path, names in operation.naming.items() if names not in _OF_NOBODY]
    without_cursors = [path for path in owned if not operation.naming[path].startswith("cursor")]
    sets = [*((path,) for path in owned), tuple(without_cursors), tuple(owned)]
    return [chosen for chosen in dict.fromkeys(sets) if chosen]
