"""Lists notifications; the task repository stores them together with their tasks."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from taskbell.adapters.aws_errors import translate_transient_errors
from taskbell.adapters.dynamodb.items import notification_from_item, partition, to_item
from taskbell.adapters.dynamodb.pagination import Paginator, QuerySpec, prefix_range
from taskbell.domain.notification import Notification
from taskbell.domain.queries import NotificationQuery, Page
from taskbell.domain.timestamps import format_timestamp

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


@dataclass(frozen=True, slots=True)
class DynamoDBNotificationRepository:
    """Implements `NotificationRepository`: one request per call."""

    client: "DynamoDBClient"
    table: str
    paginator: Paginator

    @translate_transient_errors()
    def page(self, query: NotificationQuery, first: int, after: str | None) -> Page[Notification]:
        """Return a page of an owner's notifications, newest first."""
        spec = QuerySpec(query.owner_id, "byCreation", "createdKey", (prefix_range("NOTE#"),))
        return self.paginator.read_page(query, spec, first, after, notification_from_item)

    @translate_transient_errors()
    def count_since(self, owner_id: str, instant: datetime | None, limit: int) -> int:
        """Return how many were sent after `instant` (None for all), up to `limit`."""
        # `~` sorts after every character of a timestamp and of an id.
        since = f"NOTE#{format_timestamp(instant)}~" if instant else "NOTE#"
        response = self.client.query(
            TableName=self.table,
            IndexName="byCreation",
            ConsistentRead=True,
            KeyConditionExpression="pk = :owner AND createdKey BETWEEN :since AND :last",
            ExpressionAttributeValues=to_item({":owner": partition(owner_id), ":since": since, ":last": "NOTE#~"}),
            Select="COUNT",
            Limit=limit,
        )
        return response["Count"]
