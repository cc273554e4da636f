"""Only one running system can have the ports."""

import socket
from pathlib import Path

import pytest

from local.locks import lock
from local.ports import PortInUseError, open_sockets
from local.settings import LOOPBACK, Settings


def test_a_refused_start_leaves_no_state_folder(tmp_path: Path) -> None:
    with socket.create_server((LOOPBACK, 0)) as taken:
        settings = Settings(port=taken.getsockname()[1], state=tmp_path / "state")
        with pytest.raises(PortInUseError, match="PORT"), lock(settings), open_sockets(settings):
            pass
    assert not settings.state.exists()
