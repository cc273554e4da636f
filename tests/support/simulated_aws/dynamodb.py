"""DynamoDB in memory: conditional writes, transactions, consistent and stale reads, and the stream of changes."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any

from tests.support.simulated_aws.errors import EXCEPTIONS, client_error
from tests.support.simulated_aws.expressions import Item, Names, Values, condition, update
from tests.support.table import table_properties

Key = tuple[str, str]
Record = dict[str, Any]

_MAX_TRANSACTION, _MAX_BATCH_WRITE, _MAX_BATCH_GET = 100, 25, 100


@dataclass
class SimulatedDynamoDB:
    """One table with string keys `pk` and `sk` and the local indexes of infrastructure/table.yml.

    Attributes:
        clock: The current time.
        on_change: Called with each stream record, in the order of the changes.
        is_stale: Whether a read without `ConsistentRead` returns what was there before the last change.
        page_size: The most items that a query reads, as if they were 1 MB.
    """

    clock: Callable[[], datetime]
    on_change: Callable[[Record], None] = lambda _record: None
    is_stale: Callable[[], bool] = lambda: False
    page_size: int = 1_000
    items: dict[str, dict[str, Item]] = field(default_factory=dict)
    previous: dict[Key, Item | None] = field(default_factory=dict)
    tokens: set[str] = field(default_factory=set)
    changes: int = 0
    exceptions = EXCEPTIONS

    def put_item(self, *, TableName: str, Item: Item, **conditions: Any) -> dict[str, Any]:
        self._check("PutItem", _key_of(Item), conditions)
        self._store(_key_of(Item), Item)
        return {}

    def get_item(self, *, TableName: str, Key: Item, ConsistentRead: bool = False) -> dict[str, Any]:
        item = self._read(_key_of(Key), consistent=ConsistentRead)
        return {"Item": item} if item else {}

    def update_item(self, *, TableName: str, Key: Item, UpdateExpression: str, **rest: Any) -> dict[str, Any]:
        key = _key_of(Key)
        self._check("UpdateItem", key, rest)
        changed = self._updated({"Key": Key, "UpdateExpression": UpdateExpression, **rest})
        self._store(key, changed)
        return {"Attributes": changed} if rest.get("ReturnValues") == "ALL_NEW" else {}

    def delete_item(self, *, TableName: str, Key: Item, **conditions: Any) -> dict[str, Any]:
        self._check("DeleteItem", _key_of(Key), conditions)
        self._store(_key_of(Key), None)
        return {}

    def transact_write_items(
        self,
        *,
        TransactItems: list[dict[str, Any]],
        ClientRequestToken: str = "",
    ) -> dict[str, Any]:
        if ClientRequestToken and ClientRequestToken in self.tokens:
            return {}
        writes = [next(iter(entry.items())) for entry in TransactItems]
        keys = [_key_of(write.get("Item") or write["Key"]) for _, write in writes]
        if len(keys) > _MAX_TRANSACTION or len(keys) != len(set(keys)):
            raise client_error("ValidationException", "TransactWriteItems")
        reasons = [self._reason(key, write) for key, (_, write) in zip(keys, writes, strict=True)]
        if any(reason["Code"] != "None" for reason in reasons):
            raise client_error("TransactionCanceledException", "TransactWriteItems", CancellationReasons=reasons)
        items = [self._written(action, write) for action, write in writes]
        for key, item in zip(keys, items, strict=True):
            self._store(key, item)
        self.tokens.add(ClientRequestToken)
        return {}

    def query(self, **request: Any) -> dict[str, Any]:
        index = indexes()[request.get("IndexName")]
        key = index.key
        found = [item for item in self._partition(request) if key in item and _holds(request, item)]
        found.sort(
            key=lambda item: (item[key]["S"], item["sk"]["S"]), reverse=not request.get("ScanIndexForward", True)
        )
        if start := request.get("ExclusiveStartKey"):
            found = list(_after(found, key, start, forward=request.get("ScanIndexForward", True)))
        limit = min(request.get("Limit", self.page_size), self.page_size)
        page = self._page(index, found, limit, consistent=request.get("ConsistentRead", False))
        more = len(page) == limit or len(page) < len(found)
        last = {"LastEvaluatedKey": {name: page[-1][name] for name in {"pk", "sk", key}}} if more and page else {}
        shown = [item for item in page if _matches(request, request.get("FilterExpression"), item)]
        counts = {"Count": len(shown), "ScannedCount": len(page), **last}
        return counts if request.get("Select") == "COUNT" else {"Items": list(map(index.entry, shown)), **counts}

    def get_paginator(self, operation: str) -> "QueryPaginator":
        assert operation == "query", operation
        return QueryPaginator(self.query)

    def batch_get_item(self, *, RequestItems: Mapping[str, Any]) -> dict[str, Any]:
        ((table, wanted),) = RequestItems.items()
        assert len(wanted["Keys"]) <= _MAX_BATCH_GET
        consistent = wanted.get("ConsistentRead", False)
        items = (self._read(_key_of(key), consistent=consistent) for key in wanted["Keys"])
        return {"Responses": {table: [item for item in items if item]}, "UnprocessedKeys": {}}

    def batch_write_item(self, *, RequestItems: Mapping[str, Any]) -> dict[str, Any]:
        ((_, requests),) = RequestItems.items()
        assert len(requests) <= _MAX_BATCH_WRITE
        for request in requests:
            if "DeleteRequest" in request:
                self._store(_key_of(request["DeleteRequest"]["Key"]), None)
            else:
                self._store(_key_of(request["PutRequest"]["Item"]), request["PutRequest"]["Item"])
        return {"UnprocessedItems": {}}

    def expire(self, key: Key) -> None:
        """Remove an item if its time to live has ended."""
        item = self.items.get(key[0], {}).get(key[1])
        if item and "expiresAt" in item and int(item["expiresAt"]["N"]) <= self.clock().timestamp():
            self._store(key, None)

    def remove(self, key: Key) -> None:
        """Remove an item, as somebody in the console does."""
        if key[1] in self.items.get(key[0], {}):
            self._store(key, None)

    def all_items(self, prefix: str) -> Iterator[Item]:
        """All items whose sort keys begin so."""
        return (item for part in self.items.values() for sk, item in part.items() if sk.startswith(prefix))

    def _check(self, operation: str, key: Key, conditions: Mapping[str, Any]) -> None:
        stored = self.items.get(key[0], {}).get(key[1])
        if not _matches(conditions, conditions.get("ConditionExpression"), stored or {}):
            raise client_error("ConditionalCheckFailedException", operation, **_shown(conditions, stored))

    def _reason(self, key: Key, write: Mapping[str, Any]) -> dict[str, Any]:
        stored = self.items.get(key[0], {}).get(key[1])
        if _matches(write, write.get("ConditionExpression"), stored or {}):
            return {"Code": "None"}
        return {"Code": "ConditionalCheckFailed", **_shown(write, stored)}

    def _written(self, action: str, write: Mapping[str, Any]) -> Item | None:
        match action:
            case "Put":
                item: Item = write["Item"]
                return item
            case "Update":
                return self._updated(write)
        assert action == "Delete", action
        return None

    def _updated(self, write: Mapping[str, Any]) -> Item:
        pk, sk = _key_of(write["Key"])
        stored = self.items.get(pk, {}).get(sk, dict(write["Key"]))
        names, values = _names(write)
        try:
            return update(write["UpdateExpression"])(stored, names, values)
        except ValueError as error:
            raise client_error("ValidationException", "UpdateItem") from error

    def _store(self, key: Key, item: Item | None) -> None:
        pk, sk = key
        before = self.items.setdefault(pk, {}).get(sk)
        if before == item:
            return
        self.previous[key] = before
        if item is None:
            del self.items[pk][sk]
        else:
            self.items[pk][sk] = item
        self.changes += 1
        self.on_change(self._record(key, before, item))

    def _record(self, key: Key, before: Item | None, after: Item | None) -> Record:
        change: dict[str, Any] = {
            "Keys": {"pk": {"S": key[0]}, "sk": {"S": key[1]}},
            "SequenceNumber": f"{self.changes:021d}",
            "ApproximateCreationDateTime": self.clock().replace(microsecond=0).timestamp(),
            "StreamViewType": "NEW_AND_OLD_IMAGES",
        }
        change |= {name: image for name, image in (("OldImage", before), ("NewImage", after)) if image}
        event = "INSERT" if before is None else "MODIFY" if after else "REMOVE"
        return {"eventID": str(self.changes), "eventName": event, "eventSource": "aws:dynamodb", "dynamodb": change}

    def _read(self, key: Key, *, consistent: bool) -> Item | None:
        if not consistent and key in self.previous and self.is_stale():
            return self.previous[key]
        return self.items.get(key[0], {}).get(key[1])

    def _page(self, index: "Index", found: list[Item], limit: int, *, consistent: bool) -> list[Item]:
        """The items that a query looks through."""
        return found[:limit]

    def _partition(self, request: Mapping[str, Any]) -> list[Item]:
        (value,) = re.findall(r"\bpk = (:\w+)", request["KeyConditionExpression"])
        pk = request["ExpressionAttributeValues"][value]["S"]
        keys = {(pk, sk) for sk in self.items.get(pk, {})} | {key for key in self.previous if key[0] == pk}
        consistent = request.get("ConsistentRead", False) or not self.is_stale()
        return [item for key in sorted(keys) if (item := self._seen(key, consistent=consistent))]

    def _seen(self, key: Key, *, consistent: bool) -> Item | None:
        return self.items.get(key[0], {}).get(key[1]) if consistent else self.previous.get(key)


@dataclass(frozen=True)
class Index:
    """The table or an index: its sort key, and the attributes of its entries (None for all)."""

    key: str
    projected: frozenset[str] | None = None

    def entry(self, item: Item) -> Item:
        """What the index has of an item."""
        if self.projected is None:
            return item
        return {name: value for name, value in item.items() if name in self.projected}


@cache
def indexes() -> dict[str | None, Index]:
    """The table under None, and its indexes by their names."""
    found: dict[str | None, Index] = {None: Index("sk")}
    for index in table_properties()["LocalSecondaryIndexes"]:
        (key,) = (part["AttributeName"] for part in index["KeySchema"] if part["KeyType"] == "RANGE")
        projection = index["Projection"]
        names = frozenset({"pk", "sk", key, *projection.get("NonKeyAttributes", ())})
        found[index["IndexName"]] = Index(key, None if projection["ProjectionType"] == "ALL" else names)
    return found


@dataclass(frozen=True)
class QueryPaginator:
    """The paginator of `query`."""

    query: Callable[..., dict[str, Any]]

    def paginate(self, PaginationConfig: Mapping[str, int] | None = None, **request: Any) -> Iterator[dict[str, Any]]:
        if PaginationConfig:
            request["Limit"] = PaginationConfig["PageSize"]
        while True:
            page = self.query(**request)
            yield page
            if "LastEvaluatedKey" not in page:
                return
            request["ExclusiveStartKey"] = page["LastEvaluatedKey"]


def _key_of(item: Mapping[str, Any]) -> Key:
    return item["pk"]["S"], item["sk"]["S"]


def _names(request: Mapping[str, Any]) -> tuple[Names, Values]:
    return request.get("ExpressionAttributeNames", {}), request.get("ExpressionAttributeValues", {})


def _matches(request: Mapping[str, Any], expression: str | None, item: Item) -> bool:
    return expression is None or condition(expression)(item, *_names(request))


def _shown(request: Mapping[str, Any], stored: Item | None) -> dict[str, Any]:
    """The stored item, if the answer to a failed condition is to have it."""
    return {"Item": stored} if stored and "ReturnValuesOnConditionCheckFailure" in request else {}


def _holds(request: Mapping[str, Any], item: Item) -> bool:
    return _matches(request, request["KeyConditionExpression"], item)


def _after(found: list[Item], key: str, start: Item, *, forward: bool) -> Iterator[Item]:
    place = (start[key]["S"], start["sk"]["S"])
    for item in found:
        own = (item[key]["S"], item["sk"]["S"])
        if own > place if forward else own < place:
            yield item
