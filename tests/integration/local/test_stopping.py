"""How the local AWS stops, and what it prints."""

import asyncio
import os
import sys
from pathlib import Path

import pytest

from local.ministack import LocalAws
from local.ministack_patches.shutdown import NOT_SAVED
from local.settings import Settings

ON_SIGTERM = "import os, signal, threading\nsignal.signal(signal.SIGTERM, lambda *_: {})\nprint(flush=True)\n"
FOR_EVER = "while True: signal.pause()"


class Stopped:
    """A local AWS that is ready, with a process that does something else at SIGTERM."""

    def __init__(self, state: Path) -> None:
        self.said: list[str] = []
        self.aws = LocalAws(Settings(state=state), self.said.append)

    async def runs(self, at_sigterm: str, stop_within: float = 5) -> None:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-c", ON_SIGTERM.format(at_sigterm) + FOR_EVER,
            stdout=asyncio.subprocess.PIPE, start_new_session=True,
        )  # fmt: skip
        assert process.stdout is not None
        await process.stdout.readline()
        self.aws._process, self.aws._was_ready, self.aws._stop_within = process, True, stop_within
        self.pid = process.pid

    def is_gone(self) -> bool:
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return True
        return False


@pytest.fixture
def stopped(tmp_path: Path) -> Stopped:
    return Stopped(tmp_path)


async def test_a_stop_that_saved_says_nothing(stopped: Stopped) -> None:
    await stopped.runs("os._exit(0)")
    await stopped.aws.stop()
    assert stopped.said == []
    assert stopped.is_gone()


async def test_a_stop_that_could_not_save_says_so(stopped: Stopped) -> None:
    await stopped.runs(f"os._exit({NOT_SAVED})")
    await stopped.aws.stop()
    lost = "What was done in its last second may be missing."
    assert stopped.said == [f"The local AWS could not save. {lost} See {stopped.aws.log}."]


async def test_a_stop_that_takes_too_long_is_ended_and_says_so(stopped: Stopped) -> None:
    await stopped.runs("None", stop_within=0.1)
    await stopped.aws.stop()
    assert stopped.said[0].startswith("The local AWS did not end in")
    assert stopped.is_gone()


async def test_a_second_stop_cuts_the_first_one_short(stopped: Stopped) -> None:
    await stopped.runs("None")
    stopping = asyncio.create_task(stopped.aws.stop())
    await asyncio.sleep(0)
    stopping.cancel()
    with pytest.raises(asyncio.CancelledError):
        await stopping
    assert stopped.is_gone()


async def test_stopping_again_does_nothing(stopped: Stopped) -> None:
    await stopped.runs("os._exit(0)")
    await stopped.aws.stop()
    await stopped.aws.stop()
    assert stopped.said == []
