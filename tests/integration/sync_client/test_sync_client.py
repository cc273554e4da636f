"""The reference sync client does what its unit tests say, and stays small enough to read."""

import json
import subprocess

from tests.support.sync_client import SYNC_CLIENT, build_sync_client


def test_its_unit_tests_pass() -> None:
    tests = build_sync_client() / "tests" / "client.test.js"
    done = subprocess.run(["node", "--test", tests], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_it_has_under_300_lines() -> None:
    assert sum(len(source.read_text().splitlines()) for source in (SYNC_CLIENT / "src").glob("*.ts")) < 300


def test_it_depends_on_nothing_and_names_no_type_any() -> None:
    assert "dependencies" not in json.loads((SYNC_CLIENT / "package.json").read_text())
    assert [source.name for source in SYNC_CLIENT.rglob("src/*.ts") if ": any" in source.read_text()] == []
