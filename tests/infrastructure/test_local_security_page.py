"""Every claim of docs/explanation/local-security.md has a test."""

import re
from pathlib import Path

PAGE = "docs/explanation/local-security.md"


def test_each_promise_names_a_test_that_is_there(checkout: Path) -> None:
    page = (checkout / PAGE).read_text(encoding="utf-8")
    promises = page.partition("## Promises")[2].partition("## On AWS")[0]
    rows = [line for line in promises.splitlines() if line.startswith("| ") and not line.startswith("| promise")]
    assert len(rows) > 15
    assert [row for row in rows if "`test_" not in row.split(" | ")[-1]] == []
    folders = (checkout / "tests", checkout / "packages/appsync-local/tests")
    tests = (path.read_text(encoding="utf-8") for folder in folders for path in folder.rglob("test_*.py"))
    known = {name for text in tests for name in re.findall(r"^(?:async )?def (test_\w+)", text, re.MULTILINE)}
    assert set(re.findall(r"\btest_\w+", page)) - known == set()
