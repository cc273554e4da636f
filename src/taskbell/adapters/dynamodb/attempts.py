"""Counts the attempts at messages of the event queue: one small item for each message that had to be retried."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from taskbell.adapters.aws_errors import translate_transient_errors
from taskbell.adapters.dynamodb.items import Item, to_item
from taskbell.application.ports import MessageId

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_RETENTION = timedelta(days=15)  # longer than the queue retains a message


@dataclass(frozen=True, slots=True)
class DynamoDBAttempts:
    """Implements `Attempts`: one request per call. `clock` returns the current time."""

    client: "DynamoDBClient"
    table: str
    clock: Callable[[], datetime]

    @translate_transient_errors()
    def begin(self, message: MessageId) -> int:
        """Record that an attempt begins; the number of attempts since one ended."""
        return self._update(message, "SET expiresAt = :expires ADD unended :one", {":one": 1})["unended"]

    @translate_transient_errors()
    def end(self, message: MessageId) -> None:
        """Record that an attempt ended without success, for a reason that is not the message's."""
        self._update(message, "SET expiresAt = :expires, unended = :none", {":none": 0})

    @translate_transient_errors()
    def fail(self, message: MessageId) -> int:
        """Record that an attempt ended because of the message itself; the number of such attempts."""
        update = "SET expiresAt = :expires, unended = :none ADD failures :one"
        return self._update(message, update, {":none": 0, ":one": 1})["failures"]

    def _update(self, message: MessageId, expression: str, values: dict[str, int]) -> dict[str, int]:
        expires = int((self.clock() + _RETENTION).timestamp())
        response = self.client.update_item(
            TableName=self.table,
            Key=_key(message),
            UpdateExpression=expression,
            ExpressionAttributeValues=to_item({**values, ":expires": expires}),
            ReturnValues="ALL_NEW",
        )
        attributes: Any = response["Attributes"]
        return {name: int(value["N"]) for name, value in attributes.items() if "N" in value}


def _key(message: MessageId) -> Item:
    return to_item({"pk": f"ATTEMPTS#{message.group_id}", "sk": f"MESSAGE#{message.deduplication_id}"})
