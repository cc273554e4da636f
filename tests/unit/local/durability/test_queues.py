"""The queues of SQS, with their messages and deduplication entries."""

import threading
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from local.ministack_patches.durability.database import StateDatabase
from local.ministack_patches.durability.queues import Queues
from tests.unit.local.durability.fakes import SCOPE, Store

URL = "http://127.0.0.1:4066/000000000000/events.fifo"


def message(id_: str, **fields: Any) -> dict[str, Any]:
    return {"id": id_, "receipt_handle": None, "visible_at": 0.0, "receive_count": 0, **fields}


class Kept:
    """Queues that are loaded from a folder and saved to it."""

    def __init__(self, folder: Path) -> None:
        self.module: Any = SimpleNamespace(
            _queues=Store(), _queue_name_to_url={}, _rebuild_queue_name_index=lambda: None, _HANDLERS={}
        )
        self._database = StateDatabase(folder)
        self._queues = Queues(self.module, threading.RLock())
        self._queues.load(self._database)

    def save(self) -> int:
        changes = list(self._queues.cut())
        self._database.commit(changes)
        return len(changes)

    @property
    def queue(self) -> Any:
        return self.module._queues[URL]

    @property
    def ids(self) -> list[str]:
        return [each["id"] for each in self.queue["messages"]]


@pytest.fixture
def kept(tmp_path: Path) -> Kept:
    kept = Kept(tmp_path)
    kept.module._queues._data[*SCOPE, URL] = {
        "fifo_seq": 2, "attributes": {}, "dedup_cache": {"x|1": {"id": "a"}}, "messages": [message("a"), message("b")],
    }  # fmt: skip
    kept.save()
    return kept


def test_a_queue_is_restored_with_its_messages_in_their_order(kept: Kept, tmp_path: Path) -> None:
    kept.queue["messages"] = [kept.queue["messages"][1], message("c")]  # a is deleted
    kept.save()
    after = Kept(tmp_path)
    after.queue["messages"].append(message("d"))
    after.save()
    assert Kept(tmp_path).ids == ["b", "c", "d"]
    assert (after.queue["fifo_seq"], after.queue["dedup_cache"]) == (2, {"x|1": {"id": "a"}})


def test_only_what_changed_is_written(kept: Kept) -> None:
    assert kept.save() == 0
    kept.queue["messages"][0].update(receive_count=1, visible_at=9e9, receipt_handle="r")
    assert kept.save() == 1
    kept.queue["dedup_cache"] = {"x|2": {"id": "b"}}
    assert kept.save() == 2


def test_a_message_in_flight_is_visible_again_and_was_received(kept: Kept, tmp_path: Path) -> None:
    kept.queue["messages"][0].update(receive_count=1, visible_at=time.time() + 1000, receipt_handle="r")
    kept.queue["messages"][1].update(visible_at=time.time() + 1000)  # it is delayed, and was never received
    kept.save()
    first, second = Kept(tmp_path).queue["messages"]
    assert (first["visible_at"] <= time.time(), first["receive_count"]) == (True, 1)
    assert second["visible_at"] > time.time()


def test_a_queue_that_is_deleted_takes_its_messages_with_it(kept: Kept, tmp_path: Path) -> None:
    kept.module._queues._data.clear()
    kept.save()
    assert Kept(tmp_path).module._queues.all_values() == []
