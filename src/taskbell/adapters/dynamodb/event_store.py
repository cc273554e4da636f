"""Stores events together with the statistics they change."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
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
    partition,
    to_item,
    tombstone_item,
)
from taskbell.adapters.dynamodb.pagination import Paginator, QuerySpec, prefix_range
from taskbell.adapters.dynamodb.statistics import count_updates, progress_update
from taskbell.domain.events import TaskEvent
from taskbell.domain.exceptions import UnavailableError
from taskbell.domain.queries import EventQuery, Page
from taskbell.domain.timestamps import format_timestamp

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_IS_NEW = "attribute_not_exists(pk)"
_CONDITION_FAILED = "ConditionalCheckFailed"
_OTHER_TASK = "#task.createdAt <> :created"  # the stored event is of an earlier task with the same id
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
        put = {
            "TableName": self.table,
            "Item": event_item(event),
            "ConditionExpression": f"{_IS_NEW} OR {_OTHER_TASK}",
            **_created(event),
        }
        self._write_with_counts(event, put)

    @translate_transient_errors()
    def purge(self, event: TaskEvent) -> None:
        """Delete the events of a removed task and count the removal once.

        A tombstone records that it was counted, for longer than any queue retains the event.
        """
        if event.counts:
            tombstone = tombstone_item(event, event.at + _TOMBSTONE_RETENTION)
            self._write_with_counts(event, {"TableName": self.table, "Item": tombstone, "ConditionExpression": _IS_NEW})
        for keys in self._stored_keys(event):
            pending: Any = {self.table: [{"DeleteRequest": {"Key": key}} for key in keys]}
            while pending:
                pending = self.client.batch_write_item(RequestItems=pending)["UnprocessedItems"]

    def _stored_keys(self, event: TaskEvent) -> Iterator[list[Item]]:
        """Yield the keys of this task's events in batches that one request can delete."""
        created = _created(event)
        pages = self.client.get_paginator("query").paginate(
            TableName=self.table,
            ConsistentRead=True,
            KeyConditionExpression="pk = :owner AND begins_with(sk, :events)",
            FilterExpression=f"NOT {_OTHER_TASK}",
            ProjectionExpression="pk, sk",
            ExpressionAttributeNames=created["ExpressionAttributeNames"],
            ExpressionAttributeValues=created["ExpressionAttributeValues"]
            | to_item({":owner": partition(event.task.owner_id), ":events": event_prefix(event.task.id)}),
            PaginationConfig={"PageSize": _DELETE_BATCH_SIZE},
        )
        return (page["Items"] for page in pages if page["Items"])

    def _write_with_counts(self, event: TaskEvent, put: dict[str, Any]) -> None:
        """Put an item and add the event's counts in one transaction; nothing if the item exists."""
        counts = count_updates(self.table, event.task.owner_id, event.counts)
        parents = progress_update(self.table, event, self.clock())
        if not self._write({"Put": put}, counts, parents):
            self._write({"Put": put}, counts, [])  # the parent has left the table

    def _write(self, put: Any, counts: list[Any], parents: list[Any]) -> bool:
        """Write a transaction and retry it after conflicts.

        Returns:
            False if the parent does not exist; True if everything is stored, now or before.
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


def _created(event: TaskEvent) -> dict[str, Any]:
    """The names and values of the condition `_OTHER_TASK`."""
    return {
        "ExpressionAttributeNames": {"#task": "task"},
        "ExpressionAttributeValues": to_item({":created": format_timestamp(event.task.created_at)}),
    }
