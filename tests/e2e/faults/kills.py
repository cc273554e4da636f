"""A system whose processes are killed, and started again when it ended by that."""

import asyncio
import os
import random
import signal
import time
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

import boto3

from local.ministack import boto3_arguments
from local.settings import Settings
from tests.support.local_system import LocalSystem, processes_of, running

AT_MOST_LOST = 1.0  # seconds of acknowledged changes, by a kill of the local AWS

# Seconds after which a message comes back whose function was killed, or could not say when it wants it again. On a
# stage it is 180 s, for which a run need not wait; it must be longer than the function may take.
VISIBILITY_TIMEOUT = 35


class Kill(Enum):
    """What is killed, by the words in the command lines of its processes; the system ends by all but the first."""

    WORKERS = "awslambdaric"
    GATEWAY = "-m local "
    LOCAL_AWS = "ministack_process"
    EVERYTHING = ""


@dataclass
class MortalSystem:
    """A system that can be killed.

    Attributes:
        losses: The spans of the monotonic clock in which what was acknowledged may be missing.
        starts: How long each start took, in seconds.
    """

    settings: Settings
    chance: random.Random
    losses: list[tuple[float, float]] = field(default_factory=list)
    starts: list[float] = field(default_factory=list)
    killed: list[Kill] = field(default_factory=list)
    _running: ExitStack = field(default_factory=ExitStack)
    _starting: "asyncio.Task[LocalSystem] | None" = None

    async def start(self) -> LocalSystem:
        """Start it, wait until it is ready, and shorten the visibility timeout of the events' queue."""
        self._starting = asyncio.create_task(asyncio.to_thread(self._running.enter_context, running(self.settings)))
        system = await asyncio.shield(self._starting)
        await asyncio.to_thread(_shorten_visibility, self.settings)
        self.starts.append(system.seconds_to_ready)
        return system

    async def stop(self) -> None:
        """Stop it in order, also while it starts."""
        if self._starting:
            await asyncio.wait({self._starting})
        await asyncio.to_thread(self._running.close)

    async def kill(self, kill: Kill) -> None:
        """Kill processes outright, and start the system again if it ended by that."""
        at = time.monotonic()
        processes = [pid for pid, command in processes_of(self.settings.state).items() if kill.value in command]
        if kill is Kill.WORKERS and processes:
            processes = self.chance.sample(sorted(processes), k=min(2, len(processes)))
        for process in processes:
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        self.killed += [kill] if processes else []
        if kill is not Kill.WORKERS:
            await self.stop()
            await self.start()
        if kill in {Kill.LOCAL_AWS, Kill.EVERYTHING}:
            self.losses.append((at - AT_MOST_LOST, time.monotonic()))

    def may_be_lost(self, acknowledged_at: float) -> bool:
        """Whether a change that was acknowledged then may be missing."""
        return any(begins <= acknowledged_at <= ends for begins, ends in self.losses)


def _shorten_visibility(settings: Settings) -> None:
    client: Any = boto3.client("sqs", **boto3_arguments(settings))
    (url,) = client.list_queues(QueueNamePrefix="taskbell-local-TaskEvents.fifo")["QueueUrls"]
    client.set_queue_attributes(QueueUrl=url, Attributes={"VisibilityTimeout": str(VISIBILITY_TIMEOUT)})
