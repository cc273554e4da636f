"""The records of streams, and the positions of the mappings that read them."""

import threading
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from local.ministack_patches.durability.database import StateDatabase
from local.ministack_patches.durability.streams import StoredRecords, Streams
from tests.unit.local.durability.fakes import SCOPE, Store, dynamodb


class Kept:
    """Streams of a module, which are loaded from a folder and saved to it."""

    def __init__(self, folder: Path) -> None:
        self.module: Any = dynamodb()
        self.functions = SimpleNamespace(_dynamodb_stream_positions=Store())
        self.database = StateDatabase(folder)
        self._streams = Streams(self.module, self.functions, threading.RLock())
        self._streams.load(self.database)

    def save(self) -> int:
        changes = list(self._streams.cut())
        self.database.commit(changes)
        return len(changes)

    @property
    def records(self) -> Any:
        return self.module._stream_records["tasks"]

    def read_to(self, position: int) -> None:
        self.functions._dynamodb_stream_positions._data[*SCOPE, "m"] = position


@pytest.fixture
def kept(tmp_path: Path) -> Kept:
    kept = Kept(tmp_path)
    kept.module._stream_records._data[*SCOPE, "tasks"] = [{"n": 0}, {"n": 1}, {"n": 2}]
    kept.save()
    return kept


def test_records_are_written_once(kept: Kept, tmp_path: Path) -> None:
    assert kept.save() == 0
    kept.records.append({"n": 3})
    assert kept.save() == 2  # the record, and where the stream ends
    assert list(Kept(tmp_path).records) == [{"n": 0}, {"n": 1}, {"n": 2}, {"n": 3}]


def test_expired_records_are_removed_and_positions_stay_what_they_were(kept: Kept, tmp_path: Path) -> None:
    del kept.records[:2]
    kept.module._stream_trimmed._data[*SCOPE, "tasks"] = 2
    kept.read_to(3)
    kept.save()
    after = Kept(tmp_path)
    assert (list(after.records), after.module._stream_trimmed["tasks"]) == ([{"n": 2}], 2)
    assert after.functions._dynamodb_stream_positions["m"] == 3
    after.records.append({"n": 3})
    after.save()
    assert list(Kept(tmp_path).records) == [{"n": 2}, {"n": 3}]


def test_a_stream_that_was_disabled_and_enabled_again_begins_anew(kept: Kept, tmp_path: Path) -> None:
    kept.module._stream_records._data[*SCOPE, "tasks"] = [{"n": 9}]
    kept.save()
    assert list(Kept(tmp_path).records) == [{"n": 9}]
    del kept.module._stream_records._data[*SCOPE, "tasks"]
    kept.save()
    assert Kept(tmp_path).module._stream_records.get("tasks") is None


def test_a_mapping_that_is_deleted_has_no_position(kept: Kept, tmp_path: Path) -> None:
    kept.read_to(1)
    kept.save()
    kept.functions._dynamodb_stream_positions._data.clear()
    kept.save()
    assert Kept(tmp_path).functions._dynamodb_stream_positions.get("m") is None


def test_stored_records_are_loaded_when_they_are_read() -> None:
    read: list[int] = []
    records = StoredRecords(range(5, 8), lambda position: read.append(position) or {"n": position})  # type: ignore[func-returns-value]
    assert (records[0], records[2:5], len(records)) == ({"n": 5}, [{"n": 7}], 3)
    del records[:1]
    assert (records[0], records[1]) == ({"n": 6}, {"n": 7})
    assert read == [5, 7, 6]
