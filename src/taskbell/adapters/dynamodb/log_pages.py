"""Pages of an owner's log, newest first."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from taskbell.adapters.dynamodb.cursors import CursorCodec, Query
from taskbell.adapters.dynamodb.items import Item, to_item
from taskbell.adapters.dynamodb.log_items import log_partition
from taskbell.domain.queries import Page

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class LogList:
    """The items of an owner's log whose `key` lies between `first` and `last`, of these the ones with a prefix.

    Attributes:
        index: The local secondary index with that key; None for the table, whose key is `sk`.
        prefix: How the sort keys of the items begin; others are left out.
    """

    owner_id: str
    index: str | None
    key: str
    first: str
    last: str
    prefix: str
    consistent: bool = False


@dataclass(frozen=True, slots=True)
class LogPages:
    """Reads pages with one query, or more if items of other kinds are among them."""

    client: "DynamoDBClient"
    table: str
    cursors: CursorCodec

    def read(
        self,
        query: Query,
        spec: LogList,
        first: int,
        after: str | None,
        item_from: Callable[[Mapping[str, Any]], T],
    ) -> Page[T]:
        """Return a page of at most `first` items after a cursor of this list, or raise InvalidInputError."""
        position = None if after is None else self.cursors.decode(query, after)
        found = self._find(spec, first + 1, position)
        items = found[:first]
        return Page(
            items=tuple(map(item_from, items)),
            cursors=tuple(self.cursors.encode(query, _position(spec, item)) for item in items),
            has_next=len(found) > first,
        )

    def _find(self, spec: LogList, limit: int, position: list[str] | None) -> list[Any]:
        start = _start(spec, position) if position else None
        found: list[Any] = []
        while True:
            begins = {"ExclusiveStartKey": start} if start else {}
            response = self.client.query(**self._request(spec, limit) | begins)
            found += [item for item in response["Items"] if item["sk"]["S"].startswith(spec.prefix)]
            start = response.get("LastEvaluatedKey")
            if len(found) >= limit or not start:
                return found

    def _request(self, spec: LogList, limit: int) -> dict[str, Any]:
        values = {":owner": log_partition(spec.owner_id), ":first": spec.first, ":last": spec.last}
        return {
            "TableName": self.table,
            "ConsistentRead": spec.consistent,
            "KeyConditionExpression": f"pk = :owner AND {spec.key} BETWEEN :first AND :last",
            "ExpressionAttributeValues": to_item(values),
            "ScanIndexForward": False,
            "Limit": limit,
            **({"IndexName": spec.index} if spec.index else {}),
        }


def _position(spec: LogList, item: Mapping[str, Any]) -> list[str]:
    return [item["sk"]["S"], *([item[spec.key]["S"]] if spec.index else [])]


def _start(spec: LogList, position: list[str]) -> Item:
    key = {"pk": log_partition(spec.owner_id), "sk": position[0]}
    return to_item(key | ({spec.key: position[1]} if spec.index else {}))
