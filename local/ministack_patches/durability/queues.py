"""Queues of SQS with their messages and deduplication entries.

ministack changes a queue from several threads, and replaces its list of messages by one without those that were
deleted: a message that another thread appended meanwhile was lost. Here all of that happens under one lock.
"""

import asyncio
import json
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from local.ministack_patches.durability.database import MESSAGES, Change, Delete, DeleteAll, Put, StateDatabase
from local.ministack_patches.durability.locking import locked

QUEUES, DEDUPLICATION = "queues", "deduplication"
_IN_ROWS = ("messages", "dedup_cache")
_SHARED = ("_collect_msgs", "_dlq_sweep", "_expire_retained", "_refresh_counts")
Message = dict[str, Any]


@dataclass
class _Saved:
    """What is saved of a queue: its settings, and by id the number of each message and the state that it was in."""

    settings: str = ""
    messages: dict[str, tuple[int, tuple[Any, ...]]] = field(default_factory=dict)
    entries: dict[str, Any] = field(default_factory=dict)
    last: int = 0


class Queues:
    """What changed in the queues since the last cut."""

    def __init__(self, sqs: Any, lock: threading.RLock) -> None:
        self._sqs = sqs
        self._saved: dict[str, _Saved] = {}
        sqs._queues_lock = lock  # noqa: SLF001
        for name, action in vars(sqs).items():
            if name in _SHARED or (name.startswith("_act_") and not asyncio.iscoroutinefunction(action)):
                setattr(sqs, name, locked(action, lock))
        for action, function in sqs._HANDLERS.items():  # noqa: SLF001
            sqs._HANDLERS[action] = getattr(sqs, function.__name__)  # noqa: SLF001

    def cut(self) -> Iterator[Change]:
        """Yield what changed since the last cut; the lock is held."""
        queues = {"|".join(key): queue for key, queue in self._sqs._queues._data.items()}  # noqa: SLF001
        for name in self._saved.keys() - queues.keys():
            yield Delete(QUEUES, name)
            yield from (DeleteAll(collection, f"{name}|") for collection in (MESSAGES, DEDUPLICATION))
            del self._saved[name]
        for name, queue in queues.items():
            saved = self._saved.setdefault(name, _Saved())
            settings = json.dumps({key: value for key, value in queue.items() if key not in _IN_ROWS})
            if settings != saved.settings:
                saved.settings = settings
                yield Put(QUEUES, name, settings)
            yield from _messages(name, queue["messages"], saved)
            yield from _entries(name, queue["dedup_cache"], saved)

    def load(self, database: StateDatabase) -> None:
        """Restore the queues; messages that were in flight are visible again, since whoever had them is gone."""
        for name, text in database.rows(QUEUES):
            queue = {**json.loads(text), "messages": [], "dedup_cache": {}}
            self._sqs._queues._data[tuple(name.split("|"))] = queue  # noqa: SLF001
            self._saved[name] = _Saved(text)
        queues = {"|".join(key): queue for key, queue in self._sqs._queues._data.items()}  # noqa: SLF001
        now = time.time()
        for key, text in database.rows(MESSAGES):
            name, _, number = key.rpartition("|")
            message = json.loads(text)
            self._saved[name].messages[message["id"]] = int(number), _state(message)
            self._saved[name].last = int(number)
            if message.get("receive_count"):
                message["visible_at"] = min(message["visible_at"], now)
            queues[name]["messages"].append(message)
        for key, text in database.rows(DEDUPLICATION):
            *scope, entry = key.split("|", 3)
            name = "|".join(scope)
            queues[name]["dedup_cache"][entry] = self._saved[name].entries[entry] = json.loads(text)
        self._sqs._queue_name_to_url.clear()  # noqa: SLF001
        self._sqs._rebuild_queue_name_index()  # noqa: SLF001


def _messages(name: str, messages: list[Message], saved: _Saved) -> Iterator[Change]:
    present = {}
    for message in messages:
        number, state = saved.messages.get(message["id"], (0, ()))
        if state != (new := _state(message)):
            saved.last += not number
            number = number or saved.last
            yield Put(MESSAGES, f"{name}|{number:015d}", json.dumps(message))
        present[message["id"]] = number, new
    for id_ in saved.messages.keys() - present.keys():
        yield Delete(MESSAGES, f"{name}|{saved.messages[id_][0]:015d}")
    saved.messages = present


def _entries(name: str, entries: dict[str, Any], saved: _Saved) -> Iterator[Change]:
    for entry in saved.entries.keys() - entries.keys():
        yield Delete(DEDUPLICATION, f"{name}|{entry}")
    for entry, value in entries.items():
        if saved.entries.get(entry) is not value:
            yield Put(DEDUPLICATION, f"{name}|{entry}", value)
    saved.entries = dict(entries)


def _state(message: Message) -> tuple[Any, ...]:
    return tuple(message.get(name) for name in ("receipt_handle", "visible_at", "receive_count"))
