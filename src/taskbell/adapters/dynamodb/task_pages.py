"""Pages of lists of tasks, with a cursor for each task."""

from collections.abc import Iterator
from dataclasses import dataclass
from heapq import merge
from itertools import islice
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from taskbell.adapters.dynamodb.cursors import CursorCodec
from taskbell.adapters.dynamodb.items import TASK_PREFIX, Item, partition, task_from_item
from taskbell.adapters.dynamodb.query_planner import KeyRange, QueryPlan
from taskbell.domain.queries import Page, TaskQuery
from taskbell.domain.task import Task

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_MAX_FEW = 500  # items of a key range that are read to be sorted
_FEW_RARE = 10  # items that are read at first of a key range with few of a page
_MAX_BATCH = 100  # items of a BatchGetItem
_MIN_SUMMARIES = 500  # entries without all attributes are small

Place = tuple[str, Any]  # the position of an item in its list, and the item


@dataclass(frozen=True, slots=True)
class TaskPages:
    """Reads pages with strong consistency.

    A page takes one query per key range. With a filter it takes as many as fill the page, so that only the last one can
    be empty. Where an index has not all attributes, the items take one more request per hundred.
    """

    client: "DynamoDBClient"
    table: str
    cursors: CursorCodec

    def read(self, query: TaskQuery, plan: QueryPlan, first: int, after: str | None) -> Page[Task]:
        """Return a page of a list.

        Args:
            query: Identifies the list, for its cursors, and has the criteria that the plan leaves to the items.
            plan: Where the list is stored.
            first: Maximum number of tasks; one more is read to know whether there is a next page.
            after: A cursor of this list; None for the first page.

        Raises:
            InvalidInputError: The cursor is not of this list.
        """
        position = None if after is None else self.cursors.decode(query, after)[0]
        tasks = ((place, task_from_item(item)) for place, item in self._items(plan, first + 1, position))
        found = list(islice(((place, task) for place, task in tasks if query.matches(task)), first + 1))
        return Page(
            items=tuple(task for _, task in found[:first]),
            cursors=tuple(self.cursors.encode(query, [place]) for place, _ in found[:first]),
            has_next=len(found) > first,
        )

    def read_all(self, plan: QueryPlan) -> list[Task]:
        """Return all tasks of a short list."""
        return [task_from_item(item) for _, item in self._items(plan, _MAX_BATCH, None)]

    def ids(self, plan: QueryPlan) -> list[str]:
        """Return the ids of all tasks of a short list."""
        return [_id_of(item) for _, item in self._entries(plan, _MAX_BATCH, None)]

    def _items(self, plan: QueryPlan, wanted: int, position: str | None) -> Iterator[Place]:
        if plan.unless_few:
            few = self._few(plan)
            if few is not None:
                return (place for place in few if position is None or _is_behind(place[0], position, plan))
            plan = plan.unless_few
        entries = self._entries(plan, wanted, position)
        return entries if plan.has_whole_items else self._fetched(entries, min(wanted, _MAX_BATCH))

    def _few(self, plan: QueryPlan) -> list[Place] | None:
        """Return the items in the order of their ids; None if there are too many to be sorted."""
        found: list[Place] = []
        for key_range in plan.key_ranges:
            response = self.client.query(**self._request(plan, key_range) | {"Limit": _MAX_FEW})
            if "LastEvaluatedKey" in response:
                return None
            found += ((_id_of(item), item) for item in response["Items"])
        return sorted(found, key=itemgetter(0), reverse=not plan.forward)

    def _entries(self, plan: QueryPlan, wanted: int, position: str | None) -> Iterator[Place]:
        """Yield the entries of the index in their order: `wanted` with few queries, and more with more."""
        ranges = (self._entries_in(plan, key_range, wanted, position) for key_range in plan.key_ranges)
        return merge(*ranges, key=itemgetter(0), reverse=not plan.forward)

    def _entries_in(self, plan: QueryPlan, key_range: KeyRange, wanted: int, position: str | None) -> Iterator[Place]:
        request = self._request(plan, key_range)
        if position is not None:
            request["ExclusiveStartKey"] = _start(plan, key_range, position)
        limit = _first_limit(plan, key_range, wanted)
        found = scanned = 0
        while True:
            response = self.client.query(**request | {"Limit": limit})
            yield from ((item[plan.key]["S"].removeprefix(key_range.prefix), item) for item in response["Items"])
            if "LastEvaluatedKey" not in response:
                return
            request["ExclusiveStartKey"] = response["LastEvaluatedKey"]
            found, scanned = found + len(response["Items"]), scanned + response["ScannedCount"]
            limit = _next_limit(plan, wanted, found, scanned)

    def _request(self, plan: QueryPlan, key_range: KeyRange) -> dict[str, Any]:
        request: dict[str, Any] = {
            "TableName": self.table,
            "ConsistentRead": True,
            "KeyConditionExpression": f"pk = :owner AND {plan.key} BETWEEN :first AND :last",
            "ExpressionAttributeValues": {
                ":owner": {"S": partition(plan.owner_id)},
                ":first": {"S": key_range.first},
                ":last": {"S": key_range.last},
            },
            "ScanIndexForward": plan.forward,
        }
        if plan.index:
            request["IndexName"] = plan.index
        if plan.filter:
            request["FilterExpression"] = plan.filter.expression
            request["ExpressionAttributeValues"] |= plan.filter.values
            if plan.filter.names:
                request["ExpressionAttributeNames"] = dict(plan.filter.names)
        return request

    def _fetched(self, entries: Iterator[Place], at_a_time: int) -> Iterator[Place]:
        """Yield the whole items of entries, without those that have just left the table."""
        while batch := list(islice(entries, at_a_time)):
            keys = [{"pk": item["pk"], "sk": item["sk"]} for _, item in batch]
            pending: Any = {self.table: {"Keys": keys, "ConsistentRead": True}}
            whole: dict[str, Any] = {}
            while pending:
                response = self.client.batch_get_item(RequestItems=pending)
                whole |= {item["sk"]["S"]: item for item in response["Responses"][self.table]}
                pending = response["UnprocessedKeys"]
            found = ((place, whole.get(item["sk"]["S"])) for place, item in batch)
            yield from (place for place in found if place[1])


def _first_limit(plan: QueryPlan, key_range: KeyRange, wanted: int) -> int:
    if plan.filter and not plan.has_whole_items:
        return max(wanted, _MIN_SUMMARIES)
    return min(wanted, _FEW_RARE) if key_range.is_rare else wanted


def _next_limit(plan: QueryPlan, wanted: int, found: int, scanned: int) -> int:
    """Return how many entries are read next, after `found` of those `scanned` fitted the filter."""
    if not found:
        return min(2 * scanned, 4 * wanted) if plan.has_whole_items else 2 * scanned
    return max(wanted - found, 1) * scanned // found + 1


def _id_of(item: Item) -> str:
    return str(item["sk"]["S"]).removeprefix(TASK_PREFIX)


def _is_behind(place: str, position: str, plan: QueryPlan) -> bool:
    return place > position if plan.forward else place < position


def _start(plan: QueryPlan, key_range: KeyRange, position: str) -> Item:
    """Return the key after which a range is read; a position ends with the id of its task."""
    start = {"pk": partition(plan.owner_id), "sk": f"{TASK_PREFIX}{position.rpartition('#')[2]}"}
    return {name: {"S": value} for name, value in {plan.key: f"{key_range.prefix}{position}", **start}.items()}
