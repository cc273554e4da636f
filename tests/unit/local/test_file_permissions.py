"""Only the owner can read the state folder."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from local.credentials import load_or_create_secrets
from local.file_permissions import StateFolderError, make_private


@pytest.fixture(autouse=True)
def _umask() -> Iterator[None]:
    before = os.umask(0o022)
    yield
    os.umask(before)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_what_an_earlier_system_left_open_is_closed(tmp_path: Path) -> None:
    state = tmp_path / "state"
    (state / "aws").mkdir(parents=True)
    tasks, program = state / "aws" / "dynamodb.json", state / "bootstrap"
    for path in (tasks, program):
        path.write_text("")
    program.chmod(0o755)
    (state / "link").symlink_to("/etc/hostname")
    make_private(state)
    assert [mode(path) for path in (state, state / "aws", tasks, program)] == [0o700, 0o700, 0o600, 0o700]
    assert mode(Path("/etc/hostname")) & 0o044


def test_what_is_written_later_is_private(tmp_path: Path) -> None:
    make_private(tmp_path / "state")
    (tmp_path / "state").mkdir()
    (tmp_path / "state" / "log").write_text("")
    assert (mode(tmp_path / "state"), mode(tmp_path / "state" / "log")) == (0o700, 0o600)


@pytest.mark.skipif(os.getuid() != 0, reason="only root can give a folder to somebody else")
def test_a_folder_of_another_user_is_refused(tmp_path: Path) -> None:
    os.chown(tmp_path, 65534, 65534)
    with pytest.raises(StateFolderError, match="belongs to another user"):
        make_private(tmp_path)
    os.chown(tmp_path, 0, 0)


def test_secrets_are_made_once_and_kept_private(tmp_path: Path) -> None:
    made = load_or_create_secrets(tmp_path, ["ada"])
    assert load_or_create_secrets(tmp_path) == made
    assert load_or_create_secrets(tmp_path, ["ada", "grace"]).passwords["ada"] == made.passwords["ada"]
    assert mode(tmp_path / "secrets.json") == 0o600
    assert len({made.api_key, made.aws_secret_key, *made.passwords.values()}) == 3


def test_secrets_of_an_earlier_version_are_completed(tmp_path: Path) -> None:
    (tmp_path / "secrets.json").write_text('{"apiKey": "da2-typed", "passwords": {"ada": "known"}}')
    kept = load_or_create_secrets(tmp_path)
    assert (kept.api_key, kept.passwords) == ("da2-typed", {"ada": "known"})
    assert kept.aws_secret_key
