"""Stretches of lists, and the cursors that stand behind each item."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from adapters.cursors import Cursors
from adapters.items import Item, partition
from tasks.ports import Page

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

T = TypeVar("T")

_ALL = 1_000_000
NOTHING = ("~", "")  # the bounds of no key


@dataclass(frozen=True, slots=True)
class Filter:
    """What an index cannot tell by its key: an expression with its names and its values."""

    expression: str
    names: Mapping[str, str]
    values: Item


@dataclass(frozen=True, slots=True)
class Listing:
    """A list within an owner's partition: the items whose `key` lies within `bounds`, in the order of that key.

    `index` is the local index that has the key, None for the table itself, whose key is `sk`. An index of `summaries`
    only finds the items; they are fetched from the table.
    """

    owner_id: str
    index: str | None
    key: str
    bounds: tuple[str, str]
    forward: bool = False
    filter: Filter | None = None
    summaries: bool = False


def starting(prefix: str) -> tuple[str, str]:
    """The bounds of all keys that begin so: `~` sorts behind all that keys are made of."""
    return prefix, f"{prefix}~"


@dataclass(frozen=True, slots=True)
class Pages:
    """Reads pages of listings, strongly consistent.

    A page is one query; where something is filtered, as many as it takes to fill it (each looks through up to 1 MB),
    for a page is not empty while more follows. What is found in summaries is fetched in one call more.
    """

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

        One item more than asked for is looked for, to know whether more follows.
        """
        start = None if after is None else _key_of(listing, self.cursors.read(query, after))
        if listing.bounds[0] > listing.bounds[1]:
            return Page((), (), has_next=False)
        found, more = self._find(listing, first + 1, start)
        items = self._fetch(found[:first], listing.key) if listing.summaries and found else found[:first]
        return Page(
            items=tuple(map(item_of, items)),
            cursors=tuple(self.cursors.write(query, _place(listing, item)) for item in items),
            has_next=more or len(found) > first,
        )

    def all(self, listing: Listing) -> list[Any]:
        """The items of a list that cannot grow long."""
        return self._find(listing, _ALL, None)[0]

    def _find(self, listing: Listing, wanted: int, start: Item | None) -> tuple[list[Any], bool]:
        """What is found, and whether the index goes on behind it."""
        request = _request(listing) | {"TableName": self.table} | ({} if listing.filter else {"Limit": wanted})
        found: list[Any] = []
        while True:
            answer = self.client.query(**request | ({"ExclusiveStartKey": start} if start else {}))
            found += answer["Items"]
            start = answer.get("LastEvaluatedKey")
            if len(found) >= wanted or not start or (found and not listing.filter and wanted != _ALL):
                return found, start is not None

    def _fetch(self, found: list[Any], key: str) -> list[Any]:
        """The whole items, in the order in which they were found; one that has just left the list is left out."""
        keys = [{"pk": item["pk"], "sk": item["sk"]} for item in found]
        asked: Any = {self.table: {"Keys": keys, "ConsistentRead": True}}
        whole: dict[str, Any] = {}
        while asked:
            answer = self.client.batch_get_item(RequestItems=asked)
            whole |= {item["sk"]["S"]: item for item in answer["Responses"][self.table]}
            asked = answer["UnprocessedKeys"]
        fetched = (whole.get(item["sk"]["S"]) for item in found)
        return [item for item in fetched if item and key in item]


def _request(listing: Listing) -> dict[str, Any]:
    first, last = listing.bounds
    request: dict[str, Any] = {
        "ConsistentRead": True,
        "KeyConditionExpression": f"pk = :owner AND {listing.key} BETWEEN :first AND :last",
        "ExpressionAttributeValues": {
            ":owner": {"S": partition(listing.owner_id)},
            ":first": {"S": first},
            ":last": {"S": last},
        },
        "ScanIndexForward": listing.forward,
    }
    if listing.index:
        request["IndexName"] = listing.index
    if listing.filter:
        request["FilterExpression"] = listing.filter.expression
        request["ExpressionAttributeValues"] |= listing.filter.values
        if listing.filter.names:
            request["ExpressionAttributeNames"] = dict(listing.filter.names)
    return request


def _place(listing: Listing, item: Mapping[str, Any]) -> list[str]:
    return [item["sk"]["S"], *([item[listing.key]["S"]] if listing.index else [])]


def _key_of(listing: Listing, place: list[str]) -> Item:
    key: Item = {"pk": {"S": partition(listing.owner_id)}, "sk": {"S": place[0]}}
    return key | ({listing.key: {"S": place[1]}} if listing.index else {})
