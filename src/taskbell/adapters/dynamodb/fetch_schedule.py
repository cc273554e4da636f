"""Stores when calendars are fetched: an entry for each in one partition, which an index has in the order of time."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from taskbell.adapters.aws_errors import translate_transient_errors
from taskbell.adapters.dynamodb.items import Item, to_item
from taskbell.domain.subscribed_calendar import DueFetch, SubscribedCalendar
from taskbell.domain.timestamps import format_timestamp, parse_timestamp

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_PARTITION = "FETCHES"
_INDEX, _TIME = "byTime", "timeKey"


@dataclass(frozen=True, slots=True)
class DynamoDBFetchSchedule:
    """Implements `FetchSchedule` and `DueFetches`."""

    client: "DynamoDBClient"
    table: str

    @translate_transient_errors()
    def set(self, calendar: SubscribedCalendar) -> None:
        """Move a calendar's entry to its next fetch, or make one."""
        if calendar.next_fetch_at is None:
            return
        entry = {"ownerId": calendar.owner_id, "host": calendar.host, _TIME: format_timestamp(calendar.next_fetch_at)}
        self.client.put_item(TableName=self.table, Item=_key(calendar.id) | to_item(entry))

    @translate_transient_errors()
    def drop(self, due: DueFetch) -> None:
        """Remove an entry, unless it was moved."""
        try:
            self.client.delete_item(
                TableName=self.table,
                Key=_key(due.calendar_id),
                ConditionExpression=f"{_TIME} = :at",
                ExpressionAttributeValues=to_item({":at": format_timestamp(due.at)}),
            )
        except self.client.exceptions.ConditionalCheckFailedException:
            return

    def due(self, now: datetime) -> Iterator[DueFetch]:
        """Yield the calendars whose turn has come, the longest waiting first: a megabyte of them with each request."""
        request: dict[str, Any] = {
            "TableName": self.table,
            "IndexName": _INDEX,
            "KeyConditionExpression": f"pk = :fetches AND {_TIME} <= :now",
            "ExpressionAttributeValues": to_item({":fetches": _PARTITION, ":now": format_timestamp(now)}),
        }
        while request:
            response = self._page(request)
            yield from map(_due_fetch, response["Items"])
            last = response.get("LastEvaluatedKey")
            request = {**request, "ExclusiveStartKey": last} if last else {}

    @translate_transient_errors()
    def _page(self, request: Mapping[str, Any]) -> Any:
        return self.client.query(**request)


def _key(calendar_id: str) -> Item:
    return to_item({"pk": _PARTITION, "sk": calendar_id})


def _due_fetch(item: Mapping[str, Any]) -> DueFetch:
    return DueFetch(item["sk"]["S"], item["ownerId"]["S"], item["host"]["S"], parse_timestamp(item[_TIME]["S"]))
