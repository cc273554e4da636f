"""Ports that only one running system can have."""

import socket
from pathlib import Path

import pytest

from local.exclusive import AlreadyTaken, listen, lock
from local.settings import LOOPBACK, Settings


def test_a_refused_start_leaves_no_state_folder(tmp_path: Path) -> None:
    with socket.create_server((LOOPBACK, 0)) as taken:
        settings = Settings(port=taken.getsockname()[1], state=tmp_path / "state")
        with pytest.raises(AlreadyTaken, match="PORT"), lock(settings):
            listen(settings)
    assert not settings.state.exists()
