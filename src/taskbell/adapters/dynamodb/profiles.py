"""What people have set: an item for each person."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from taskbell.adapters.aws_errors import passing_failures
from taskbell.adapters.dynamodb.items import Item, partition, to_item
from taskbell.domain.profile import Profile
from taskbell.domain.timestamps import instant_of, instant_text

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


@dataclass(frozen=True, slots=True)
class DynamoProfiles:
    """The port `Profiles`. One call each."""

    client: "DynamoDBClient"
    table: str

    @passing_failures()
    def get(self, owner_id: str) -> Profile:
        """See the port."""
        answer = self.client.get_item(TableName=self.table, Key=_key(owner_id), ConsistentRead=True)
        return _profile_of(owner_id, answer.get("Item", {}))

    @passing_failures()
    def save(self, profile: Profile) -> None:
        """See the port."""
        self.client.update_item(
            TableName=self.table,
            Key=_key(profile.owner_id),
            UpdateExpression="SET #zone = :zone, defaultReminders = :reminders",
            ExpressionAttributeNames={"#zone": "timeZone"},
            ExpressionAttributeValues=to_item(
                {":zone": profile.time_zone, ":reminders": list(profile.default_reminders)}
            ),
        )

    @passing_failures()
    def see(self, owner_id: str, until: datetime) -> Profile:
        """See the port."""
        try:
            answer: Any = self.client.update_item(
                TableName=self.table,
                Key=_key(owner_id),
                UpdateExpression="SET seenUntil = :until",
                ConditionExpression="attribute_not_exists(seenUntil) OR seenUntil < :until",
                ExpressionAttributeValues=to_item({":until": instant_text(until)}),
                ReturnValues="ALL_NEW",
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )
        except self.client.exceptions.ConditionalCheckFailedException as refusal:
            return _profile_of(owner_id, dict(refusal.response).get("Item", {}))  # type: ignore[arg-type]
        return _profile_of(owner_id, answer["Attributes"])


def _key(owner_id: str) -> Item:
    return to_item({"pk": partition(owner_id), "sk": "PROFILE"})


def _profile_of(owner_id: str, item: Item) -> Profile:
    settings = Profile(owner_id)
    return Profile(
        owner_id=owner_id,
        time_zone=item["timeZone"]["S"] if "timeZone" in item else settings.time_zone,
        default_reminders=tuple(int(minutes["N"]) for minutes in item.get("defaultReminders", {}).get("L", ())),
        seen_until=instant_of(item["seenUntil"]["S"]) if "seenUntil" in item else None,
    )
