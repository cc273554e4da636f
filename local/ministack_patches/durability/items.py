"""Items of DynamoDB tables. ministack replaces an item that changes, so an item is written from its reference."""

import threading
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from local.ministack_patches.durability.database import ITEMS, Change, Delete, DeleteAll, Put, StateDatabase, decode_all

Table = dict[str, Any]


class Items:
    """The items that changed since the last cut, of all tables."""

    def __init__(self, dynamodb: Any, lock: threading.RLock) -> None:
        self._dynamodb = dynamodb
        self._lock = lock
        self._changed: dict[tuple[str, Any, Any], None] = {}
        self._known: dict[str, Any] = {}  # by the table's ARN: its `items`, to notice when they are replaced as a whole
        for name in ("_set_item", "_remove_item"):
            setattr(dynamodb, name, self._noting(getattr(dynamodb, name)))

    def _noting(self, change: Any) -> Any:
        def noting(table: Table, hash_value: Any, range_value: Any, *item: Any) -> Any:
            with self._lock:
                self._changed[table["TableArn"], hash_value, range_value] = None
                return change(table, hash_value, range_value, *item)

        return noting

    def cut(self) -> Iterator[Change]:
        """Yield what changed since the last cut; the lock is held."""
        tables = {table["TableArn"]: table for table in self._dynamodb._tables.all_values()}  # noqa: SLF001
        changed, self._changed = self._changed, {}
        for arn in self._known.keys() - tables.keys():
            yield DeleteAll(ITEMS, f"{arn}|")
            del self._known[arn]
        replaced = [arn for arn, table in tables.items() if self._known.get(arn) is not table["items"]]
        for arn in replaced:
            yield from self._whole(arn, tables[arn]["items"])
        for arn, hash_value, range_value in changed:
            if arn in tables and arn not in replaced:
                partition = tables[arn]["items"].get(hash_value, {})
                yield _row(arn, hash_value, range_value, partition.get(range_value))

    def _whole(self, arn: str, items: dict[Any, dict[Any, Any]]) -> Iterator[Change]:
        self._known[arn] = items
        yield DeleteAll(ITEMS, f"{arn}|")
        for hash_value, partition in items.items():
            for range_value, item in partition.items():
                yield _row(arn, hash_value, range_value, item)

    def load(self, database: StateDatabase) -> None:
        """Put the saved items into the tables, which are there."""
        tables = {table["TableArn"]: table for table in self._dynamodb._tables.all_values()}  # noqa: SLF001
        for table in tables.values():
            table["items"] = defaultdict(dict)
        rows = database.rows(ITEMS)
        for (key, _), item in zip(rows, decode_all(value for _, value in rows), strict=True):
            self._place(tables[key.partition("|")[0]], item)
        for arn, table in tables.items():
            self._known[arn] = table["items"]
            self._dynamodb._items_replaced(table)  # noqa: SLF001

    def _place(self, table: Table, item: dict[str, Any]) -> None:
        value = self._dynamodb._extract_key_val  # noqa: SLF001
        range_value = value(item[table["sk_name"]]) if table["sk_name"] else "__no_sort__"
        table["items"][value(item[table["pk_name"]])][range_value] = item


def _row(arn: str, hash_value: Any, range_value: Any, item: Any) -> Change:
    key = f"{arn}|{hash_value!r}|{range_value!r}"
    return Delete(ITEMS, key) if item is None else Put(ITEMS, key, item)
