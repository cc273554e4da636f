"""Stores calendar feeds: one item of the owner, and one that is found by the hash of the secret."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from taskbell.adapters.aws_errors import from_cancelled_transaction, translate_transient_errors
from taskbell.adapters.dynamodb.items import Item, due_prefix, partition, task_from_item, to_item
from taskbell.adapters.dynamodb.log_items import LOG_INDEX, LOG_KEY, MAX_PLACE, log_partition
from taskbell.application.serialization import receipts_from_list, receipts_to_list
from taskbell.domain.calendar_feed import CalendarFeed
from taskbell.domain.task import Task
from taskbell.domain.timestamps import format_timestamp, parse_timestamp

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_KEPT_AFTER_RENEWAL = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class DynamoDBCalendarFeeds:
    """Implements `CalendarFeedRepository` and `CalendarFeedReader`: one request per call, more for long feeds."""

    client: "DynamoDBClient"
    table: str

    @translate_transient_errors()
    def get(self, owner_id: str) -> CalendarFeed:
        """Return an owner's feed; one without a secret if there is none."""
        response = self.client.get_item(TableName=self.table, Key=_own_key(owner_id), ConsistentRead=True)
        item = response.get("Item", {})
        return CalendarFeed(
            owner_id,
            nonce=_text(item, "nonce"),
            secret_hash=_text(item, "secretHash"),
            created_at=parse_timestamp(item["createdAt"]["S"]) if "createdAt" in item else None,
            version=int(item["version"]["N"]) if item else 0,
            receipts=receipts_from_list([text["S"] for text in item.get("receipts", {}).get("L", ())]),
        )

    @translate_transient_errors()
    def save(self, before: CalendarFeed, after: CalendarFeed, now: datetime) -> bool:
        """Store a feed in one transaction, in which a secret before it is revoked; the table deletes that later.

        A retry whose first response was lost finds its own version stored, with the nonce of nobody else.
        """
        puts = [self._conditional_put(before, after)]
        if after.secret_hash and after.secret_hash != before.secret_hash:
            puts.append(self._put(_secret_key(after.secret_hash) | to_item({"ownerId": after.owner_id})))
        if before.secret_hash and before.secret_hash != after.secret_hash:
            gone_at = int((now + _KEPT_AFTER_RENEWAL).timestamp())
            puts.append(self._put(_secret_key(before.secret_hash) | to_item({"expiresAt": gone_at})))
        try:
            self.client.transact_write_items(TransactItems=puts)
        except self.client.exceptions.TransactionCanceledException as error:
            reasons: Any = error.response["CancellationReasons"]
            if not {reason["Code"] for reason in reasons} & {"ConditionalCheckFailed", "TransactionConflict"}:
                raise from_cancelled_transaction(error) from error
            return self.get(after.owner_id) == after
        return True

    @translate_transient_errors()
    def owner_of(self, secret_hash: str) -> str | None:
        """Return whose feed has this secret; None if none has, or no longer."""
        response = self.client.get_item(TableName=self.table, Key=_secret_key(secret_hash), ConsistentRead=True)
        return _text(response.get("Item", {}), "ownerId")

    @translate_transient_errors()
    def position(self, owner_id: str) -> str:
        """Return the place of the newest entry in an owner's log."""
        newest_first = self._by_time(log_partition(owner_id), "") | {"ScanIndexForward": False}
        response = self.client.query(**newest_first, Limit=1)
        return response["Items"][0][LOG_KEY]["S"] if response["Items"] else ""

    @translate_transient_errors()
    def open_tasks(self, owner_id: str, limit: int) -> Sequence[Task]:
        """Return the open tasks with a due date: a megabyte of them with each request."""
        found: list[Any] = []
        request = self._by_time(partition(owner_id), due_prefix(completed=False))
        while len(found) < limit:
            response = self.client.query(**request, Limit=limit - len(found))
            found += response["Items"]
            if "LastEvaluatedKey" not in response:
                break
            request["ExclusiveStartKey"] = response["LastEvaluatedKey"]
        return list(map(task_from_item, found))

    def _by_time(self, partition_key: str, prefix: str) -> dict[str, Any]:
        """Return the query for what a partition has in the order of time, where the key begins so."""
        values = {":owner": partition_key, ":first": prefix or " ", ":last": f"{prefix}{MAX_PLACE}"}
        return {
            "TableName": self.table,
            "IndexName": LOG_INDEX,
            "ConsistentRead": True,
            "KeyConditionExpression": f"pk = :owner AND {LOG_KEY} BETWEEN :first AND :last",
            "ExpressionAttributeValues": to_item(values),
        }

    def _conditional_put(self, before: CalendarFeed, after: CalendarFeed) -> Any:
        document = {
            "nonce": after.nonce,
            "secretHash": after.secret_hash,
            "createdAt": format_timestamp(after.created_at) if after.created_at else None,
            "version": after.version,
            "receipts": receipts_to_list(after.receipts),
        }
        put = self._put(_own_key(after.owner_id) | to_item(document))
        if before.version == 0:
            put["Put"]["ConditionExpression"] = "attribute_not_exists(pk)"
        else:
            put["Put"]["ConditionExpression"] = "version = :before"
            put["Put"]["ExpressionAttributeValues"] = to_item({":before": before.version})
        return put

    def _put(self, item: Item) -> dict[str, Any]:
        return {"Put": {"TableName": self.table, "Item": item}}


def _own_key(owner_id: str) -> Item:
    return to_item({"pk": partition(owner_id), "sk": "CALENDAR"})


def _secret_key(secret_hash: str) -> Item:
    return to_item({"pk": f"CALENDAR#{secret_hash}", "sk": "CALENDAR"})


def _text(item: Any, name: str) -> str | None:
    return item[name]["S"] if name in item else None
