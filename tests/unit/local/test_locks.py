"""Only one running system can have a state folder."""

import threading
from pathlib import Path

import pytest

from local.locks import AlreadyRunningError, aws_lock, lock, wait_for_former_aws
from local.settings import Settings


def test_a_refused_start_leaves_a_state_folder_that_was_there(tmp_path: Path) -> None:
    (tmp_path / "aws").mkdir()
    with pytest.raises(AlreadyRunningError), lock(Settings(state=tmp_path)):
        raise AlreadyRunningError
    assert (tmp_path / "aws").is_dir()


def test_a_second_start_is_rejected_with_the_holder(tmp_path: Path) -> None:
    settings = Settings(state=tmp_path / "state")
    with lock(settings):
        with pytest.raises(AlreadyRunningError, match="Taskbell already runs here"), lock(settings):
            pass
        assert (settings.state / "lock").exists()


def test_nothing_is_waited_for_in_a_folder_where_nothing_runs(tmp_path: Path) -> None:
    said: list[str] = []
    for _ in range(2):
        wait_for_former_aws(Settings(state=tmp_path), said.append)
        with aws_lock(tmp_path):
            pass
    assert said == []


def test_a_start_waits_while_the_former_aws_saves(tmp_path: Path) -> None:
    warned = threading.Event()
    with aws_lock(tmp_path):
        waiting = threading.Thread(target=wait_for_former_aws, args=(Settings(state=tmp_path), lambda _: warned.set()))
        waiting.start()
        assert warned.wait(10)
        assert waiting.is_alive()
    waiting.join(10)
    assert not waiting.is_alive()


def test_a_former_aws_that_does_not_end_is_reported(tmp_path: Path) -> None:
    with aws_lock(tmp_path), pytest.raises(AlreadyRunningError, match="has not ended"):
        wait_for_former_aws(Settings(state=tmp_path), lambda _: None, timeout_seconds=0)
