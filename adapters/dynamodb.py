"""Tasks, their history and their notifications in one DynamoDB table, read with strong consistency."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, cast

from botocore.exceptions import ClientError

from adapters.failures import cancelled, passing_failures
from adapters.items import (
    Item,
    deleted_prefix,
    event_item,
    event_of_item,
    event_prefix,
    notification_item,
    partition,
    removal_item,
    subtask_prefix,
    task_item,
    task_key,
    task_of_item,
    to_item,
)
from adapters.lists import listing_of
from adapters.pages import Listing, Pages, starting
from adapters.statistics import additions, progress_addition
from tasks.errors import Unavailable
from tasks.events import TaskEvent
from tasks.instants import instant_text
from tasks.lifecycle import Notification
from tasks.ports import EventQuery, Page, TaskQuery
from tasks.task import Task

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_NEW = "attribute_not_exists(pk)"
_ANOTHERS = "#task.createdAt <> :created"  # an event of another task of the same id, which has left the table
_DELETED_AT_ONCE = 25
_LONGER_THAN_QUEUES = timedelta(days=30)
_ATTEMPTS = 4
_REFUSED = "ConditionalCheckFailed"
_CHANGE_REFUSED = {_REFUSED, "TransactionConflict"}


@dataclass(frozen=True, slots=True)
class DynamoTaskStore:
    """The port `TaskStore`. One call each, whatever the table holds."""

    client: "DynamoDBClient"
    table: str
    pages: Pages

    @passing_failures()
    def add(self, task: Task) -> Task | None:
        """See the port. An SDK's retry of a write that had arrived finds the task itself."""
        try:
            self.client.put_item(
                TableName=self.table,
                Item=task_item(task),
                ConditionExpression=_NEW,
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )
        except self.client.exceptions.ConditionalCheckFailedException as refusal:
            return task_of_item(_found(refusal) or {})
        return None

    @passing_failures()
    def get(self, owner_id: str, task_id: str) -> Task | None:
        """See the port."""
        answer = self.client.get_item(TableName=self.table, Key=task_key(owner_id, task_id), ConsistentRead=True)
        item = answer.get("Item")
        return task_of_item(item) if item else None

    @passing_failures()
    def replace(self, before: Task, after: Task, notification: Notification | None = None) -> bool:
        """See the port. A write whose answer was lost is known again: what is stored then is `after`."""
        put: dict[str, Any] = {
            "TableName": self.table,
            "Item": task_item(after),
            "ConditionExpression": "version = :before",
            "ExpressionAttributeValues": {":before": {"N": str(before.version)}},
            "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
        }
        return self._put_both(put, notification, after) if notification else self._put(put, after)

    @passing_failures()
    def subtasks(self, parent: Task) -> Sequence[Task]:
        """See the port. One query: a hundred tasks are less than a query looks through, unless they are very long."""
        return self._all(parent.owner_id, subtask_prefix(parent.id))

    @passing_failures()
    def deleted_with(self, parent: Task) -> Sequence[Task]:
        """See the port. One query, as for those that are not deleted."""
        return self._all(parent.owner_id, deleted_prefix(parent.id))

    @passing_failures()
    def page(self, query: TaskQuery, first: int, after: str | None) -> Page[Task]:
        """See the port."""
        return self.pages.read(query, listing_of(query), first, after, task_of_item)

    def _all(self, owner_id: str, prefix: str) -> Sequence[Task]:
        listing = Listing(owner_id, "byCreation", "createdKey", starting(prefix))
        return [task_of_item(item) for item in self.pages.all(listing)]

    def _put(self, put: dict[str, Any], task: Task) -> bool:
        try:
            self.client.put_item(**put)
        except self.client.exceptions.ConditionalCheckFailedException as refusal:
            return _holds(_found(refusal), task)
        except self.client.exceptions.TransactionConflictException:
            return False
        return True

    def _put_both(self, put: dict[str, Any], notification: Notification, task: Task) -> bool:
        """As `_put`, for a task and a notification that are stored together or not at all."""
        note = {"TableName": self.table, "Item": notification_item(notification), "ConditionExpression": _NEW}
        try:
            self.client.transact_write_items(TransactItems=[{"Put": put}, {"Put": note}])  # type: ignore[typeddict-item]
        except self.client.exceptions.TransactionCanceledException as refusal:
            reasons = refusal.response["CancellationReasons"]
            if not any(reason.get("Code") in _CHANGE_REFUSED for reason in reasons):
                raise cancelled(refusal) from refusal
            return _holds(reasons[0].get("Item"), task)  # type: ignore[arg-type]
        return True


def _created(event: TaskEvent) -> dict[str, Any]:
    """The names and values of the condition `_ANOTHERS`."""
    return {
        "ExpressionAttributeNames": {"#task": "task"},
        "ExpressionAttributeValues": to_item({":created": instant_text(event.task.created_at)}),
    }


def _found(refusal: ClientError) -> Item | None:
    """What stood where a conditional write was to go; botocore's types do not know that it is told."""
    return cast("Item | None", refusal.response.get("Item"))


def _holds(item: Item | None, task: Task) -> bool:
    return item is not None and task_of_item(item) == task


@dataclass(frozen=True, slots=True)
class DynamoHistory:
    """The port `History`. One call each."""

    client: "DynamoDBClient"
    table: str
    pages: Pages

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
    def forget(self, event: TaskEvent) -> None:
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
        """Whether all of it stands; False if the parent does not. Who meets other counting tries again at once."""
        for attempt in range(_ATTEMPTS):
            try:
                self.client.transact_write_items(TransactItems=[put, *counted, *parents])
            except self.client.exceptions.TransactionCanceledException as refusal:
                codes = [reason.get("Code") for reason in refusal.response["CancellationReasons"]]
                if codes[0] == _REFUSED:
                    return True
                if parents and codes[-1] == _REFUSED:
                    return False
                failure = cancelled(refusal)
                if not isinstance(failure, Unavailable) or attempt == _ATTEMPTS - 1:
                    raise failure from refusal
            else:
                return True
        return True

    @passing_failures()
    def page(self, query: EventQuery, first: int, after: str | None) -> Page[TaskEvent]:
        """See the port."""
        if query.task_id is None:
            listing = Listing(query.owner_id, "byCreation", "createdKey", starting("EVENT#"))
        else:
            listing = Listing(query.owner_id, None, "sk", starting(event_prefix(query.task_id)))
        return self.pages.read(query, listing, first, after, event_of_item)
