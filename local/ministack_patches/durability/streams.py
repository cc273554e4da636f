"""Records of the tables' streams, and how far each event source mapping has read them.

A record never changes. Those of an earlier start are loaded when they are read: most were forwarded long ago, and are
only kept for a day, as DynamoDB keeps them.
"""

import json
import threading
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any, SupportsIndex

from local.ministack_patches.durability.database import Change, Delete, DeleteAll, Put, StateDatabase
from local.ministack_patches.durability.locking import locked

RECORDS, ENDS, POSITIONS = "stream records", "stream ends", "stream positions"
_READ = ("_trim_stream_records", "stream_records_since", "stream_start_position", "stream_end_position")


class StoredRecords(list[Any]):
    """A list of records, or of their positions in the stream while they have not been read."""

    def __init__(self, positions: Iterable[int], read: Callable[[int], Any]) -> None:
        super().__init__(positions)
        self._read = read

    def __getitem__(self, at: Any) -> Any:
        if isinstance(at, slice):
            return [self._loaded(index) for index in range(*at.indices(len(self)))]
        return self._loaded(at)

    def __iter__(self) -> Iterator[Any]:
        return (self._loaded(index) for index in range(len(self)))

    def _loaded(self, index: SupportsIndex) -> Any:
        record = list.__getitem__(self, index)
        if isinstance(record, int):
            record = self[index] = self._read(record)
        return record


class Streams:
    """The records that were added or expired since the last cut, and the positions that moved."""

    def __init__(self, dynamodb: Any, functions: Any, lock: threading.RLock) -> None:
        self._dynamodb = dynamodb
        self._functions = functions
        self._saved: dict[str, tuple[Any, int, int]] = {}  # by stream: its list, and the positions that are saved
        self._positions: dict[str, str] = {}
        for name in _READ:  # they trim, and then count from what was trimmed
            setattr(dynamodb, name, locked(getattr(dynamodb, name), lock))

    def cut(self) -> Iterator[Change]:
        """Yield what changed since the last cut; the lock is held."""
        streams = {"|".join(key): (key, found) for key, found in self._dynamodb._stream_records._data.items()}  # noqa: SLF001
        for stream in self._saved.keys() - streams.keys():
            yield from (DeleteAll(RECORDS, f"{stream}|"), Delete(ENDS, stream))
            del self._saved[stream]
        for stream, (key, records) in streams.items():
            yield from self._stream(stream, records, self._dynamodb._stream_trimmed._data.get(key, 0))  # noqa: SLF001
        yield from self._moved()

    def _stream(self, stream: str, records: Any, first: int) -> Iterator[Change]:
        known, saved_first, saved_end = self._saved.get(stream, (None, first, first))
        if known is not records:
            saved_first = saved_end = first
            yield DeleteAll(RECORDS, f"{stream}|")
        end = first + len(records)
        if known is records and (saved_first, saved_end) == (first, end):
            return
        for position in range(saved_first, first):
            yield Delete(RECORDS, _key(stream, position))
        for position in range(max(first, saved_end), end):
            yield Put(RECORDS, _key(stream, position), list.__getitem__(records, position - first))
        yield Put(ENDS, stream, {"first": first, "end": end})
        self._saved[stream] = records, first, end

    def _moved(self) -> Iterator[Change]:
        found = list(self._functions._dynamodb_stream_positions._data.items())  # noqa: SLF001
        positions = {"|".join(key): str(at) for key, at in found}
        for mapping in self._positions.keys() - positions.keys():
            yield Delete(POSITIONS, mapping)
        for mapping, at in positions.items():
            if self._positions.get(mapping) != at:
                yield Put(POSITIONS, mapping, at)
        self._positions = positions

    def load(self, database: StateDatabase) -> None:
        """Restore the streams and the positions."""
        for stream, text in database.rows(ENDS):
            ends = json.loads(text)
            records = StoredRecords(range(ends["first"], ends["end"]), partial(_read, database, stream))
            self._saved[stream] = records, ends["first"], ends["end"]
            scope = tuple(stream.split("|"))
            self._dynamodb._stream_records._data[scope] = records  # noqa: SLF001
            self._dynamodb._stream_trimmed._data[scope] = ends["first"]  # noqa: SLF001
        self._positions = dict(database.rows(POSITIONS))
        for mapping, at in self._positions.items():
            self._functions._dynamodb_stream_positions._data[tuple(mapping.split("|"))] = int(at)  # noqa: SLF001


def _read(database: StateDatabase, stream: str, position: int) -> Any:
    return json.loads(database.value(RECORDS, _key(stream, position)) or "")


def _key(stream: str, position: int) -> str:
    return f"{stream}|{position:015d}"
