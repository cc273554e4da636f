"""Pages of lists, and the cursors that stand behind each item."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Any, TypeVar

from taskbell.adapters.dynamodb.cursors import Cursors, Query
from taskbell.adapters.dynamodb.items import Item, partition
from taskbell.domain.queries import Page

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

T = TypeVar("T")

_ALL = 1_000_000

Stretch = tuple[str, str]  # the first and the last key


@dataclass(frozen=True, slots=True)
class Filter:
    """What an index cannot tell by its key: an expression with its names and its values."""

    expression: str
    names: Mapping[str, str]
    values: Item


@dataclass(frozen=True, slots=True)
class Listing:
    """A list within an owner's partition: the items whose `key` lies within a stretch, in the order of that key.

    Keys of several stretches are one list, in the order of what stands behind their first word (`PENDING#...`).
    `index` is the local index that has the key, None for the table itself, whose key is `sk`. An index of `summaries`
    only finds the items; they are fetched from the table.
    """

    owner_id: str
    index: str | None
    key: str
    stretches: tuple[Stretch, ...]
    forward: bool = False
    filter: Filter | None = None
    summaries: bool = False


def starting(prefix: str) -> Stretch:
    """The stretch of all keys that begin so: `~` sorts behind all that keys are made of."""
    return prefix, f"{prefix}~"


@dataclass(frozen=True, slots=True)
class Pages:
    """Reads pages of listings, strongly consistent.

    A page is one query for each stretch; where something is filtered, as many as it takes to fill it (each looks
    through up to 1 MB), for a page is not empty while more follows. What is found in summaries is fetched in one call
    more.
    """

    client: "DynamoDBClient"
    table: str
    cursors: Cursors

    def read(
        self,
        query: Query,
        listing: Listing,
        first: int,
        after: str | None,
        item_of: Callable[[Mapping[str, Any]], T],
    ) -> Page[T]:
        """At most `first` items behind `after`, a cursor of the same `query`. Raises InvalidInputError for another.

        One item more than asked for is looked for, to know whether more follows.
        """
        place = None if after is None else self.cursors.read(query, after)
        found, more = self._find(listing, first + 1, place)
        items = self._fetch(found[:first], listing.key) if listing.summaries and found else found[:first]
        return Page(
            items=tuple(map(item_of, items)),
            cursors=tuple(self.cursors.write(query, _place(listing, item)) for item in items),
            has_next=more or len(found) > first,
        )

    def all(self, listing: Listing) -> list[Any]:
        """The items of a list that cannot grow long."""
        return self._find(listing, _ALL, None)[0]

    def _find(self, listing: Listing, wanted: int, place: list[str] | None) -> tuple[list[Any], bool]:
        """What is found behind the place (all that is wanted and perhaps more), and whether more follows."""
        parts = [self._find_in(listing, stretch, wanted, place) for stretch in listing.stretches]
        if len(parts) == 1:
            return parts[0]
        found = list(chain.from_iterable(items for items, _ in parts))
        found.sort(key=lambda item: _behind_first_word(item[listing.key]["S"]), reverse=not listing.forward)
        return found, any(more for _, more in parts)

    def _find_in(
        self, listing: Listing, stretch: Stretch, wanted: int, place: list[str] | None
    ) -> tuple[list[Any], bool]:
        """What is found in one stretch, and whether it goes on; a page of one plain stretch may be cut off by size."""
        request = _request(listing, stretch) | {"TableName": self.table} | ({} if listing.filter else {"Limit": wanted})
        fill = listing.filter or len(listing.stretches) > 1 or wanted == _ALL
        start = _start(listing, stretch, place) if place else None
        found: list[Any] = []
        while True:
            answer = self.client.query(**request | ({"ExclusiveStartKey": start} if start else {}))
            found += answer["Items"]
            start = answer.get("LastEvaluatedKey")
            if len(found) >= wanted or not start or (found and not fill):
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


def _request(listing: Listing, stretch: Stretch) -> dict[str, Any]:
    first, last = stretch
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


def _start(listing: Listing, stretch: Stretch, place: list[str]) -> Item:
    """The key that a stretch is read from: of several, all but one hold no such key, only its place."""
    start: Item = {"pk": {"S": partition(listing.owner_id)}, "sk": {"S": place[0]}}
    if not listing.index:
        return start
    several = len(listing.stretches) > 1
    key = f"{stretch[0].partition('#')[0]}#{_behind_first_word(place[1])}" if several else place[1]
    return start | {listing.key: {"S": key}}


def _behind_first_word(key: str) -> str:
    return key.partition("#")[2]
