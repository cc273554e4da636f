"""Stores lists of tasks in their owners' logs, where each has the place of its last change."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from taskbell.adapters.aws_errors import translate_transient_errors
from taskbell.adapters.dynamodb.items import Item, to_item
from taskbell.adapters.dynamodb.list_items import LIST_PREFIX, list_from_item, list_item, list_item_key
from taskbell.adapters.dynamodb.log_items import log_partition
from taskbell.domain.receipts import ClientMutation
from taskbell.domain.task_list import TaskList, list_key

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_REPETITION = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class DynamoDBTaskListRepository:
    """Implements `TaskListRepository`: one request per call, two for the id of a change that a client has named.

    `clock` returns the current time.
    """

    client: "DynamoDBClient"
    table: str
    clock: Callable[[], datetime]

    @translate_transient_errors()
    def new_id(self, owner_id: str, mutation: ClientMutation | None) -> str:
        """Return the next number of the owner's lists, or the one that the client's mutation has got before."""
        response = self.client.update_item(
            TableName=self.table,
            Key=to_item({"pk": log_partition(owner_id), "sk": "LISTS"}),
            UpdateExpression="ADD #number :one",
            ExpressionAttributeNames={"#number": "number"},
            ExpressionAttributeValues=to_item({":one": 1}),
            ReturnValues="ALL_NEW",
        )
        number = str(response["Attributes"]["number"]["N"])
        return self._claimed(owner_id, mutation, number) if mutation else number

    def _claimed(self, owner_id: str, mutation: ClientMutation, number: str) -> str:
        """Store which list a client's mutation makes; return the one that is stored."""
        claim = {"listId": number, "claimedAt": int(mutation.at.timestamp())}
        ends = int((mutation.at + 2 * _REPETITION).timestamp())
        key = to_item({"pk": log_partition(owner_id), "sk": f"LISTKEY#{mutation.id}"})
        try:
            self.client.put_item(
                TableName=self.table,
                Item=key | to_item({**claim, "expiresAt": ends}),
                ConditionExpression="attribute_not_exists(pk) OR claimedAt < :begin",
                ExpressionAttributeValues=to_item({":begin": int((mutation.at - _REPETITION).timestamp())}),
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )
        except self.client.exceptions.ConditionalCheckFailedException as error:
            stored: Any = dict(error.response)["Item"]
            return str(stored["listId"]["S"])
        return number

    @translate_transient_errors()
    def add(self, task_list: TaskList) -> TaskList | None:
        """Store a new list; return None, or the existing one."""
        try:
            self.client.put_item(
                TableName=self.table,
                Item=list_item(task_list, self.clock()),
                ConditionExpression="attribute_not_exists(pk)",
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )
        except self.client.exceptions.ConditionalCheckFailedException as error:
            stored: Any = dict(error.response)["Item"]
            existing = list_from_item(stored)
            return None if existing == task_list else existing
        return None

    @translate_transient_errors()
    def get(self, owner_id: str, list_id: str) -> TaskList | None:
        """Return a list, also a deleted one; None if there is none."""
        key = list_item_key(owner_id, list_id)
        response = self.client.get_item(TableName=self.table, Key=key, ConsistentRead=True)
        return list_from_item(response["Item"]) if "Item" in response else None

    @translate_transient_errors()
    def all(self, owner_id: str) -> Sequence[TaskList]:
        """Return the owner's lists in their order, also archived ones, without deleted ones."""
        pages = self.client.get_paginator("query").paginate(
            TableName=self.table,
            ConsistentRead=True,
            KeyConditionExpression="pk = :owner AND begins_with(sk, :lists)",
            ExpressionAttributeValues=to_item({":owner": log_partition(owner_id), ":lists": LIST_PREFIX}),
        )
        lists = (list_from_item(item) for page in pages for item in page["Items"])
        return sorted((task_list for task_list in lists if not task_list.deleted), key=list_key)

    @translate_transient_errors()
    def replace(self, before: TaskList, after: TaskList) -> bool:
        """Store the next version of a list; False if it was changed meanwhile."""
        try:
            self.client.put_item(
                TableName=self.table,
                Item=list_item(after, self.clock()),
                ConditionExpression="#version = :before",
                ExpressionAttributeNames={"#version": "version"},
                ExpressionAttributeValues=to_item({":before": before.version}),
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )
        except self.client.exceptions.ConditionalCheckFailedException as error:
            stored: Item | None = dict(error.response).get("Item")  # type: ignore[assignment]
            return stored is not None and list_from_item(stored) == after
        return True
