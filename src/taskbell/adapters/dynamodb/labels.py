"""Reads the labels of an owner's tasks."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from taskbell.adapters.aws_errors import translate_transient_errors
from taskbell.adapters.dynamodb.items import TASK_PREFIX, partition, to_item
from taskbell.domain.exceptions import LimitExceededError

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_MAX_QUERIES = 8  # each reads at most 1 MB, which is 256 read units


@dataclass(frozen=True, slots=True)
class DynamoDBLabels:
    """Implements `LabelRepository`: one request per megabyte of the index `summaries`, which has labels and texts."""

    client: "DynamoDBClient"
    table: str

    @translate_transient_errors()
    def of_tasks(self, owner_id: str) -> list[tuple[str, tuple[str, ...]]]:
        """Return the ids and the labels of the tasks that have some."""
        return list(self._read(owner_id))

    def _read(self, owner_id: str) -> Iterator[tuple[str, tuple[str, ...]]]:
        request: dict[str, Any] = {
            "TableName": self.table,
            "IndexName": "summaries",
            "ConsistentRead": True,
            "KeyConditionExpression": "pk = :owner AND begins_with(summaryKey, :tasks)",
            "ProjectionExpression": "sk, labels",
            "ExpressionAttributeValues": to_item({":owner": partition(owner_id), ":tasks": TASK_PREFIX}),
        }
        for _ in range(_MAX_QUERIES):
            response = self.client.query(**request)
            for item in response["Items"]:
                if labels := item["labels"]["L"]:
                    yield item["sk"]["S"].removeprefix(TASK_PREFIX), tuple(label["S"] for label in labels)
            if "LastEvaluatedKey" not in response:
                return
            request["ExclusiveStartKey"] = response["LastEvaluatedKey"]
        raise LimitExceededError("There are too many tasks for this. Change labels task by task.")
