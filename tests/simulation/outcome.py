"""What a run left behind, read from items, records and pushes without the product's code."""

import json
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from tests.simulation.simulation import Simulation
from tests.simulation.world import START

Document = dict[str, Any]
Identity = tuple[str, str, str]  # owner, id, creation


class Outcome:
    """What a run left behind.

    Attributes:
        commits: The changes of tasks in their order, each as the task before and after it.
        notes: The notifications, with the time at which they were stored.
    """

    def __init__(self, run: Simulation) -> None:
        self.run = run
        self.now = run.world.now()
        changes = [record["dynamodb"] for record in run.stream.records]
        self.commits = [
            (_task(change.get("OldImage")), _task(change.get("NewImage")))
            for change in changes
            if change["Keys"]["sk"]["S"].startswith("TASK#")
        ]
        self.notes = [
            _document(change["NewImage"]) | {"committed": text_of(START + timedelta(seconds=record["committed"]))}
            for record in run.stream.records
            if (change := record["dynamodb"])["Keys"]["sk"]["S"].startswith("NOTE#") and "NewImage" in change
        ]

    @cached_property
    def tasks(self) -> dict[Identity, Document]:
        """The tasks in the table."""
        found = map(_document, self.run.dynamodb.all_items("TASK#"))
        return {identity(task): task for task in found}

    @cached_property
    def events(self) -> list[Document]:
        """The stored events."""
        return [_document(item) for item in self.run.dynamodb.all_items("EVENT#")]

    @cached_property
    def pushes(self) -> list[Document]:
        """What was pushed."""
        return self.run.broker.pushes

    @cached_property
    def given_up(self) -> set[tuple[str, str, int]]:
        """Owner, id and version of the events that were in a dead-letter queue, or in none."""
        bodies = [json.loads(message.body) for message in self.run.given_up]
        records = {record["dynamodb"]["SequenceNumber"]: record for record in self.run.stream.records}
        found = {(body["ownerId"], body["taskId"], int(body["version"])) for body in bodies if "taskId" in body}
        for info in (body["DDBStreamBatchInfo"] for body in bodies if "DDBStreamBatchInfo" in body):
            for number, record in records.items():
                if info["startSequenceNumber"] <= number <= info["endSequenceNumber"]:
                    task = _task(record["dynamodb"].get("NewImage")) or {}
                    found |= {(task["ownerId"], task["id"], task["version"])} if "title" in task else set()
        return found

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
    return task["ownerId"], task["id"], task["createdAt"]


def text_of(instant: datetime) -> str:
    """A timestamp as it is stored."""
    return instant.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _timers(task: Document) -> tuple[Any, ...]:
    return task.get("dueAt"), task["remindBefore"]


def _task(image: Any) -> Document | None:
    return _document(image) if image else None


def _document(item: Mapping[str, Any]) -> Document:
    return {name: _plain(value) for name, value in item.items()}


def _plain(value: Mapping[str, Any]) -> Any:
    """A value in DynamoDB's JSON as Python has it; all numbers are whole."""
    ((type_, content),) = value.items()
    match type_:
        case "M":
            return _document(content)
        case "L":
            return [_plain(part) for part in content]
        case "N":
            return int(content)
        case "NULL":
            return None
    return content
