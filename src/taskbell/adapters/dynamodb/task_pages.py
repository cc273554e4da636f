"""Pages of lists of tasks, with a cursor for each task."""

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from heapq import merge
from itertools import count, islice
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from taskbell.adapters.dynamodb.cursors import CursorCodec
from taskbell.adapters.dynamodb.items import TASK_PREFIX, Item, partition, task_from_item
from taskbell.adapters.dynamodb.query_planner import KeyRange, QueryPlan
from taskbell.domain.exceptions import LimitExceededError
from taskbell.domain.queries import Page, TaskOrderField, TaskQuery
from taskbell.domain.ranks import FIRST_RANK
from taskbell.domain.search import title_key
from taskbell.domain.task import Priority, Task
from taskbell.domain.trash import TrashQuery

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_KEYS_ONLY = {"byParent", "byList"}  # indexes
_MAX_FEW = 500  # items of a key range that are read to be sorted
_FEW_RARE = 10  # items that are read at first of a key range with few of a page
_MAX_BATCH = 100  # items of a BatchGetItem
_MIN_SUMMARIES = 500  # entries without all attributes are small
_MAX_QUERIES = 8  # of a key range for one page; each reads at most 1 MB, which is 256 read units
_MAX_SORTING_QUERIES = 4
_MAX_FETCHED = 500  # items that are looked up for one page
_MAX_AT_A_TIME = 8  # queries of several lists, fewer than the connections of a client
_MAX_RANKED = 2_000  # tasks whose ranks are compared
_PRIORITIES = [priority.value for priority in Priority]  # the least important first

Place = tuple[str, Any]  # the position of an item in its list, and the item; None where reading has ended early


