"""Stores and lists notifications, which live in their owners' logs."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from taskbell.adapters.aws_errors import translate_transient_errors
from taskbell.adapters.dynamodb.cursors import CursorCodec
from taskbell.adapters.dynamodb.items import to_item
from taskbell.adapters.dynamodb.log_items import (
    LOG_KEY,
    MAX_PLACE,
    NOTE_PREFIX,
    SENT_INDEX,
    SENT_KEY,
    log_partition,
    notification_from_item,
    notification_item,
    notification_key,
    notification_place,
)
from taskbell.adapters.dynamodb.log_pages import LogList, LogPages
from taskbell.application.ports import NotificationName
from taskbell.domain.notification import Notification
from taskbell.domain.queries import NotificationQuery, Page
from taskbell.domain.timestamps import format_timestamp

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_LAST = f"{NOTE_PREFIX}{MAX_PLACE}"


@dataclass(frozen=True, slots=True)
class DynamoDBNotificationRepository:
    """Implements `NotificationRepository`: one request per call, more to count if many are read."""

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
    def mark_read(self, name: NotificationName, at: datetime) -> Notification | None:
        """Mark a notification as read, unless it is read or dismissed; None if there is none."""
        return self._mark("readAt", name, at, "")

    @translate_transient_errors()
    def dismiss(self, name: NotificationName, at: datetime) -> Notification | None:
        """Dismiss a notification, unless it is dismissed; None if there is none."""
        return self._mark("dismissedAt", name, at, f" REMOVE {SENT_KEY}")

    def _mark(self, attribute: str, name: NotificationName, at: datetime, removal: str) -> Notification | None:
        place = notification_place(name.task_id, name.at, at)
        changes = f"{attribute} = :at, #version = if_not_exists(#version, :one) + :one, {LOG_KEY} = :place"
        try:
            response: Any = self.client.update_item(
                TableName=self.table,
                Key=notification_key(name.owner_id, name.task_id, name.at),
                UpdateExpression=f"SET {changes}{removal}",
                ConditionExpression=f"attribute_exists(pk) AND attribute_not_exists({attribute}) "
                "AND attribute_not_exists(dismissedAt)",
                ExpressionAttributeNames={"#version": "version"},
                ExpressionAttributeValues=to_item({":at": format_timestamp(at), ":one": 1, ":place": place}),
                ReturnValues="ALL_NEW",
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )
        except self.client.exceptions.ConditionalCheckFailedException as error:
            stored: Any = error.response.get("Item")
            return notification_from_item(stored) if stored else None
        return notification_from_item(response["Attributes"])

    @translate_transient_errors()
    def restore(self, notification: Notification, at: datetime) -> bool:
        """Store a notification that is not dismissed as it was; not if its version is another than the one before."""
        values = {
            ":before": notification.version - 1,
            ":version": notification.version,
            ":place": notification_place(notification.task_id, notification.at, at),
            ":sent": notification_item(notification)[SENT_KEY]["S"],
            **({":read": format_timestamp(notification.read_at)} if notification.read_at else {}),
        }
        read = ", readAt = :read REMOVE" if notification.read_at else " REMOVE readAt,"
        try:
            self.client.update_item(
                TableName=self.table,
                Key=notification_key(notification.owner_id, notification.task_id, notification.at),
                UpdateExpression=f"SET #version = :version, {LOG_KEY} = :place, {SENT_KEY} = :sent{read} dismissedAt",
                ConditionExpression="attribute_exists(pk) AND #version = :before",
                ExpressionAttributeNames={"#version": "version"},
                ExpressionAttributeValues=to_item(values),
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )
        except self.client.exceptions.ConditionalCheckFailedException as error:
            stored: Any = error.response.get("Item")  # what an attempt whose answer was lost has stored
            return stored is not None and notification_from_item(stored) == notification
        return True

    @translate_transient_errors()
    def page(self, query: NotificationQuery, first: int, after: str | None) -> Page[Notification]:
        """Return a page of an owner's notifications, newest first."""
        spec = LogList(query.owner_id, SENT_INDEX, SENT_KEY, NOTE_PREFIX, _LAST, NOTE_PREFIX, consistent=True)
        return LogPages(self.client, self.table, self.cursors).read(query, spec, first, after, notification_from_item)

    @translate_transient_errors()
    def count_unread(self, owner_id: str, seen_until: datetime | None, limit: int) -> int:
        """Return how many were sent after `seen_until` (None for all) and not marked as read, up to `limit`."""
        # `~` sorts after every character of a timestamp and of an id.
        since = f"{NOTE_PREFIX}{format_timestamp(seen_until)}~" if seen_until else NOTE_PREFIX
        request: dict[str, Any] = {
            "TableName": self.table,
            "IndexName": SENT_INDEX,
            "ConsistentRead": True,
            "KeyConditionExpression": f"pk = :owner AND {SENT_KEY} BETWEEN :since AND :last",
            "FilterExpression": "attribute_not_exists(readAt)",
            "ExpressionAttributeValues": to_item({":owner": log_partition(owner_id), ":since": since, ":last": _LAST}),
            "Select": "COUNT",
            "Limit": limit,
        }
        count = 0
        while True:
            response = self.client.query(**request)
            count += response["Count"]
            if count >= limit or "LastEvaluatedKey" not in response:
                return min(count, limit)
            request["ExclusiveStartKey"] = response["LastEvaluatedKey"]
