"""The notifications that people have: they are stored with the tasks that they are about, by the task repository."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from taskbell.adapters.aws_errors import passing_failures
from taskbell.adapters.dynamodb.items import notification_of_item, partition, to_item
from taskbell.adapters.dynamodb.pagination import Listing, Pages, starting
from taskbell.domain.lifecycle import Notification
from taskbell.domain.queries import NotificationQuery, Page
from taskbell.domain.timestamps import instant_text

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


@dataclass(frozen=True, slots=True)
class DynamoNotifications:
    """The port `Notifications`. One call each."""

    client: "DynamoDBClient"
    table: str
    pages: Pages

    @passing_failures()
    def page(self, query: NotificationQuery, first: int, after: str | None) -> Page[Notification]:
        """See the port."""
        listing = Listing(query.owner_id, "byCreation", "createdKey", (starting("NOTE#"),))
        return self.pages.read(query, listing, first, after, notification_of_item)

    @passing_failures()
    def count_since(self, owner_id: str, instant: datetime | None, most: int) -> int:
        """See the port."""
        # `~` sorts behind every character of an instant and of an id.
        since = f"NOTE#{instant_text(instant)}~" if instant else "NOTE#"
        answer = self.client.query(
            TableName=self.table,
            IndexName="byCreation",
            ConsistentRead=True,
            KeyConditionExpression="pk = :owner AND createdKey BETWEEN :since AND :last",
            ExpressionAttributeValues=to_item({":owner": partition(owner_id), ":since": since, ":last": "NOTE#~"}),
            Select="COUNT",
            Limit=most,
        )
        return answer["Count"]
