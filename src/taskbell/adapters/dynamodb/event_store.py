"""What happened to tasks, in the same table, and with it what it adds to the counts."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from random import uniform
from time import sleep
from typing import TYPE_CHECKING, Any

from taskbell.adapters.aws_errors import cancelled, passing_failures
from taskbell.adapters.dynamodb.items import (
    Item,
    event_item,
    event_of_item,
    event_prefix,
    partition,
    removal_item,
    to_item,
)
from taskbell.adapters.dynamodb.pagination import Listing, Pages, starting
from taskbell.adapters.dynamodb.statistics import additions, progress_addition
from taskbell.domain.events import TaskEvent
from taskbell.domain.exceptions import UnavailableError
from taskbell.domain.queries import EventQuery, Page
from taskbell.domain.timestamps import format_timestamp

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_NEW = "attribute_not_exists(pk)"
_REFUSED = "ConditionalCheckFailed"
_ANOTHERS = "#task.createdAt <> :created"  # an event of another task of the same id, which has left the table
_DELETED_AT_ONCE = 25
_LONGER_THAN_QUEUES = timedelta(days=30)
_TRIES = 8
_FIRST_PAUSE, _LONGEST_PAUSE = 0.05, 0.8  # seconds


@dataclass(frozen=True, slots=True)
class DynamoDBEventStore:
    """The port `History`. One call each, and more only to forget, or where many count at once for one owner.

    Transactions that meet at the owner's counts are refused, so each goes back and tries again after a while of its
    own, 3.2 seconds at the most in all; `wait` sleeps for so many seconds.
    """

    client: "DynamoDBClient"
    table: str
    pages: Pages
    wait: Callable[[float], None] = sleep

    @passing_failures()
    def append(self, event: TaskEvent) -> None:
        """See the port. The event and what it adds to the counts are written together or not at all."""
        if not event.counts:
            self.client.put_item(TableName=self.table, Item=event_item(event))
            return
        put = {
            "TableName": self.table,
            "Item": event_item(event),
            "ConditionExpression": f"{_NEW} OR {_ANOTHERS}",
            **_created(event),
        }
        self._count(event, put)

    @passing_failures()
    def purge(self, event: TaskEvent) -> None:
        """See the port. What tells that it was counted is kept for longer than any queue keeps the event."""
        if event.counts:
            mark = removal_item(event, event.at + _LONGER_THAN_QUEUES)
            self._count(event, {"TableName": self.table, "Item": mark, "ConditionExpression": _NEW})
        for keys in self._remembered(event):
            asked: Any = {self.table: [{"DeleteRequest": {"Key": key}} for key in keys]}
            while asked:
                asked = self.client.batch_write_item(RequestItems=asked)["UnprocessedItems"]

    def _remembered(self, event: TaskEvent) -> Iterator[list[Item]]:
        """The keys of the events of that very task, as many at a time as can be deleted in one call."""
        created = _created(event)
        pages = self.client.get_paginator("query").paginate(
            TableName=self.table,
            ConsistentRead=True,
            KeyConditionExpression="pk = :owner AND begins_with(sk, :events)",
            FilterExpression=f"NOT {_ANOTHERS}",
            ProjectionExpression="pk, sk",
            ExpressionAttributeNames=created["ExpressionAttributeNames"],
            ExpressionAttributeValues=created["ExpressionAttributeValues"]
            | to_item({":owner": partition(event.task.owner_id), ":events": event_prefix(event.task.id)}),
            PaginationConfig={"PageSize": _DELETED_AT_ONCE},
        )
        return (page["Items"] for page in pages if page["Items"])

    def _count(self, event: TaskEvent, put: dict[str, Any]) -> None:
        """Write an item and what the event adds to the counts together, or not at all if the item is there."""
        counted = additions(self.table, event.task.owner_id, event.counts)
        parents = progress_addition(self.table, event)
        if not self._written({"Put": put}, counted, parents):
            self._written({"Put": put}, counted, [])  # the parent has left the table

    def _written(self, put: Any, counted: list[Any], parents: list[Any]) -> bool:
        """Whether all of it stands; False if the parent does not. Who meets other counting tries again later."""
        for attempt in range(_TRIES):
            try:
                self.client.transact_write_items(TransactItems=[put, *counted, *parents])
            except self.client.exceptions.TransactionCanceledException as refusal:
                codes = [reason.get("Code") for reason in refusal.response["CancellationReasons"]]
                if codes[0] == _REFUSED:
                    return True
                if parents and codes[-1] == _REFUSED:
                    return False
                failure = cancelled(refusal)
                if not isinstance(failure, UnavailableError) or attempt == _TRIES - 1:
                    raise failure from refusal
                self.wait(uniform(0, min(_LONGEST_PAUSE, _FIRST_PAUSE * 2**attempt)))  # noqa: S311 - no secret
            else:
                return True
        return True

    @passing_failures()
    def page(self, query: EventQuery, first: int, after: str | None) -> Page[TaskEvent]:
        """See the port."""
        if query.task_id is None:
            listing = Listing(query.owner_id, "byCreation", "createdKey", (starting("EVENT#"),))
        else:
            listing = Listing(query.owner_id, None, "sk", (starting(event_prefix(query.task_id)),))
        return self.pages.read(query, listing, first, after, event_of_item)


def _created(event: TaskEvent) -> dict[str, Any]:
    """The names and values of the condition `_ANOTHERS`."""
    return {
        "ExpressionAttributeNames": {"#task": "task"},
        "ExpressionAttributeValues": to_item({":created": format_timestamp(event.task.created_at)}),
    }
