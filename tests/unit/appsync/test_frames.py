"""WebSocket frames that the gateway writes itself."""

from __future__ import annotations

import pytest

from local.appsync.serving import framed


@pytest.mark.parametrize(("size", "head"), [(125, 2), (126, 4), (65_535, 4), (65_536, 10)])
def test_a_frame_says_how_long_it_is(size: int, head: int) -> None:
    frame = framed(b"x" * size)
    assert len(frame) == size + head
    assert frame[0] == 0x81
    length = frame[1] if head == 2 else int.from_bytes(frame[2:head], "big")
    assert length == size
