"""The process that ministack runs in, by .venv-aws' interpreter, which has nothing of this repository.

ministack is pinned exactly, and four things about it are put right here before it starts: it ends with its parent, its
answers to functions do not wait, and two parts of its state that it forgets when it stops are kept. Whatever of
this a later version names otherwise fails at the start.
"""

import copy
import ctypes
import importlib
import json
import os
import runpy
import signal
import socketserver
import sys
from pathlib import Path
from typing import Any


def end_with_parent() -> None:
    """On Linux, have the kernel end this process when the one that started it is killed outright."""
    if sys.platform == "linux":
        set_parent_death_signal = 1
        ctypes.CDLL(None).prctl(set_parent_death_signal, signal.SIGTERM)


def send_at_once() -> None:
    """Lambda's Runtime API writes an answer in two parts; Nagle's algorithm would hold the second back for 40 ms."""
    socketserver.StreamRequestHandler.disable_nagle_algorithm = True


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
    """ministack fails what was running when it stopped; it is noted in a file instead, to be started again."""
    stepfunctions: Any = importlib.import_module("ministack.services.stepfunctions")
    restore = stepfunctions.load_persisted_state

    def load_persisted_state(data: dict[str, Any]) -> None:
        stored = data["executions"]._data  # noqa: SLF001 - its keys as they are, not those of one account
        running = [key for key, execution in stored.items() if execution["status"] == "RUNNING"]
        noted = [{name: stored[key][name] for name in ("stateMachineArn", "name", "input")} for key in running]
        for key in running:
            del stored[key]
        interrupted.write_text(json.dumps(noted), encoding="utf-8")
        restore(data)

    stepfunctions.load_persisted_state = load_persisted_state


if __name__ == "__main__":
    end_with_parent()
    send_at_once()
    keep_stream_records()
    keep_executions(Path(os.environ["STATE_DIR"]) / "interrupted.json")
    runpy.run_module("ministack", run_name="__main__")
