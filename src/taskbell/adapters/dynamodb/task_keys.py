"""Keeps which task has a key: an item for each key, which is stored before the task and deleted after it."""

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from taskbell.adapters.dynamodb.items import Item, partition, to_item

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_NO_ID = "none"


@dataclass(frozen=True, slots=True)
class TaskKeys:
    """The keys of tasks: one request per call."""

    client: "DynamoDBClient"
    table: str

    def claim(self, owner_id: str, key: str, task_id: str, *, instead_of: str = _NO_ID) -> str:
        """Store an id for a key unless another than `instead_of` is stored; return the one that is stored then."""
        try:
            self.client.put_item(
                TableName=self.table,
                Item=_guard(owner_id, key) | to_item({"taskId": task_id}),
                ConditionExpression="attribute_not_exists(pk) OR taskId = :replaced",
                ExpressionAttributeValues=to_item({":replaced": instead_of}),
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )
        except self.client.exceptions.ConditionalCheckFailedException as error:
            existing: Any = dict(error.response)["Item"]
            return str(existing["taskId"]["S"])
        return task_id

    def id_for(self, owner_id: str, key: str) -> str | None:
        """Return the id that is stored for a key."""
        response = self.client.get_item(TableName=self.table, Key=_guard(owner_id, key), ConsistentRead=True)
        return response["Item"]["taskId"]["S"] if "Item" in response else None

    def release(self, owner_id: str, key: str, task_id: str) -> None:
        """Delete what is stored for a key, unless it is another task's id already."""
        with suppress(self.client.exceptions.ConditionalCheckFailedException):
            self.client.delete_item(
                TableName=self.table,
                Key=_guard(owner_id, key),
                ConditionExpression="taskId = :id",
                ExpressionAttributeValues=to_item({":id": task_id}),
            )


def _guard(owner_id: str, key: str) -> Item:
    return to_item({"pk": partition(owner_id), "sk": f"KEY#{key}"})
