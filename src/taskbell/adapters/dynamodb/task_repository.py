"""Stores tasks in the DynamoDB table."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, cast

from botocore.exceptions import ClientError

from taskbell.adapters.aws_errors import from_cancelled_transaction, translate_transient_errors
from taskbell.adapters.dynamodb.cursors import CursorCodec
from taskbell.adapters.dynamodb.items import (
    Item,
    deleted_prefix,
    subtask_prefix,
    task_from_item,
    task_item,
    task_key,
    to_item,
)
from taskbell.adapters.dynamodb.query_planner import list_plan, open_tasks_plan, plan_query, subtask_plan, trash_plan
from taskbell.adapters.dynamodb.task_keys import TaskKeys
from taskbell.adapters.dynamodb.task_pages import TaskPages
from taskbell.application.ports import TaskName
from taskbell.application.serialization import receipts_to_list
from taskbell.domain.ids import time_of
from taskbell.domain.queries import Page, TaskQuery
from taskbell.domain.task import Task, rank_key
from taskbell.domain.trash import TrashQuery

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_IS_NEW = "attribute_not_exists(pk)"
_MAX_CREATION = timedelta(minutes=1)  # longer than a function runs


@dataclass(frozen=True, slots=True)
class DynamoDBTaskRepository:
    """Implements `TaskRepository`: few requests per call, independent of the table's size. `clock` returns the time."""

    client: "DynamoDBClient"
    table: str
    cursors: CursorCodec
    clock: Callable[[], datetime]

    @translate_transient_errors()
    def add(self, task: Task) -> Task | None:
        """Store a new task, or return the existing one. A retry by the SDK finds the task itself.

        A key takes a request more: an item that keeps its id is stored first, so that what was interrupted between the
        two goes on under the same id.
        """
        if task.key is None:
            return self._add(task)
        kept = replace(task, id=self._claimed_id(task, task.key))
        existing = self._add(kept)
        return existing if existing or kept.id == task.id else kept

    @translate_transient_errors()
    def id_for_key(self, owner_id: str, key: str) -> str | None:
        """Return the id of the task with that key, also of a deleted one; None if there is none."""
        return self._keys.id_for(owner_id, key)

    @translate_transient_errors()
    def release_key(self, task: Task) -> None:
        """Let the key of a task that has left the table be used again."""
        if task.key is not None:
            self._keys.release(task.owner_id, task.key, task.id)

    @property
    def _pages(self) -> TaskPages:
        return TaskPages(self.client, self.table, self.cursors)

    @property
    def _keys(self) -> TaskKeys:
        return TaskKeys(self.client, self.table)

    def _claimed_id(self, task: Task, key: str) -> str:
        """Return the id for a key: the task's own, or the one that was stored for the key before.

        One is replaced if its task has left the table: it is not there, and no longer about to be.
        """
        kept_id = self._keys.claim(task.owner_id, key, task.id)
        if kept_id == task.id or time_of(kept_id) > task.created_at - _MAX_CREATION:
            return kept_id
        if self.get(task.owner_id, kept_id):
            return kept_id
        return self._keys.claim(task.owner_id, key, task.id, instead_of=kept_id)

    def _add(self, task: Task) -> Task | None:
        try:
            self.client.put_item(
                TableName=self.table,
                Item=task_item(task),
                ConditionExpression=_IS_NEW,
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )
        except self.client.exceptions.ConditionalCheckFailedException as error:
            return task_from_item(_existing_item(error) or {})
        return None

    @translate_transient_errors()
    def get(self, owner_id: str, task_id: str) -> Task | None:
        """Return the task, also a deleted one; None if there is none."""
        response = self.client.get_item(TableName=self.table, Key=task_key(owner_id, task_id), ConsistentRead=True)
        item = response.get("Item")
        return task_from_item(item) if item else None

    @translate_transient_errors()
    def replace(self, before: Task, after: Task, beside: Sequence[tuple[Task | None, Task]] = ()) -> bool:
        """Store the next version of a task. A retry whose first response was lost finds `after` stored: True.

        Several tasks are one transaction, with those that are changed before the one that may take their place.
        """
        put = self._conditional_put(before, after)
        if not beside:
            return self._put(put, after)
        changed = [self._conditional_put(old, new) for old, new in beside if old]
        created = [self._conditional_put(None, new) for old, new in beside if old is None]
        return self._put_together([*changed, put, *created], after)

    @translate_transient_errors()
    def subtasks(self, parent: Task) -> Sequence[Task]:
        """Return the subtasks that are not deleted with two requests."""
        return self._pages.read_all(subtask_plan(parent.owner_id, subtask_prefix(parent.id)))

    @translate_transient_errors()
    def subtasks_of(self, parents: Collection[TaskName], limit: int) -> Mapping[TaskName, Sequence[Task]]:
        """Return the subtasks of several tasks with a query for each, some at a time, and a request per hundred."""
        plans = {name: subtask_plan(name.owner_id, subtask_prefix(name.task_id)) for name in parents}
        found = self._pages.read_several(list(plans.values()), limit)
        return {name: sorted(tasks, key=rank_key) for name, tasks in zip(plans, found, strict=True)}

    @translate_transient_errors()
    def ranks(self, task: Task) -> Sequence[tuple[str, str]]:
        """Return the ranks and ids of the tasks among which a task has its place, with a query per 500 or two."""
        if task.parent_id is None:
            return self._pages.ranks(open_tasks_plan(task.owner_id))
        return self._pages.ranks(subtask_plan(task.owner_id, subtask_prefix(task.parent_id)))

    @translate_transient_errors()
    def subtask_ids(self, parent: Task) -> Sequence[str]:
        """Return the ids of the subtasks that are not deleted with one query."""
        return self._pages.ids(subtask_plan(parent.owner_id, subtask_prefix(parent.id)))

    @translate_transient_errors()
    def ids_in_list(self, owner_id: str, list_id: str) -> Sequence[str]:
        """Return the ids of the tasks of a list that are not deleted with a query for open and one for completed ones.

        A megabyte of them takes another one.
        """
        return self._pages.ids(list_plan(owner_id, list_id))

    @translate_transient_errors()
    def deleted_with(self, parent: Task) -> Sequence[Task]:
        """Return the subtasks that were deleted with their parent, as `subtasks` does."""
        return self._pages.read_all(subtask_plan(parent.owner_id, deleted_prefix(parent.id)))

    @translate_transient_errors()
    def trash(self, query: TrashQuery, limit: int) -> Sequence[Task]:
        """Return at most `limit` tasks of the trash, the last deleted first."""
        return self._pages.first(query, trash_plan(query.owner_id), limit)

    @translate_transient_errors()
    def page(self, query: TaskQuery | TrashQuery, first: int, after: str | None) -> Page[Task]:
        """Return a page of tasks."""
        plan = trash_plan(query.owner_id) if isinstance(query, TrashQuery) else plan_query(query, self.clock())
        return self._pages.read(query, plan, first, after)

    def _conditional_put(self, before: Task | None, after: Task) -> dict[str, Any]:
        put = {"TableName": self.table, "Item": task_item(after), "ReturnValuesOnConditionCheckFailure": "ALL_OLD"}
        if before is None:
            return put | {"ConditionExpression": _IS_NEW}
        values = {":before": before.version, ":receipts": receipts_to_list(before.receipts)}
        return put | {
            "ConditionExpression": f"version = :before AND {_same_receipts(before)}",
            "ExpressionAttributeValues": to_item(values),
        }

    def _put_together(self, puts: Sequence[Any], task: Task) -> bool:
        try:
            self.client.transact_write_items(TransactItems=[{"Put": put} for put in puts])
        except self.client.exceptions.TransactionCanceledException as error:
            reasons: Any = error.response["CancellationReasons"]
            if not {reason["Code"] for reason in reasons} & {"ConditionalCheckFailed", "TransactionConflict"}:
                raise from_cancelled_transaction(error) from error
            return any(_holds(reason.get("Item"), task) for reason in reasons)
        return True

    def _put(self, put: dict[str, Any], task: Task) -> bool:
        try:
            self.client.put_item(**put)
        except self.client.exceptions.ConditionalCheckFailedException as error:
            return _holds(_existing_item(error), task)
        except self.client.exceptions.TransactionConflictException:
            return False
        return True


def _same_receipts(task: Task) -> str:
    """Return the condition that no receipt was added; a change that changes nothing keeps the version."""
    return "receipts = :receipts" if task.receipts else "attribute_not_exists(receipts)"


def _existing_item(error: ClientError) -> Item | None:
    """Return the existing item of a failed conditional write; botocore's types lack it."""
    return cast("Item | None", error.response.get("Item"))


def _holds(item: Item | None, task: Task) -> bool:
    return item is not None and task_from_item(item) == task
