"""The database that holds the state: rows of text, by collection and key, written in atomic and durable commits."""

import json
import sqlite3
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FILE = "state.sqlite"
VERSION = 1
ITEMS, MESSAGES, EXECUTIONS = "items", "messages", "executions"
_LEFT = "It was left as it is; remove it to begin without its data."
_LAST = ("saved", "last")
_UPSERT = "INSERT INTO state VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET value = excluded.value"
_DELETE = "DELETE FROM state WHERE collection = ? AND key = ?"
_DELETE_RANGE = "DELETE FROM state WHERE collection = ? AND key >= ? AND key < ?"


@dataclass(frozen=True, slots=True)
class Put:
    """Store a row; a value that is no text is encoded as JSON, after the cut, so nothing may change it."""

    collection: str
    key: str
    value: Any


@dataclass(frozen=True, slots=True)
class Delete:
    """Remove a row, if it is there."""

    collection: str
    key: str


@dataclass(frozen=True, slots=True)
class DeleteAll:
    """Remove the rows whose keys begin with a prefix."""

    collection: str
    prefix: str


Change = Put | Delete | DeleteAll


class StateFormatError(Exception):
    """The state folder holds data that this version cannot read; the message says what to do."""


class StateDatabase:
    """Reads and writes the database in a folder. One thread at a time may commit, and any may read what is committed.

    Raises StateFormatError if the folder's database cannot be read.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._connection, self._reader = (
            sqlite3.connect(folder / FILE, check_same_thread=False, isolation_level=None) for _ in range(2)
        )
        self._reading = threading.Lock()
        try:
            for pragma in ("journal_mode = WAL", "synchronous = FULL"):
                self._connection.execute(f"PRAGMA {pragma}")
            (version,) = self._connection.execute("PRAGMA user_version").fetchone()
        except sqlite3.DatabaseError as error:
            raise StateFormatError(f"{folder / FILE} cannot be read ({error}). {_LEFT}") from error
        if version not in (0, VERSION):
            raise StateFormatError(f"{folder / FILE} has format {version}; this version reads {VERSION}. {_LEFT}")
        self._connection.executescript(
            f"""BEGIN; CREATE TABLE IF NOT EXISTS state (
                collection TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (collection, key)
            ) WITHOUT ROWID; PRAGMA user_version = {VERSION}; COMMIT"""
        )

    def rows(self, collection: str) -> list[tuple[str, str]]:
        """Return the keys and values of a collection, in the order of the keys."""
        query = "SELECT key, value FROM state WHERE collection = ? ORDER BY key"
        return self._read(query, collection)

    def value(self, collection: str, key: str) -> str | None:
        """Return the value of a row, or None."""
        query = "SELECT value FROM state WHERE collection = ? AND key = ?"
        found = self._read(query, collection, key)
        return found[0][0] if found else None

    def commit(self, changes: Iterable[Change], *, orderly: bool = False) -> None:
        """Apply all changes in their order, or none; they are on the disk when this returns. Raises sqlite3.Error.

        The time of the commit is kept with them, and whether it was the last one of an orderly stop.
        """
        last = Put(*_LAST, {"at": time.time(), "orderly": orderly})
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            for change in (*changes, last):
                self._apply(change)
            self._connection.execute("COMMIT")
        except BaseException:
            self._connection.rollback()
            raise

    def last_commit(self) -> dict[str, Any] | None:
        """Return `at` (seconds since the epoch) and `orderly` of the last commit; None before the first."""
        text = self.value(*_LAST)
        return json.loads(text) if text else None

    def count(self, collection: str, containing: str = "") -> int:
        """Return the number of rows of a collection whose keys contain a text."""
        query = "SELECT count(*) FROM state WHERE collection = ? AND instr(key, ?) > 0"
        ((number,),) = self._read(query, collection, containing)
        return int(number)

    def close(self) -> None:
        """Close the database."""
        self._connection.close()
        self._reader.close()

    def _read(self, query: str, *parameters: str) -> list[Any]:
        with self._reading:
            return self._reader.execute(query, parameters).fetchall()

    def _apply(self, change: Change) -> None:
        match change:
            case Put(collection, key, value):
                text = value if isinstance(value, str) else json.dumps(value)
                self._connection.execute(_UPSERT, (collection, key, text))
            case Delete(collection, key):
                self._connection.execute(_DELETE, (collection, key))
            case DeleteAll(collection, prefix):
                self._connection.execute(_DELETE_RANGE, (collection, prefix, f"{prefix}\U0010ffff"))


def decode_all(values: Iterable[str]) -> list[Any]:
    """Decode many JSON texts at once, which is faster than one by one."""
    decoded: list[Any] = json.loads(f"[{','.join(values)}]")
    return decoded
