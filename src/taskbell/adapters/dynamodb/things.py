"""Reads tasks by their names, whoever owns them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from taskbell.adapters.aws_errors import translate_transient_errors
from taskbell.adapters.dynamodb.items import task_from_item, task_key
from taskbell.application.ports import TaskName
from taskbell.domain.task import Task

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


@dataclass(frozen=True, slots=True)
class DynamoDBThings:
    """Implements `Things`: one request per call, unless DynamoDB leaves keys unprocessed."""

    client: "DynamoDBClient"
    table: str

    @translate_transient_errors()
    def tasks(self, names: Collection[TaskName]) -> Mapping[TaskName, Task]:
        """Return those of at most 100 tasks that are in the table, also deleted ones."""
        keys = [task_key(name.owner_id, name.task_id) for name in names]
        pending: Any = {self.table: {"Keys": keys, "ConsistentRead": True}} if keys else {}
        found: list[Task] = []
        while pending:
            response = self.client.batch_get_item(RequestItems=pending)
            found += map(task_from_item, response["Responses"][self.table])
            pending = response["UnprocessedKeys"]
        return {TaskName(task.owner_id, task.id): task for task in found}
