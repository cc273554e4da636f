"""Persists state that ministack would lose when it stops, and saves faster."""

import copy
import importlib
import json
from pathlib import Path
from types import SimpleNamespace
from typing import IO, Any

from local.ministack_patches import interrupted_executions


def keep_stream_records() -> None:
    """ministack saves how far each mapping has read a stream, but not the stream: the next changes would be skipped."""
    dynamodb: Any = importlib.import_module("ministack.services.dynamodb")
    save, restore = dynamodb.get_state, dynamodb.load_persisted_state
    kept = {"stream_records": dynamodb._stream_records, "stream_trimmed": dynamodb._stream_trimmed}  # noqa: SLF001

    def get_state() -> dict[str, Any]:
        return {**save(), **{name: copy.deepcopy(store) for name, store in kept.items()}}

    def load_persisted_state(data: dict[str, Any]) -> None:
        restore(data)
        for name, store in kept.items():
            if name in data:
                store.update(data[name])

    dynamodb.get_state, dynamodb.load_persisted_state = get_state, load_persisted_state


def keep_executions(interrupted: Path) -> None:
    """ministack fails the executions that were running when it stopped; keep them in a file, to start them again."""
    stepfunctions: Any = importlib.import_module("ministack.services.stepfunctions")
    restore = stepfunctions.load_persisted_state

    def load_persisted_state(data: dict[str, Any]) -> None:
        stored = data["executions"]._data  # noqa: SLF001 - its keys as they are, not those of one account
        running = [key for key, execution in stored.items() if execution["status"] == "RUNNING"]
        interrupted_executions.add_interrupted(interrupted, [stored[key] for key in running])
        for key in running:
            del stored[key]
        restore(data)

    stepfunctions.load_persisted_state = load_persisted_state


def save_with_c_encoder() -> None:
    """ministack saves by `json.dump`, which encodes in Python; `json.dumps` does in C, and a stop waits for it."""
    persistence: Any = importlib.import_module("ministack.core.persistence")

    def dump(state: object, file: IO[str], **options: Any) -> None:
        file.write(json.dumps(state, **options))

    persistence.json = SimpleNamespace(**{**vars(json), "dump": dump})