@dataclass(frozen=True, slots=True)
class TaskPages:
    """Reads pages with strong consistency.

    A page takes one query per key range. With a filter it takes as many as fill the page, up to a limit, beyond which
    the page ends early. Where an index has not all attributes, the items take one more request per hundred.
    """

    client: "DynamoDBClient"
    table: str
    cursors: CursorCodec

    def read(self, query: TaskQuery | TrashQuery, plan: QueryPlan, first: int, after: str | None) -> Page[Task]:
        """Return a page of a list.

        Args:
            query: Identifies the list, for its cursors, and has the criteria that the plan leaves to the items.
            plan: Where the list is stored.
            first: Maximum number of tasks; one more is read to know whether there is a next page.
            after: A cursor of this list; None for the first page.

        Raises:
            InvalidInputError: The cursor is not of this list.
            LimitExceededError: There are too many tasks to be sorted.
        """
        position = None if after is None else self.cursors.decode(query, after)[0]
        tasks = ((place, item and task_from_item(item)) for place, item in self._items(plan, first + 1, position))
        wanted = ((place, task) for place, task in tasks if task is None or query.matches(task))
        looked_at = list(islice(_up_to_end(wanted), first + 1))
        ends = [place for place, task in looked_at if task is None]
        found = [(place, task) for place, task in looked_at if task][:first]
        return Page(
            items=tuple(task for _, task in found),
            cursors=tuple(self.cursors.encode(query, [place]) for place, _ in found),
            has_next=len(looked_at) > first or bool(ends),
            end=self.cursors.encode(query, ends) if ends else None,
        )

    def read_all(self, plan: QueryPlan) -> list[Task]:
        """Return all tasks of a short list."""
        return [task_from_item(item) for _, item in self._items(plan, _MAX_BATCH, None)]

    def read_several(self, plans: Sequence[QueryPlan], limit: int) -> list[list[Task]]:
        """Return all tasks of several short lists, whose indexes have keys only.

        Raises:
            LimitExceededError: They are more than `limit` together.
        """
        with ThreadPoolExecutor(_MAX_AT_A_TIME) as pool:
            found = list(pool.map(lambda plan: list(self._entries(plan, _MAX_BATCH, None)), plans))
        if sum(map(len, found)) > limit:
            raise LimitExceededError(f"These tasks have more than {limit} subtasks together. Ask for fewer tasks.")
        entries = [(f"{index}", item) for index, places in enumerate(found) for _, item in places]
        whole = [(int(index), task_from_item(item)) for index, item in self._fetched(iter(entries), _MAX_BATCH)]
        return [[task for index, task in whole if index == number] for number in range(len(plans))]

    def first(self, query: TrashQuery, plan: QueryPlan, limit: int) -> list[Task]:
        """Return at most `limit` tasks of a list."""
        tasks = (task_from_item(item) for _, item in self._items(plan, limit, None))
        return list(islice(filter(query.matches, tasks), limit))

    def ranks(self, plan: QueryPlan) -> list[tuple[str, str]]:
        """Return the ranks and ids of the tasks of a list, of long ones the first."""
        items = islice((item for _, item in self._items(plan, _MAX_FEW, None) if item), _MAX_RANKED)
        return [(_rank_of(item), _id_of(item)) for item in items]

    def ids(self, plan: QueryPlan) -> list[str]:
        """Return the ids of all tasks of a short list."""
        return [_id_of(item) for _, item in self._entries(plan, _MAX_BATCH, None)]

    def _items(self, plan: QueryPlan, wanted: int, position: str | None) -> Iterator[Place]:
        if plan.unless_few:
            few = self._few(plan)
            if few is not None:
                return (place for place in few if position is None or _is_behind(place[0], position, plan))
            plan = plan.unless_few
        if plan.sorted_by and plan.index in _KEYS_ONLY:
            whole = list(self._fetched(self._entries(plan, _MAX_BATCH, None), _MAX_BATCH))
            if any(item is None for _, item in whole):
                raise _too_many_to_sort()
            return iter(_in_order(plan, [item for _, item in whole], position))
        entries = self._sorted(plan, position) if plan.sorted_by else self._entries(plan, wanted, position)
        return entries if plan.has_whole_items else self._fetched(entries, min(wanted, _MAX_BATCH))

    def _few(self, plan: QueryPlan) -> list[Place] | None:
        """Return the items in the order of their ids; None if there are too many to be sorted."""
        found: list[Place] = []
        for key_range in plan.key_ranges:
            response = self.client.query(**self._request(plan, key_range) | {"Limit": _MAX_FEW})
            if "LastEvaluatedKey" in response:
                return None
            found += ((_id_of(item), item) for item in _accepted(plan, response["Items"]))
        return sorted(found, key=itemgetter(0), reverse=not plan.forward)

    def _sorted(self, plan: QueryPlan, position: str | None) -> Iterator[Place]:
        """Yield the entries in an order that no index has. Raises LimitExceededError if they are too many."""
        found: list[Item] = []
        for key_range in plan.key_ranges:
            request = self._request(plan, key_range)
            for _ in range(_MAX_SORTING_QUERIES):
                response = self.client.query(**request)
                found += _accepted(plan, response["Items"])
                if "LastEvaluatedKey" not in response:
                    break
                request["ExclusiveStartKey"] = response["LastEvaluatedKey"]
            else:
                raise _too_many_to_sort()
        yield from _in_order(plan, found, position)

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
        for _ in range(_MAX_QUERIES) if plan.filter or plan.accepts else count():
            response = self.client.query(**request | {"Limit": limit})
            accepted = _accepted(plan, response["Items"])
            yield from ((_position(plan, key_range, item), item) for item in accepted)
            if "LastEvaluatedKey" not in response:
                return
            request["ExclusiveStartKey"] = response["LastEvaluatedKey"]
            found, scanned = found + len(accepted), scanned + response["ScannedCount"]
            limit = _next_limit(wanted, found, scanned)
        yield _position(plan, key_range, request["ExclusiveStartKey"]), None

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
        """Yield the whole items of entries, without those that have just left the table; not more than a page may."""
        for fetched in count(step=at_a_time):
            batch = list(islice(entries, at_a_time))
            if not batch:
                return
            keys = [{"pk": item["pk"], "sk": item["sk"]} for _, item in batch if item]
            pending: Any = {self.table: {"Keys": keys, "ConsistentRead": True}} if keys else {}
            whole: dict[tuple[str, str], Any] = {}
            while pending:
                response = self.client.batch_get_item(RequestItems=pending)
                whole |= {_key_of(item): item for item in response["Responses"][self.table]}
                pending = response["UnprocessedKeys"]
            for place, item in batch:
                if item is None or _key_of(item) in whole:
                    yield place, item and whole[_key_of(item)]
            if fetched >= _MAX_FETCHED:
                yield batch[-1][0], None


