"""The database of the local AWS: commits are whole, and what cannot be read is refused."""

import sqlite3
from pathlib import Path

import pytest

from local.ministack_patches.durability.database import FILE, Delete, DeleteAll, Put, StateDatabase, StateFormatError


@pytest.fixture
def database(tmp_path: Path) -> StateDatabase:
    return StateDatabase(tmp_path)


def test_a_commit_applies_its_changes_in_their_order(database: StateDatabase) -> None:
    database.commit([Put("c", "a", "1"), Put("c", "b", {"x": 2}), Delete("c", "a"), Delete("c", "none")])
    assert database.rows("c") == [("b", '{"x": 2}')]
    assert (database.value("c", "b"), database.value("c", "a")) == ('{"x": 2}', None)


def test_a_commit_that_fails_changes_nothing(database: StateDatabase) -> None:
    database.commit([Put("c", "a", "1")])
    with pytest.raises(TypeError):
        database.commit([Delete("c", "a"), Put("c", "b", object())])
    assert database.rows("c") == [("a", "1")]
    database.commit([Put("c", "b", "2")])
    assert len(database.rows("c")) == 2


def test_what_was_committed_is_there_for_the_next_process(tmp_path: Path, database: StateDatabase) -> None:
    database.commit([Put("c", "a", "1")])
    assert StateDatabase(tmp_path).rows("c") == [("a", "1")]  # the first one was never closed


def test_rows_are_removed_by_the_beginning_of_their_keys(database: StateDatabase) -> None:
    database.commit([Put("c", key, "") for key in ("a|1", "a|é", "ab|1", "b")] + [Put("d", "a|1", "")])
    database.commit([DeleteAll("c", "a|")])
    assert [key for key, _ in database.rows("c")] == ["ab|1", "b"]
    assert database.count("d") == 1


def test_the_last_commit_says_whether_it_ended_in_order(database: StateDatabase) -> None:
    assert database.last_commit() is None
    database.commit([])
    assert database.last_commit() == {"at": pytest.approx(database.last_commit()["at"]), "orderly": False}  # type: ignore[index]
    database.commit([], orderly=True)
    assert (database.last_commit() or {})["orderly"]


def test_another_format_is_refused_and_left(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / FILE) as other:
        other.execute("PRAGMA user_version = 7")
    other.close()
    with pytest.raises(StateFormatError, match="has format 7; this version reads 1"):
        StateDatabase(tmp_path)


def test_a_file_that_is_no_database_is_refused_and_left(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text("{}" * 1000)
    with pytest.raises(StateFormatError, match="cannot be read"):
        StateDatabase(tmp_path)
    assert (tmp_path / FILE).read_text() == "{}" * 1000
