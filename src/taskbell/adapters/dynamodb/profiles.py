"""Stores users' settings, one item per user."""

from dataclasses import dataclass
from datetime import datetime, time
from typing import TYPE_CHECKING, Any

from taskbell.adapters.aws_errors import translate_transient_errors
from taskbell.adapters.dynamodb.items import Item, partition, to_item
from taskbell.application.serialization import receipts_from_list, receipts_to_list
from taskbell.domain.profile import Profile
from taskbell.domain.quiet_hours import QuietHours
from taskbell.domain.timestamps import format_timestamp, parse_timestamp

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


@dataclass(frozen=True, slots=True)
class DynamoDBProfileRepository:
    """Implements `ProfileRepository`: one request per call."""

    client: "DynamoDBClient"
    table: str

    @translate_transient_errors()
    def get(self, owner_id: str) -> Profile:
        """Return a user's settings, or the defaults."""
        response = self.client.get_item(TableName=self.table, Key=_key(owner_id), ConsistentRead=True)
        return _profile_from_item(owner_id, response.get("Item", {}))

    @translate_transient_errors()
    def save(self, profile: Profile, before: Profile | None = None) -> bool:
        """Store a user's settings, except `seen_until`; not if a receipt was added since `before` was read."""
        condition = "receipts = :before" if before and before.receipts else "attribute_not_exists(receipts)"
        values = {
            ":zone": profile.time_zone,
            ":reminders": list(profile.default_reminders),
            ":receipts": receipts_to_list(profile.receipts),
            ":quiet": _quiet_hours_to_list(profile.quiet_hours),
            ":before": receipts_to_list(before.receipts) if before else None,
        }
        receipts = ", receipts = :receipts" if profile.receipts else ""
        try:
            self.client.update_item(
                TableName=self.table,
                Key=_key(profile.owner_id),
                UpdateExpression=f"SET #zone = :zone, defaultReminders = :reminders, quietHours = :quiet{receipts}",
                ExpressionAttributeNames={"#zone": "timeZone"},
                ExpressionAttributeValues=to_item(values),
                **({"ConditionExpression": condition} if before else {}),  # type: ignore[arg-type]
            )
        except self.client.exceptions.ConditionalCheckFailedException:
            return False
        return True

    @translate_transient_errors()
    def mark_seen(self, owner_id: str, until: datetime) -> Profile:
        """Store `seen_until` unless a later time is stored; return the stored settings."""
        try:
            response: Any = self.client.update_item(
                TableName=self.table,
                Key=_key(owner_id),
                UpdateExpression="SET seenUntil = :until",
                ConditionExpression="attribute_not_exists(seenUntil) OR seenUntil < :until",
                ExpressionAttributeValues=to_item({":until": format_timestamp(until)}),
                ReturnValues="ALL_NEW",
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )
        except self.client.exceptions.ConditionalCheckFailedException as error:
            return _profile_from_item(owner_id, dict(error.response).get("Item", {}))  # type: ignore[arg-type]
        return _profile_from_item(owner_id, response["Attributes"])


def _key(owner_id: str) -> Item:
    return to_item({"pk": partition(owner_id), "sk": "PROFILE"})


def _profile_from_item(owner_id: str, item: Item) -> Profile:
    settings = Profile(owner_id)
    return Profile(
        owner_id=owner_id,
        time_zone=item["timeZone"]["S"] if "timeZone" in item else settings.time_zone,
        default_reminders=tuple(int(minutes["N"]) for minutes in item.get("defaultReminders", {}).get("L", ())),
        seen_until=parse_timestamp(item["seenUntil"]["S"]) if "seenUntil" in item else None,
        receipts=receipts_from_list([text["S"] for text in item.get("receipts", {}).get("L", ())]),
        quiet_hours=_quiet_hours_from_list([text["S"] for text in item.get("quietHours", {}).get("L", ())]),
    )


def _quiet_hours_to_list(hours: QuietHours | None) -> list[str]:
    return [f"{each:%H:%M}" for each in (hours.start, hours.end)] if hours else []


def _quiet_hours_from_list(texts: list[str]) -> QuietHours | None:
    return QuietHours(*map(time.fromisoformat, texts)) if texts else None
