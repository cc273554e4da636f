"""A table in memory that counts read and write units as DynamoDB bills them.

Sources: Amazon DynamoDB Developer Guide, "DynamoDB item sizes and formats", "DynamoDB read and write operations",
"Local secondary indexes" (storage, reads, writes), "Managing complex workflows with DynamoDB transactions".
"""

import math
from dataclasses import dataclass, field
from typing import Any

from tests.support.simulated_aws.dynamodb import Index, Key, SimulatedDynamoDB, indexes
from tests.support.simulated_aws.expressions import Item

_WRITE_UNIT, _READ_UNIT, _MAX_QUERY = 1_024, 4_096, 1_048_576  # bytes


@dataclass
class Used:
    """What calls have used."""

    calls: int = 0
    read_units: float = 0
    write_units: int = 0
    entries_read: int = 0
    bytes_read: int = 0


@dataclass
class MeteredTable(SimulatedDynamoDB):
    """The simulated table, with `used` since it was last set."""

    used: Used = field(default_factory=Used)
    _factor: int = 1

    def get_item(self, **request: Any) -> dict[str, Any]:
        self.used.calls += 1
        answer = super().get_item(**request)
        self._count_read([answer["Item"]] if answer else [], consistent=request.get("ConsistentRead", False))
        return answer

    def batch_get_item(self, **request: Any) -> dict[str, Any]:
        self.used.calls += 1
        answer = super().batch_get_item(**request)
        ((table, wanted),) = request["RequestItems"].items()
        found = answer["Responses"][table]
        for item in found:
            self._count_read([item], consistent=wanted.get("ConsistentRead", False))
        for _ in range(len(wanted["Keys"]) - len(found)):
            self._count_read([], consistent=wanted.get("ConsistentRead", False))
        return answer

    def query(self, **request: Any) -> dict[str, Any]:
        self.used.calls += 1
        return super().query(**request)

    def put_item(self, **request: Any) -> dict[str, Any]:
        self.used.calls += 1
        return super().put_item(**request)

    def update_item(self, **request: Any) -> dict[str, Any]:
        self.used.calls += 1
        return super().update_item(**request)

    def delete_item(self, **request: Any) -> dict[str, Any]:
        self.used.calls += 1
        return super().delete_item(**request)

    def batch_write_item(self, **request: Any) -> dict[str, Any]:
        self.used.calls += 1
        return super().batch_write_item(**request)

    def transact_write_items(self, **request: Any) -> dict[str, Any]:
        self.used.calls += 1
        self._factor = 2
        try:
            return super().transact_write_items(**request)
        finally:
            self._factor = 1

    def _page(self, index: Index, found: list[Item], limit: int, *, consistent: bool) -> list[Item]:
        """A query reads up to 1 MB of entries."""
        entries: list[Item] = []
        size = 0
        for item in found[:limit]:
            if size >= _MAX_QUERY:
                break
            entries.append(index.entry(item))
            size += item_size(entries[-1])
        self._count_read(entries, consistent=consistent)
        return found[: len(entries)]

    def _store(self, key: Key, item: Item | None) -> None:
        before = self.items.get(key[0], {}).get(key[1])
        self.used.write_units += self._factor * sum(_written(index, before, item) for index in indexes().values())
        super()._store(key, item)

    def _count_read(self, entries: list[Item], *, consistent: bool) -> None:
        size = sum(map(item_size, entries))
        units = max(1, math.ceil(size / _READ_UNIT))
        self.used.read_units += units if consistent else units / 2
        self.used.entries_read += len(entries)
        self.used.bytes_read += size


def item_size(item: Item) -> int:
    """The bytes of an item: of the names and the values of its attributes."""
    return sum(len(name.encode()) + _value_size(value) for name, value in item.items())


def _value_size(value: Any) -> int:
    type_, content = next(iter(value.items()))
    match type_:
        case "S":
            return len(str(content).encode())
        case "B":
            return len(bytes(content))
        case "N":
            return math.ceil(len(str(content).strip("-").replace(".", "")) / 2) + (2 if content[0] == "-" else 1)
        case "L":
            return 3 + sum(1 + _value_size(part) for part in content)
        case "M":
            return 3 + sum(1 + len(name.encode()) + _value_size(part) for name, part in content.items())
    return 1


def _written(index: Index, before: Item | None, after: Item | None) -> int:
    """The write units of a change in the table or an index, which has only items with its key."""
    old, new = (index.entry(item) if item and index.key in item else None for item in (before, after))
    if index.key == "sk":
        return _units(max(item_size(old or {}), item_size(new or {})))
    if old == new:
        return 0
    if old and new and old[index.key] == new[index.key]:
        return _units(max(item_size(old), item_size(new)))
    return sum(_units(item_size(entry)) for entry in (old, new) if entry)


def _units(size: int) -> int:
    return max(1, math.ceil(size / _WRITE_UNIT))
