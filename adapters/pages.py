"""Stretches of lists: one query for a page, and cursors that stand behind each item."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from adapters.cursors import Cursors
from adapters.items import Item, partition
from tasks.ports import Page

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Listing:
    """A list within an owner's partition: the items whose `key` begins so, in the order of that key.

    `index` is the local index that has the key, None for the table itself, whose key is `sk`.
    """

    owner_id: str
    index: str | None
    key: str
    prefix: str
    forward: bool = False


@dataclass(frozen=True, slots=True)
class Pages:
    """Reads pages of listings, strongly consistent, each in one call."""

    client: "DynamoDBClient"
    table: str
    cursors: Cursors

    def read(
        self,
        query: object,
        listing: Listing,
        first: int,
        after: str | None,
        item_of: Callable[[Mapping[str, Any]], T],
    ) -> Page[T]:
        """At most `first` items behind `after`, a cursor of the same `query`. Raises ValidationFailed for another.

        One item more than asked for is read, to know whether more follows.
        """
        request = _request(listing) | {"TableName": self.table, "Limit": first + 1}
        if after is not None:
            request["ExclusiveStartKey"] = _key_of(listing, self.cursors.read(query, after))
        answer = self.client.query(**request)
        found = answer["Items"][:first]
        return Page(
            items=tuple(map(item_of, found)),
            cursors=tuple(self.cursors.write(query, _place(listing, item)) for item in found),
            has_next=len(answer["Items"]) > first or "LastEvaluatedKey" in answer,
        )


def _request(listing: Listing) -> dict[str, Any]:
    request: dict[str, Any] = {
        "ConsistentRead": True,
        "KeyConditionExpression": f"pk = :owner AND begins_with({listing.key}, :prefix)",
        "ExpressionAttributeValues": {":owner": {"S": partition(listing.owner_id)}, ":prefix": {"S": listing.prefix}},
        "ScanIndexForward": listing.forward,
    }
    return request | ({"IndexName": listing.index} if listing.index else {})


def _place(listing: Listing, item: Mapping[str, Any]) -> list[str]:
    return [item["sk"]["S"], *([item[listing.key]["S"]] if listing.index else [])]


def _key_of(listing: Listing, place: list[str]) -> Item:
    key: Item = {"pk": {"S": partition(listing.owner_id)}, "sk": {"S": place[0]}}
    return key | ({listing.key: {"S": place[1]}} if listing.index else {})
