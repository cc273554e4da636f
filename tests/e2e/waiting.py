"""Polls with a deadline for what is not pushed."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


async def until(ask: Callable[[], T], patience: float = 30) -> T:
    """What `ask` answers when that is true for the first time."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + patience
    while not (answer := await asyncio.to_thread(ask)):
        assert loop.time() < deadline, "Waited in vain."
        await asyncio.sleep(0.1)
    return answer
