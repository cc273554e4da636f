"""Stores and lists notifications, which live in their owners' logs."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from taskbell.adapters.aws_errors import translate_transient_errors
from taskbell.adapters.dynamodb.cursors import CursorCodec
from taskbell.adapters.dynamodb.items import to_item
from taskbell.adapters.dynamodb.log_items import (
    MAX_PLACE,
    NOTE_PREFIX,
    SENT_INDEX,
    SENT_KEY,
    log_partition,
    notification_from_item,
    notification_item,
)
from taskbell.adapters.dynamodb.log_pages import LogList, LogPages
from taskbell.domain.notification import Notification
from taskbell.domain.queries import NotificationQuery, Page
from taskbell.domain.timestamps import format_timestamp

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_LAST = f"{NOTE_PREFIX}{MAX_PLACE}"


@dataclass(frozen=True, slots=True)
class DynamoDBNotificationRepository:
    """Implements `NotificationRepository`: one request per call."""

    client: "DynamoDBClient"
    table: str
    cursors: CursorCodec

    @translate_transient_errors()
    def add(self, notification: Notification) -> None:
        """Store a notification, unless there is one of that task and time."""
        with suppress(self.client.exceptions.ConditionalCheckFailedException):
            self.client.put_item(
                TableName=self.table,
                Item=notification_item(notification),
                ConditionExpression="attribute_not_exists(pk)",
            )

    @translate_transient_errors()
    def page(self, query: NotificationQuery, first: int, after: str | None) -> Page[Notification]:
        """Return a page of an owner's notifications, newest first."""
        spec = LogList(query.owner_id, SENT_INDEX, SENT_KEY, NOTE_PREFIX, _LAST, NOTE_PREFIX, consistent=True)
        return LogPages(self.client, self.table, self.cursors).read(query, spec, first, after, notification_from_item)

    @translate_transient_errors()
    def count_since(self, owner_id: str, instant: datetime | None, limit: int) -> int:
        """Return how many were sent after `instant` (None for all), up to `limit`."""
        # `~` sorts after every character of a timestamp and of an id.
        since = f"{NOTE_PREFIX}{format_timestamp(instant)}~" if instant else NOTE_PREFIX
        response = self.client.query(
            TableName=self.table,
            IndexName=SENT_INDEX,
            ConsistentRead=True,
            KeyConditionExpression=f"pk = :owner AND {SENT_KEY} BETWEEN :since AND :last",
            ExpressionAttributeValues=to_item({":owner": log_partition(owner_id), ":since": since, ":last": _LAST}),
            Select="COUNT",
            Limit=limit,
        )
        return response["Count"]