def _up_to_end(places: Iterable[Place]) -> Iterator[Place]:
    """Yield the items up to where reading has ended early, and that place."""
    for place, item in places:
        yield place, item
        if item is None:
            return


def _in_order(plan: QueryPlan, items: Iterable[Item], position: str | None) -> list[Place]:
    """Return the items behind a position, in the order of the plan's field."""
    places = [(_sort_key(plan, item), item) for item in items]
    behind = [place for place in places if position is None or _is_behind(place[0], position, plan)]
    return sorted(behind, key=itemgetter(0), reverse=not plan.forward)


def _too_many_to_sort() -> LimitExceededError:
    message = "These are too many tasks to be sorted by this. Filter them, for example by status."
    return LimitExceededError(message, ("order_by",))


def _accepted(plan: QueryPlan, items: list[Item]) -> list[Item]:
    return items if plan.accepts is None else list(filter(plan.accepts, items))


def _position(plan: QueryPlan, key_range: KeyRange, item: Item) -> str:
    return str(item[plan.key]["S"]).removeprefix(key_range.prefix)


def _sort_key(plan: QueryPlan, item: Item) -> str:
    match plan.sorted_by:
        case TaskOrderField.PRIORITY:
            key = str(_PRIORITIES.index(item["priority"]["S"]))
        case TaskOrderField.TITLE:
            key = title_key(item["title"]["S"])
        case TaskOrderField.RANK:
            key = _rank_of(item)
        case TaskOrderField.DUE_AT:
            key = item.get("dueAt", {}).get("S", "")
        case _:
            key = item["updatedAt"]["S"]
    return f"{key}\0{_id_of(item)}"


def _first_limit(plan: QueryPlan, key_range: KeyRange, wanted: int) -> int:
    if (plan.filter or plan.accepts) and not plan.has_whole_items:
        return max(wanted, _MIN_SUMMARIES)
    return min(wanted, _FEW_RARE) if key_range.is_rare else wanted


def _next_limit(wanted: int, found: int, scanned: int) -> int:
    """Return how many entries are read next, after `found` of those `scanned` fitted, which were not enough."""
    if not found:
        return 2 * scanned
    return (wanted - found) * scanned // found + 1 if found < wanted else scanned


def _key_of(item: Item) -> tuple[str, str]:
    return item["pk"]["S"], item["sk"]["S"]


def _id_of(item: Item) -> str:
    return str(item["sk"]["S"]).removeprefix(TASK_PREFIX)


def _rank_of(item: Item) -> str:
    return str(item["rank"]["S"]) if "rank" in item else FIRST_RANK


def _is_behind(place: str, position: str, plan: QueryPlan) -> bool:
    return place > position if plan.forward else place < position


def _start(plan: QueryPlan, key_range: KeyRange, position: str) -> Item:
    """Return the key after which a range is read; a position ends with the id of its task."""
    start = {"pk": partition(plan.owner_id), "sk": f"{TASK_PREFIX}{position.rpartition('#')[2]}"}
    return {name: {"S": value} for name, value in {plan.key: f"{key_range.prefix}{position}", **start}.items()}
