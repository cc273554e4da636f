"""Stores subscribed calendars: an item with what its owner sees, and one with the events that are followed."""

import gzip
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from boto3.dynamodb.types import Binary

from taskbell.adapters.aws_errors import from_cancelled_transaction, translate_transient_errors
from taskbell.adapters.dynamodb.items import Item, partition, to_item
from taskbell.domain.due import GivenDue
from taskbell.domain.subscribed_calendar import CalendarEvent, Followed, Following, Presence, SubscribedCalendar
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
    def get(self, owner_id: str, id_: str) -> SubscribedCalendar | None:
        """Return one of an owner's calendars; None if there is none."""
        key = to_item({"pk": partition(owner_id), "sk": f"{_CALENDAR}{id_}"})
        item = self.client.get_item(TableName=self.table, Key=key, ConsistentRead=True).get("Item")
        return _calendar_from_item(owner_id, item) if item else None

    @translate_transient_errors()
    def following(self, calendar: SubscribedCalendar) -> Following:
        """Return the events that are followed."""
        response = self.client.get_item(TableName=self.table, Key=_key(calendar, _FOLLOWED), ConsistentRead=True)
        item: Any = response.get("Item", {})
        taken = map(_followed_from_row, _unpacked(item["events"])) if "events" in item else ()
        coming = list(map(_event_from_row, _unpacked(item["coming"]))) if "coming" in item else None
        return Following({each.event.id: each for each in taken}, coming)

    @translate_transient_errors()
    def save(self, calendar: SubscribedCalendar, following: Following | None = None) -> bool:
        """Store the next version of a calendar, in one transaction with what is followed.

        A retry whose first response was lost finds its own version stored.
        """
        puts = [self._conditional_put(calendar)]
        puts += [self._put(_following_item(calendar, following))] if following else []
        try:
            if following is None:
                self.client.put_item(**puts[0])
            else:
                self.client.transact_write_items(TransactItems=[{"Put": put} for put in puts])
        except self.client.exceptions.ConditionalCheckFailedException:
            return self.get(calendar.owner_id, calendar.id) == calendar
        except self.client.exceptions.TransactionCanceledException as error:
            reasons: Any = error.response["CancellationReasons"]
            if reasons[0]["Code"] != "ConditionalCheckFailed":
                raise from_cancelled_transaction(error) from error
            return self.get(calendar.owner_id, calendar.id) == calendar
        return True

    @translate_transient_errors()
    def remove(self, calendar: SubscribedCalendar) -> None:
        """Remove a calendar and what is followed, in one transaction."""
        keys = (_key(calendar, prefix) for prefix in (_FOLLOWED, _CALENDAR))
        deletes: Any = [{"Delete": {"TableName": self.table, "Key": key}} for key in keys]
        try:
            self.client.transact_write_items(TransactItems=deletes)
        except self.client.exceptions.TransactionCanceledException as error:
            raise from_cancelled_transaction(error) from error

    def _conditional_put(self, calendar: SubscribedCalendar) -> Any:
        put = self._put(_item(calendar))
        if calendar.version == 1:
            return put | {"ConditionExpression": "attribute_not_exists(pk)"}
        before = to_item({":before": calendar.version - 1})
        return put | {"ConditionExpression": "version = :before", "ExpressionAttributeValues": before}

    def _put(self, item: Item) -> Any:
        return {"TableName": self.table, "Item": item}


def _following_item(calendar: SubscribedCalendar, following: Following) -> Item:
    rows = {"events": _packed(map(_row, following.taken.values()))}
    if following.coming is not None:
        rows["coming"] = _packed(map(_event_row, following.coming))
    return _key(calendar, _FOLLOWED) | to_item(rows)


def _packed(rows: Iterable[Sequence[str | None]]) -> Binary:
    return Binary(gzip.compress(json.dumps(list(rows), ensure_ascii=False).encode(), mtime=0))


def _unpacked(value: Any) -> Sequence[Sequence[Any]]:
    rows: Sequence[Sequence[Any]] = json.loads(gzip.decompress(value["B"]))
    return rows


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
        "nextFetchAt": format_timestamp(calendar.next_fetch_at) if calendar.next_fetch_at else None,
        "readAt": format_timestamp(calendar.read_at) if calendar.read_at else None,
        "incomplete": calendar.incomplete or None,
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
        checked_at=_time(text, "checkedAt"),
        etag=text.get("etag"),
        modified=text.get("modified"),
        failures=int(item["failures"]["N"]),
        error=text.get("error"),
        events=int(item["events"]["N"]),
        next_fetch_at=_time(text, "nextFetchAt"),
        read_at=_time(text, "readAt"),
        incomplete="incomplete" in item,
        version=int(item["version"]["N"]),
    )


def _time(text: Mapping[str, str], name: str) -> datetime | None:
    return parse_timestamp(text[name]) if name in text else None


def _event_row(event: CalendarEvent) -> list[str | None]:
    return [event.id, event.title, event.description, event.due.isoformat()]


def _event_from_row(row: Sequence[Any]) -> CalendarEvent:
    id_, title, description, due = row
    given: GivenDue = datetime.fromisoformat(due) if "T" in due else date.fromisoformat(due)
    return CalendarEvent(id_, title, description, given)


def _row(followed: Followed) -> list[str | None]:
    return [*_event_row(followed.event), followed.task_id, followed.presence.value]


def _followed_from_row(row: Sequence[Any]) -> Followed:
    *event, task_id, presence = row
    return Followed(_event_from_row(event), task_id, Presence(presence))
