"""Stores events in their owners' logs, together with the statistics they change."""

from collections import Counter, defaultdict
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import random
from time import sleep
from typing import TYPE_CHECKING, Any

from taskbell.adapters.aws_errors import from_cancelled_transaction, translate_transient_errors
from taskbell.adapters.dynamodb.cursors import CursorCodec
from taskbell.adapters.dynamodb.items import Item, task_key, to_item
from taskbell.adapters.dynamodb.log_items import (
    EVENT_PREFIX,
    LOG_INDEX,
    LOG_KEY,
    MAX_PLACE,
    entry_from_item,
    event_item,
    events_of,
    log_partition,
    notification_key,
    reminded_at_of,
    tombstone_item,
    tombstone_key,
)
from taskbell.adapters.dynamodb.log_pages import LogList, LogPages
from taskbell.adapters.dynamodb.statistics import count_update, progress_update
from taskbell.domain.events import HistoryEntry, TaskEvent
from taskbell.domain.exceptions import UnavailableError
from taskbell.domain.queries import EventQuery, Page
from taskbell.domain.statistics import Counts, ParentProgress, difference, progress_difference
from taskbell.domain.task import Progress, Task

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_CONDITION_FAILED = "ConditionalCheckFailed"
_DELETE_BATCH_SIZE = 25
_TOMBSTONE_RETENTION = timedelta(days=45)  # longer than cursors of the log are valid, with two weeks in the queue
_MAX_ATTEMPTS = 8
_BASE_DELAY, _MAX_DELAY = 0.05, 0.8  # seconds


