"""What a start says about the state that it recovers."""

from pathlib import Path

import pytest

from local.ministack_patches.durability.database import (
    EXECUTIONS,
    ITEMS,
    MESSAGES,
    Put,
    StateDatabase,
    StateFormatError,
)
from local.recovery import describe_recovery


def commit(folder: Path, *, orderly: bool) -> None:
    items = [Put(ITEMS, f"table|'OWNER#o'|'{key}'", {}) for key in ("TASK#1", "TASK#2", "STATS")]
    database = StateDatabase(folder)
    database.commit([*items, Put(MESSAGES, "q|1", {}), Put(EXECUTIONS, "e", {})], orderly=orderly)
    database.close()


def test_a_start_says_what_was_there_and_when(tmp_path: Path) -> None:
    commit(tmp_path, orderly=True)
    said = describe_recovery(tmp_path) or ""
    assert said.startswith("Recovered 2 tasks, 1 message, 1 workflow execution, as of 2")
    assert "second" not in said


def test_after_a_kill_it_says_that_the_last_second_may_be_missing(tmp_path: Path) -> None:
    commit(tmp_path, orderly=False)
    said = describe_recovery(tmp_path) or ""
    assert said.endswith("It did not end in order: what was done in its last second may be missing")


def test_a_first_start_says_nothing(tmp_path: Path) -> None:
    assert describe_recovery(tmp_path / "none") is None
    StateDatabase(tmp_path).close()  # a start that was killed before it saved
    assert describe_recovery(tmp_path) is None


def test_data_of_an_earlier_version_is_refused(tmp_path: Path) -> None:
    (tmp_path / "sqs.json").write_text("{}")
    with pytest.raises(StateFormatError, match="earlier version of the local system"):
        describe_recovery(tmp_path)
