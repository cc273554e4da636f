"""Every claim of docs/reference/appsync-fidelity.md has a test."""

from __future__ import annotations

import re

import pytest

from local.settings import CHECKOUT

APPSYNC_TESTS = CHECKOUT / "packages" / "appsync-local" / "tests"
PAGE = (CHECKOUT / "docs" / "reference" / "appsync-fidelity.md").read_text(encoding="utf-8")
WITHOUT = ("| test |", "| - |", "| as above |")  # headings, what is not supported, and what the row before holds too
ROWS = [line for line in PAGE.splitlines() if line.startswith("| ") and not line.endswith(WITHOUT)]
NAMED = sorted(set(re.findall(r"\btest_\w+", PAGE)))


def known() -> set[str]:
    files = [path for folder in (CHECKOUT / "tests", APPSYNC_TESTS) for path in folder.rglob("test_*.py")]
    return {path.stem for path in files} | {
        name for path in files for name in re.findall(r"^(?:async )?def (test_\w+)", path.read_text(), re.MULTILINE)
    }


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.split(" | ")[0].strip("| "))
def test_each_behaviour_names_a_test(row: str) -> None:
    assert "test_" in row.rpartition(" | ")[2]


def test_each_test_that_is_named_is_there() -> None:
    assert len(NAMED) > 50
    assert set(NAMED) <= known()


def test_each_file_that_is_named_is_there() -> None:
    folders = (APPSYNC_TESTS, CHECKOUT / "tests" / "e2e")
    for name in re.findall(r"`((?:clients/)?test_\w+\.py)", PAGE):
        assert any((folder / name).is_file() for folder in folders), name
