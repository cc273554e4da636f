"""Stores events together with the statistics they change."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import random
from time import sleep
from typing import TYPE_CHECKING, Any

from taskbell.adapters.aws_errors import from_cancelled_transaction, translate_transient_errors
from taskbell.adapters.dynamodb.items import (
    Item,
    event_from_item,
    event_item,
    event_prefix,
    events_of,
    partition,
    to_item,
    tombstone_item,
    tombstone_key,
)
from taskbell.adapters.dynamodb.pagination import Paginator, QuerySpec, prefix_range
from taskbell.adapters.dynamodb.statistics import count_updates, progress_update
from taskbell.domain.events import TaskEvent
from taskbell.domain.exceptions import UnavailableError
from taskbell.domain.queries import EventQuery, Page
from taskbell.domain.statistics import Counts, difference
from taskbell.domain.task import Progress, Task

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_IS_NEW = "attribute_not_exists(pk)"
_CONDITION_FAILED = "ConditionalCheckFailed"
_DELETE_BATCH_SIZE = 25
_TOMBSTONE_RETENTION = timedelta(days=30)
_MAX_ATTEMPTS = 8
_BASE_DELAY, _MAX_DELAY = 0.05, 0.8  # seconds


@dataclass(frozen=True, slots=True)
class DynamoDBEventStore:
    """Implements `EventStore`: one request per call, except for `purge` and after write conflicts.

    Concurrent transactions on an owner's counts conflict; they are retried with exponential backoff and full jitter for
    up to 3.2 seconds. `clock` returns the current time, `wait` sleeps for a number of seconds, `jitter` returns a
    random number in [0, 1).
    """

    client: "DynamoDBClient"
    table: str
    paginator: Paginator
    clock: Callable[[], datetime]
    wait: Callable[[float], None] = sleep
    jitter: Callable[[], float] = random

    @translate_transient_errors()
    def append(self, event: TaskEvent) -> None:
        """Store the event and add its counts in one transaction; idempotent."""
        if not event.counts:
            self.client.put_item(TableName=self.table, Item=event_item(event))
            return
        self._write_with_counts(event, event_item(event))

    @translate_transient_errors()
    def purge(self, event: TaskEvent) -> None:
        """Delete the events of a removed task, and subtract once what they had counted.

        That is not always what the task would count: an event of it may be a dead letter. A tombstone records that it
        was done, for longer than any queue retains an event.
        """
        keys, counted, progress = self._stored(event.task)
        taken_back = replace(
            event,
            counts=difference(counted, {}),
            progress=Progress(-progress.total, -progress.completed),
        )
        self._write_with_counts(taken_back, tombstone_item(event.task, event.at + _TOMBSTONE_RETENTION))
        for start in range(0, len(keys), _DELETE_BATCH_SIZE):
            batch = keys[start : start + _DELETE_BATCH_SIZE]
            pending: Any = {self.table: [{"DeleteRequest": {"Key": key}} for key in batch]}
            while pending:
                pending = self.client.batch_write_item(RequestItems=pending)["UnprocessedItems"]

    @translate_transient_errors()
    def is_purged(self, task: Task) -> bool:
        """Whether the task's events were purged, with one request."""
        key = tombstone_key(task)
        return "Item" in self.client.get_item(TableName=self.table, Key=key, ConsistentRead=True)

    def _stored(self, task: Task) -> tuple[list[Item], Counts, Progress]:
        """Return the keys of a task's events, and the sum of their counts and of their progress."""
        pages = self.client.get_paginator("query").paginate(
            TableName=self.table,
            ConsistentRead=True,
            KeyConditionExpression="pk = :owner AND begins_with(sk, :events)",
            ProjectionExpression="pk, sk, #counts, #progress",
            ExpressionAttributeNames={"#counts": "counts", "#progress": "progress"},
            ExpressionAttributeValues=to_item({":owner": partition(task.owner_id), ":events": events_of(task)}),
        )
        keys: list[Item] = []
        counts: Counter[str] = Counter()
        progress: Counter[str] = Counter()
        for item in (item for page in pages for item in page["Items"]):
            keys.append({"pk": item["pk"], "sk": item["sk"]})
            counts.update(_numbers(item.get("counts")))
            progress.update(_numbers(item.get("progress")))
        return keys, counts, Progress(**progress)

    def _write_with_counts(self, event: TaskEvent, item: Item) -> None:
        """Put an item and add the event's counts in one transaction; nothing if the item exists."""
        put = {"TableName": self.table, "Item": item, "ConditionExpression": _IS_NEW}
        counts = count_updates(self.table, event.task.owner_id, event.counts)
        for now in (self.clock(), None):  # None: another machine's clock has set the parent to a later time
            if self._write({"Put": put}, counts, progress_update(self.table, event, now)):
                return
        self._write({"Put": put}, counts, [])  # the parent has left the table

    def _write(self, put: Any, counts: list[Any], parents: list[Any]) -> bool:
        """Write a transaction and retry it after conflicts.

        Returns:
            False if the parent's condition does not hold; True if everything is stored, now or before.
        """
        for attempt in range(_MAX_ATTEMPTS):
            try:
                self.client.transact_write_items(TransactItems=[put, *counts, *parents])
            except self.client.exceptions.TransactionCanceledException as error:
                codes = [reason.get("Code") for reason in error.response["CancellationReasons"]]
                if codes[0] == _CONDITION_FAILED:
                    return True
                if parents and codes[-1] == _CONDITION_FAILED:
                    return False
                failure = from_cancelled_transaction(error)
                if not isinstance(failure, UnavailableError) or attempt == _MAX_ATTEMPTS - 1:
                    raise failure from error
                self.wait(self.jitter() * min(_MAX_DELAY, _BASE_DELAY * 2**attempt))
            else:
                return True
        return True

    @translate_transient_errors()
    def page(self, query: EventQuery, first: int, after: str | None) -> Page[TaskEvent]:
        """Return a page of events, newest first."""
        if query.task_id is None:
            spec = QuerySpec(query.owner_id, "byCreation", "createdKey", (prefix_range("EVENT#"),))
        else:
            spec = QuerySpec(query.owner_id, None, "sk", (prefix_range(event_prefix(query.task_id)),))
        return self.paginator.read_page(query, spec, first, after, event_from_item)


def _numbers(attribute: Any) -> dict[str, int]:
    """Return a map of numbers in DynamoDB's JSON as a dict."""
    return {name: int(value["N"]) for name, value in attribute["M"].items()} if attribute else {}