@dataclass(frozen=True, slots=True)
class DynamoDBEventStore:
    """Implements `EventStore`: one request per call, except for `purge`, repetitions and after write conflicts.

    Concurrent transactions on a shard of the counts, or on a parent, conflict; they are retried with exponential
    backoff and full jitter for up to 3.2 seconds. `clock` returns the current time, `wait` sleeps for a number of
    seconds, `jitter` returns a random number in [0, 1).
    """

    client: "DynamoDBClient"
    table: str
    cursors: CursorCodec
    clock: Callable[[], datetime]
    wait: Callable[[float], None] = sleep
    jitter: Callable[[], float] = random

    @translate_transient_errors()
    def append(self, event: TaskEvent) -> str:
        """Store the event and add its counts in one transaction; idempotent. An event without counts is one put."""
        return self._store(event, lambda now: event_item(event, now))

    @translate_transient_errors()
    def purge(self, event: TaskEvent) -> str:
        """Delete the events and notifications of a removed task, and subtract once what the events had counted.

        That is not always what the task would count: an event of it may be a dead letter. A tombstone records that it
        was done, for longer than any queue retains an event.
        """
        keys, counted, progress = self._stored(event.task)
        taken_back = replace(
            event,
            counts=difference(counted, {}),
            progress=progress_difference(progress, {}),
        )
        place = self._store(taken_back, lambda now: tombstone_item(event, now, now + _TOMBSTONE_RETENTION))
        for start in range(0, len(keys), _DELETE_BATCH_SIZE):
            batch = keys[start : start + _DELETE_BATCH_SIZE]
            pending: Any = {self.table: [{"DeleteRequest": {"Key": key}} for key in batch]}
            while pending:
                pending = self.client.batch_write_item(RequestItems=pending)["UnprocessedItems"]
        return place

    @translate_transient_errors()
    def is_purged(self, task: Task) -> bool:
        """Whether the task's events were purged, with one request."""
        key = tombstone_key(task.owner_id, task.id)
        return "Item" in self.client.get_item(TableName=self.table, Key=key, ConsistentRead=True)

    @translate_transient_errors()
    def page(self, query: EventQuery, first: int, after: str | None) -> Page[HistoryEntry]:
        """Return a page of entries, newest first, with one eventually consistent query."""
        if query.task_id is None:
            spec = LogList(query.owner_id, LOG_INDEX, LOG_KEY, "0", MAX_PLACE, EVENT_PREFIX)
        else:
            prefix = events_of(query.task_id)
            spec = LogList(query.owner_id, None, "sk", prefix, f"{prefix}{MAX_PLACE}", prefix)
        return LogPages(self.client, self.table, self.cursors).read(query, spec, first, after, entry_from_item)

    def _stored(self, task: Task) -> tuple[list[Item], Counts, ParentProgress]:
        """Return the keys of a task's events and notifications, and the sum of their counts and of their progress."""
        pages = self.client.get_paginator("query").paginate(
            TableName=self.table,
            ConsistentRead=True,
            KeyConditionExpression="pk = :owner AND begins_with(sk, :events)",
            ProjectionExpression="pk, sk, remindedAt, #counts, #progress",
            ExpressionAttributeNames={"#counts": "counts", "#progress": "progress"},
            ExpressionAttributeValues=to_item({":owner": log_partition(task.owner_id), ":events": events_of(task.id)}),
        )
        keys: list[Item] = []
        counts: Counter[str] = Counter()
        progress: defaultdict[str, Counter[str]] = defaultdict(Counter)
        for item in (item for page in pages for item in page["Items"]):
            keys.append({"pk": item["pk"], "sk": item["sk"]})
            if reminded_at := reminded_at_of(item):
                keys.append(notification_key(task.owner_id, task.id, reminded_at))
            counts.update(_numbers(item.get("counts")))
            for parent_id, change in item.get("progress", {"M": {}})["M"].items():
                progress[parent_id].update(_numbers(change))
        return keys, counts, {parent_id: Progress(**change) for parent_id, change in progress.items()}

    def _store(self, event: TaskEvent, item_at: Callable[[datetime], Item]) -> str:
        """Put an item and add the event's counts, all or nothing; nothing if the item exists.

        Returns:
            The item's place in the log. One that exists takes its place anew, for what was to follow its storing, the
            push, has not been done: whoever goes on from the place of a later push has to meet it.
        """
        parents = [self._updates_of(event, parent_id) for parent_id in event.progress]
        for attempt in range(_MAX_ATTEMPTS):
            put = _new(self.table, item_at(self.clock()))
            counted = count_update(self.table, event)
            writes = [{"Put": put}, *counted, *(updates[0] for updates in parents if updates)]
            try:
                self._write(put, writes)
            except self.client.exceptions.ConditionalCheckFailedException as error:
                return self._placed_anew(put["Item"], dict(error.response).get("Item"))
            except self.client.exceptions.TransactionCanceledException as error:
                reasons = error.response["CancellationReasons"]
                if reasons[0].get("Code") == _CONDITION_FAILED:
                    return self._placed_anew(put["Item"], reasons[0].get("Item"))
                of_parents = reasons[1 + len(counted) :]
                failed = [reason.get("Code") == _CONDITION_FAILED for reason in of_parents]
                if any(failed):
                    left = [updates for updates in parents if updates]
                    parents = [updates[1:] if is_ else updates for updates, is_ in zip(left, failed, strict=True)]
                    continue
                failure = from_cancelled_transaction(error)
                if not isinstance(failure, UnavailableError) or attempt == _MAX_ATTEMPTS - 1:
                    raise failure from error
                self.wait(self.jitter() * min(_MAX_DELAY, _BASE_DELAY * 2**attempt))
            else:
                return str(put["Item"][LOG_KEY]["S"])
        raise UnavailableError

    def _updates_of(self, event: TaskEvent, parent_id: str) -> list[Any]:
        """Return how to add to a parent's progress, and how if that fails: another machine's clock may be ahead.

        If the second fails, the parent has left the table.
        """
        key, change = task_key(event.task.owner_id, parent_id), event.progress[parent_id]
        return [progress_update(self.table, key, change, at) for at in (self.clock(), None)]

    def _write(self, put: Any, writes: list[Any]) -> None:
        if len(writes) == 1:
            self.client.put_item(**put)
        else:
            self.client.transact_write_items(TransactItems=writes)

    def _placed_anew(self, item: Item, stored: Any) -> str:
        if stored is None or stored[LOG_KEY] != item[LOG_KEY]:
            with suppress(self.client.exceptions.ConditionalCheckFailedException):  # purged since
                self.client.update_item(
                    TableName=self.table,
                    Key={"pk": item["pk"], "sk": item["sk"]},
                    UpdateExpression=f"SET {LOG_KEY} = :place",
                    ConditionExpression="attribute_exists(pk)",
                    ExpressionAttributeValues={":place": item[LOG_KEY]},
                )
        return str(item[LOG_KEY]["S"])


def _new(table: str, item: Item) -> dict[str, Any]:
    return {
        "TableName": table,
        "Item": item,
        "ConditionExpression": "attribute_not_exists(pk)",
        "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
    }


def _numbers(attribute: Any) -> dict[str, int]:
    """Return a map of numbers in DynamoDB's JSON as a dict."""
    return {name: int(value["N"]) for name, value in attribute["M"].items()} if attribute else {}
