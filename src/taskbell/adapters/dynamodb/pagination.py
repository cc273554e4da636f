"""Pages of lists, with a cursor for each item."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Any, TypeVar

from taskbell.adapters.dynamodb.cursors import CursorCodec, Query
from taskbell.adapters.dynamodb.items import Item, partition
from taskbell.domain.queries import Page

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

T = TypeVar("T")

KeyRange = tuple[str, str]  # first and last key, both inclusive


@dataclass(frozen=True, slots=True)
class QuerySpec:
    """A query in an owner's partition: the items whose `key` lies in a key range, ordered by that key.

    Several key ranges are merged into one list, ordered by the key without its first component (`PENDING#...`).

    Attributes:
        index: The local secondary index with that key; None for the table, whose key is `sk`.
        forward: Whether the order is ascending.
    """

    owner_id: str
    index: str | None
    key: str
    key_ranges: tuple[KeyRange, ...]
    forward: bool = False


def prefix_range(prefix: str) -> KeyRange:
    """Return the range of all keys with a prefix; `~` sorts after every character of a key."""
    return prefix, f"{prefix}~"


@dataclass(frozen=True, slots=True)
class Paginator:
    """Reads pages with strong consistency.

    A page takes one query per key range.
    """

    client: "DynamoDBClient"
    table: str
    cursors: CursorCodec

    def read_page(
        self,
        query: Query,
        spec: QuerySpec,
        first: int,
        after: str | None,
        item_from: Callable[[Mapping[str, Any]], T],
    ) -> Page[T]:
        """Return a page of a list.

        Args:
            query: Identifies the list, for its cursors.
            spec: Where the list is stored.
            first: Maximum number of items; one more is read to know whether there is a next page.
            after: A cursor of this list; None for the first page.
            item_from: Converts a stored item.

        Raises:
            InvalidInputError: The cursor is not of this list.
        """
        position = None if after is None else self.cursors.decode(query, after)
        found, more = self._find(spec, first + 1, position)
        items = found[:first]
        return Page(
            items=tuple(map(item_from, items)),
            cursors=tuple(self.cursors.encode(query, _position(spec, item)) for item in items),
            has_next=more or len(found) > first,
        )

    def _find(self, spec: QuerySpec, limit: int, position: list[str] | None) -> tuple[list[Any], bool]:
        """Return the items after `position`, at least `limit` if there are as many, and whether there are more."""
        parts = [self._find_in(spec, key_range, limit, position) for key_range in spec.key_ranges]
        if len(parts) == 1:
            return parts[0]
        found = list(chain.from_iterable(items for items, _ in parts))
        found.sort(key=lambda item: _without_prefix(item[spec.key]["S"]), reverse=not spec.forward)
        return found, any(more for _, more in parts)

    def _find_in(
        self, spec: QuerySpec, key_range: KeyRange, limit: int, position: list[str] | None
    ) -> tuple[list[Any], bool]:
        """Return the items of one key range, and whether there are more."""
        request = _request(spec, key_range) | {"TableName": self.table} | {"Limit": limit}
        fill = len(spec.key_ranges) > 1
        start = _start(spec, key_range, position) if position else None
        found: list[Any] = []
        while True:
            response = self.client.query(**request | ({"ExclusiveStartKey": start} if start else {}))
            found += response["Items"]
            start = response.get("LastEvaluatedKey")
            if len(found) >= limit or not start or (found and not fill):
                return found, start is not None


def _request(spec: QuerySpec, key_range: KeyRange) -> dict[str, Any]:
    first, last = key_range
    request: dict[str, Any] = {
        "ConsistentRead": True,
        "KeyConditionExpression": f"pk = :owner AND {spec.key} BETWEEN :first AND :last",
        "ExpressionAttributeValues": {
            ":owner": {"S": partition(spec.owner_id)},
            ":first": {"S": first},
            ":last": {"S": last},
        },
        "ScanIndexForward": spec.forward,
    }
    if spec.index:
        request["IndexName"] = spec.index
    return request


def _position(spec: QuerySpec, item: Mapping[str, Any]) -> list[str]:
    return [item["sk"]["S"], *([item[spec.key]["S"]] if spec.index else [])]


def _start(spec: QuerySpec, key_range: KeyRange, position: list[str]) -> Item:
    """Return the key after which a range is read; of several ranges, only one has an item at that key."""
    start: Item = {"pk": {"S": partition(spec.owner_id)}, "sk": {"S": position[0]}}
    if not spec.index:
        return start
    several = len(spec.key_ranges) > 1
    key = f"{key_range[0].partition('#')[0]}#{_without_prefix(position[1])}" if several else position[1]
    return start | {spec.key: {"S": key}}


def _without_prefix(key: str) -> str:
    return key.partition("#")[2]
