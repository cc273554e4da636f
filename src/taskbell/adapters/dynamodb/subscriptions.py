"""Stores subscribed calendars: an item with what its owner sees, and one with the events that are followed."""

import gzip
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from boto3.dynamodb.types import Binary

from taskbell.adapters.aws_errors import translate_transient_errors
from taskbell.adapters.dynamodb.items import Item, partition, to_item
from taskbell.domain.due import GivenDue
from taskbell.domain.subscribed_calendar import CalendarEvent, Followed, Presence, SubscribedCalendar
from taskbell.domain.timestamps import format_timestamp, parse_timestamp

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_CALENDAR, _FOLLOWED = "SUBSCRIBED#", "FOLLOWED#"


@dataclass(frozen=True, slots=True)
class DynamoDBSubscriptions:
    """Implements `SubscriptionRepository`."""

    client: "DynamoDBClient"
    table: str

    @translate_transient_errors()
    def of_owner(self, owner_id: str) -> Sequence[SubscribedCalendar]:
        """Return an owner's calendars with one request, in the order of their subscription."""
        response = self.client.query(
            TableName=self.table,
            ConsistentRead=True,
            KeyConditionExpression="pk = :owner AND sk BETWEEN :first AND :last",
            ExpressionAttributeValues=to_item(
                {":owner": partition(owner_id), ":first": _CALENDAR, ":last": f"{_CALENDAR}~"}
            ),
        )
        found = [_calendar_from_item(owner_id, item) for item in response["Items"]]
        return sorted(found, key=lambda calendar: (calendar.created_at, calendar.id))

    @translate_transient_errors()
    def followed(self, calendar: SubscribedCalendar) -> Mapping[str, Followed]:
        """Return the events that are followed, by their ids."""
        response = self.client.get_item(TableName=self.table, Key=_key(calendar, _FOLLOWED), ConsistentRead=True)
        item: Any = response.get("Item")
        rows = json.loads(gzip.decompress(item["events"]["B"])) if item else []
        return {row[0]: _followed_from_row(row) for row in rows}

    @translate_transient_errors()
    def save(self, calendar: SubscribedCalendar, followed: Mapping[str, Followed] | None = None) -> bool:
        """Store the next version of a calendar after what is followed, which can be taken over again."""
        if followed is not None:
            rows = [_row(each) for each in followed.values()]
            events = Binary(gzip.compress(json.dumps(rows, ensure_ascii=False).encode(), mtime=0))
            item = _key(calendar, _FOLLOWED) | to_item({"events": events})
            self.client.put_item(TableName=self.table, Item=item)
        condition: dict[str, Any] = {"ConditionExpression": "attribute_not_exists(pk)"}
        if calendar.version > 1:
            condition = {
                "ConditionExpression": "version = :before",
                "ExpressionAttributeValues": to_item({":before": calendar.version - 1}),
            }
        try:
            self.client.put_item(TableName=self.table, Item=_item(calendar), **condition)
        except self.client.exceptions.ConditionalCheckFailedException:
            return False
        return True

    @translate_transient_errors()
    def remove(self, calendar: SubscribedCalendar) -> None:
        """Remove what is followed, and then the calendar."""
        for prefix in (_FOLLOWED, _CALENDAR):
            self.client.delete_item(TableName=self.table, Key=_key(calendar, prefix))


def _key(calendar: SubscribedCalendar, prefix: str) -> Item:
    return to_item({"pk": partition(calendar.owner_id), "sk": f"{prefix}{calendar.id}"})


def _item(calendar: SubscribedCalendar) -> Item:
    document = {
        "url": calendar.url,
        "name": calendar.name,
        "createdAt": format_timestamp(calendar.created_at),
        "checkedAt": format_timestamp(calendar.checked_at) if calendar.checked_at else None,
        "etag": calendar.etag,
        "modified": calendar.modified,
        "failures": calendar.failures,
        "error": calendar.error,
        "events": calendar.events,
        "version": calendar.version,
    }
    return _key(calendar, _CALENDAR) | to_item(document)


def _calendar_from_item(owner_id: str, item: Mapping[str, Any]) -> SubscribedCalendar:
    text = {name: value["S"] for name, value in item.items() if "S" in value}
    return SubscribedCalendar(
        id=text["sk"].removeprefix(_CALENDAR),
        owner_id=owner_id,
        url=text["url"],
        name=text["name"],
        created_at=parse_timestamp(text["createdAt"]),
        checked_at=parse_timestamp(text["checkedAt"]) if "checkedAt" in text else None,
        etag=text.get("etag"),
        modified=text.get("modified"),
        failures=int(item["failures"]["N"]),
        error=text.get("error"),
        events=int(item["events"]["N"]),
        version=int(item["version"]["N"]),
    )


def _row(followed: Followed) -> list[str | None]:
    event = followed.event
    return [event.id, event.title, event.description, event.due.isoformat(), followed.task_id, followed.presence.value]


def _followed_from_row(row: Sequence[Any]) -> Followed:
    id_, title, description, due, task_id, presence = row
    given: GivenDue = datetime.fromisoformat(due) if "T" in due else date.fromisoformat(due)
    return Followed(CalendarEvent(id_, title, description, given), task_id, Presence(presence))
