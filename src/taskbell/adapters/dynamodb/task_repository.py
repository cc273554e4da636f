"""Tasks, and the notifications that are stored with them, in one DynamoDB table, read with strong consistency."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from botocore.exceptions import ClientError

from taskbell.adapters.aws_errors import cancelled, passing_failures
from taskbell.adapters.dynamodb.items import (
    Item,
    deleted_prefix,
    notification_item,
    subtask_prefix,
    task_item,
    task_key,
    task_of_item,
)
from taskbell.adapters.dynamodb.pagination import Listing, Pages, starting
from taskbell.adapters.dynamodb.query_planner import listing_of
from taskbell.domain.lifecycle import Notification
from taskbell.domain.queries import Page, TaskQuery
from taskbell.domain.task import Task

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_NEW = "attribute_not_exists(pk)"
_REFUSED = "ConditionalCheckFailed"
_CHANGE_REFUSED = {_REFUSED, "TransactionConflict"}


@dataclass(frozen=True, slots=True)
class DynamoDBTaskRepository:
    """The port `TaskRepository`. One call each, whatever the table holds."""

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
        listing = Listing(owner_id, "byCreation", "createdKey", (starting(prefix),))
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


def _found(refusal: ClientError) -> Item | None:
    """What stood where a conditional write was to go; botocore's types do not know that it is told."""
    return cast("Item | None", refusal.response.get("Item"))


def _holds(item: Item | None, task: Task) -> bool:
    return item is not None and task_of_item(item) == task
