"""What keeping the state costs: reading that of many tasks at a start, and saving the change of some of them.

Needs no running system. It multiplies the tasks of a state folder that has some, into a folder of its own, and measures
in ministack's environment:

    .venv-aws/bin/python -m benchmarks.durability .local/aws [--tasks 10000]
"""

import argparse
import importlib
import os
import re
import shutil
import sqlite3
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from local.ministack_patches.durability.database import FILE
from local.settings import Settings

_COLLECTIONS = ("items", "executions", "histories")
CHANGES = 100


def multiply(folder: Path, copies: int) -> int:
    """Copy each row of a task so many times, under other ids of the tasks; return the number of tasks."""
    database = sqlite3.connect(folder / FILE)
    keys = database.execute("SELECT key FROM state WHERE collection = 'items' AND instr(key, '|''TASK#') > 0")
    ids = [key.rpartition("TASK#")[2].rstrip("'") for (key,) in keys]
    pattern = re.compile("|".join(map(re.escape, sorted(ids, key=len, reverse=True))))
    query = "SELECT collection, key, value FROM state WHERE collection IN (?, ?, ?)"
    rows = database.execute(query, _COLLECTIONS).fetchall()
    for number in range(1, copies):
        copied = ([pattern.sub(rf"\g<0>x{number}", text) for text in (key, value)] for _, key, value in rows)
        added = ((row[0], *texts) for row, texts in zip(rows, copied, strict=True))
        database.executemany("INSERT OR IGNORE INTO state VALUES (?, ?, ?)", added)
    database.commit()
    database.close()
    return len(ids) * copies


def measured(what: str, work: Callable[[], object]) -> None:
    """Print how long the work takes: the processor's time, and by the clock."""
    cpu, clock = time.process_time(), time.perf_counter()
    work()
    print(f"{what:<50} {time.process_time() - cpu:7.3f} s  ({time.perf_counter() - clock:.3f} s by the clock)")


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--tasks", type=int, default=10_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(shutil.copytree(options.folder, Path(name) / "aws"))
        tasks = multiply(folder, 1)
        tasks = multiply(folder, max(1, options.tasks // max(1, tasks)))
        os.environ.update(PERSIST_STATE="1", STATE_DIR=name, MINISTACK_REGION=Settings.region)
        measure(folder, tasks)


def measure(folder: Path, tasks: int) -> None:
    """Restore the state, save it without a change, and save some changes."""
    from local.ministack_patches.durability.state import State  # noqa: PLC0415 - it reads the environment

    dynamodb: Any = importlib.import_module("ministack.services.dynamodb")
    state = State(folder, threading.Event())
    measured(f"restore {tasks} tasks", state.restore)
    measured("save for the first time", state.save)
    measured("save when nothing has changed", state.save)
    (table,) = dynamodb._tables.all_values()  # noqa: SLF001
    items = [(*key, item) for key, item in _items(table)][:CHANGES]
    for hash_value, range_value, item in items:
        dynamodb._set_item(table, hash_value, range_value, {**item})  # noqa: SLF001
    measured(f"save {len(items)} changed items", state.save)


def _items(table: dict[str, Any]) -> Iterator[tuple[tuple[str, str], dict[str, Any]]]:
    for hash_value, partition in table["items"].items():
        for range_value, item in partition.items():
            yield (hash_value, range_value), item


if __name__ == "__main__":
    main()
