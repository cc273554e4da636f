"""What the pipeline left behind, read from items, stream records and executions without the product's code."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from tests.support.examples import uuid_of

Document = dict[str, Any]
Identity = tuple[str, str, str]  # owner, id, creation
Item = Mapping[str, Any]  # in DynamoDB's JSON


@dataclass(frozen=True)
class Execution:
    """An execution of the workflow; `of` is its owner, task and schedule."""

    name: str
    status: str
    of: tuple[str, str, int]
    error: str | None = None


@dataclass(frozen=True)
class StoredEvent:
    """An entry of the history; `task` is its owner and id."""

    task: tuple[str, str]
    version: int
    changes: tuple[tuple[str, Any, Any], ...]


class Outcome:
    """What the pipeline left behind.

    Attributes:
        now: When that was read.
        items: Gives the items of all owners whose sort keys begin so.
        executions: The executions of the workflow.
        commits: The changes of tasks in their order, each as the task before and after it.
    """

    def __init__(
        self,
        now: datetime,
        records: Iterable[Mapping[str, Any]],
        items: Callable[[str], Iterable[Item]],
        executions: Iterable[Execution],
    ) -> None:
        self.now = now
        self.items = items
        self.executions = list(executions)
        changes = [(record, record["dynamodb"]) for record in records]
        self.commits = [
            (_task(change.get("OldImage")), _task(change.get("NewImage")))
            for _, change in changes
            if change["Keys"]["sk"]["S"].startswith("TASK#") and not is_receipt(change)
        ]
        self.notes = [
            document(change["NewImage"]) | {"committed": self.committed_at(record)}
            for record, change in changes
            if change["Keys"]["sk"]["S"].startswith("NOTE#") and "NewImage" in change and "OldImage" not in change
        ]

    def committed_at(self, record: Mapping[str, Any]) -> str:
        """When a notification was stored, as well as its record tells: as of when it was sent."""
        return str(record["dynamodb"]["NewImage"]["sentAt"]["S"])

    @cached_property
    def tasks(self) -> dict[Identity, Document]:
        """The tasks in the table."""
        found = map(document, self.items("TASK#"))
        return {identity(task): task for task in found}

    @cached_property
    def kept(self) -> dict[Identity, Document]:
        """The tasks in the table without those that were deleted for good."""
        return {key: task for key, task in self.tasks.items() if not task.get("purged")}

    @cached_property
    def events(self) -> list[StoredEvent]:
        """The stored events."""
        return [_stored_event(document(item)) for item in self.items("EVENT#")]

    def scheduled_at(self, task: Document) -> str:
        """When the task got its present schedule, due date and reminders."""
        times = [task["schedule"]["since"]]
        for before, after in self.commits:
            if before and after and identity(after) == identity(task) and _timers(before) != _timers(after):
                times.append(after["updatedAt"])
        return str(max(times))

    def committed(self) -> Iterator[Document]:
        """The committed versions that have an event: all but changes of tasks that stay deleted."""
        for before, after in self.commits:
            if after and not (after.get("deletedAt") and before and before.get("deletedAt")):
                yield after


def identity(task: Mapping[str, Any]) -> Identity:
    """What tells a task from others: ids can be used again."""
    return task["ownerId"], uuid_of(task["id"]), task["createdAt"]


def text_of(instant: datetime) -> str:
    """A timestamp as it is stored."""
    return instant.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def document(item: Item) -> Document:
    """An item as JSON has it."""
    return {name: _plain(value) for name, value in item.items()}


def _timers(task: Document) -> tuple[Any, ...]:
    return task.get("dueAt"), task["remindBefore"], task.get("remindAt")


def _stored_event(item: Document) -> StoredEvent:
    _, task_id, version = item["sk"].split("#")
    changes = tuple((name, before, after) for name, before, after in item.get("changes", ()))
    return StoredEvent((item["pk"].removeprefix("LOG#"), task_id), int(version), changes)


def is_receipt(change: Mapping[str, Any]) -> bool:
    """Whether only the mutation ids that the task remembers changed, which is no version."""
    before, after = change.get("OldImage"), change.get("NewImage")
    return bool(before and after and {**before, "receipts": None} == {**after, "receipts": None})


def _task(image: Any) -> Document | None:
    return document(image) if image else None


def _plain(value: Item) -> Any:
    """A value in DynamoDB's JSON as Python has it; all numbers are whole."""
    ((type_, content),) = value.items()
    match type_:
        case "M":
            return document(content)
        case "L":
            return [_plain(part) for part in content]
        case "N":
            return int(content)
        case "NULL":
            return None
    return content
