"""A change on which a function hangs or ends each time is set aside, and the changes around it go on."""

import asyncio
import os
import random
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from pathlib import Path

import pytest

from tests.e2e.aws import Aws
from tests.e2e.test_nothing_is_lost import client, create, has_come_to
from tests.e2e.waiting import until
from tests.support.fault_proxy import FaultProxy
from tests.support.local_system import LocalSystem, free_port, free_settings, processes_of, running

FORWARD = "taskbell-local-forwardChanges"
TIMEOUT = 2  # seconds
REDRIVE = "mutation { redriveDeadLetters(input: {all: true}) { letters { outcome } errors { code } } }"

Harm = Callable[[Path], Awaitable[None]]


async def hang(_state: Path) -> None:
    """Let the function wait for its call of SQS for longer than it may run."""
    await asyncio.sleep(TIMEOUT + 1)


async def crash(state: Path) -> None:
    """Kill the function while it waits for its call of SQS."""
    await asyncio.to_thread(_kill_function, state)


def _kill_function(state: Path) -> None:
    name = f"AWS_LAMBDA_FUNCTION_NAME={FORWARD}".encode()
    for process in processes_of(state):
        with suppress(OSError):
            if name in Path(f"/proc/{process}/environ").read_bytes().split(b"\0"):
                os.kill(process, signal.SIGKILL)


@asynccontextmanager
async def impatient_system(state: Path, harm: Harm) -> AsyncIterator[tuple[LocalSystem, FaultProxy]]:
    """A system that gives up a change after its second attempt; forwarding what has `poison` in it does harm."""
    settings = replace(free_settings(state), functions_port=free_port())

    async def interrupt(body: bytes) -> bool:
        if b"poison" in body and b"QueueUrl" in body:
            await harm(state)
            return True
        return False

    proxy = FaultProxy(settings, random.Random(0), interrupt=interrupt)  # noqa: S311 - no cryptography
    system = running(settings)
    async with proxy.serving():
        started = await asyncio.to_thread(system.__enter__)
        functions = client("lambda", settings)
        functions.update_function_configuration(FunctionName=FORWARD, Timeout=TIMEOUT)
        (mapping,) = functions.list_event_source_mappings(FunctionName=FORWARD)["EventSourceMappings"]
        functions.update_event_source_mapping(UUID=mapping["UUID"], MaximumRetryAttempts=1)
        try:
            yield started, proxy
        finally:
            await asyncio.to_thread(system.__exit__, None, None, None)


@pytest.mark.parametrize("harm", [hang, crash])
async def test_a_change_on_which_the_function_hangs_or_ends_is_set_aside_and_its_neighbours_pass(
    tmp_path: Path, harm: Harm
) -> None:
    async with impatient_system(tmp_path, harm) as (system, proxy):
        aws = Aws(system)
        url = aws.variable("forwardChanges", "UNFORWARDED_CHANGES_URL")

        def set_aside() -> bool:
            attributes = aws.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
            return int(attributes["ApproximateNumberOfMessages"]) == 1

        for task in ("before", "poison", "behind"):
            await asyncio.to_thread(create, system, task)
        for task in ("before", "behind"):
            await until(has_come_to(system, task, "SUCCEEDED"))
        await until(set_aside)
        assert not await asyncio.to_thread(has_come_to(system, "poison", "SUCCEEDED"))
        proxy.interrupt = None
        token = await asyncio.to_thread(system.token, "linus")
        _, answer = await asyncio.to_thread(lambda: system.graphql(REDRIVE, {}, authorization=token))
        assert answer["data"]["redriveDeadLetters"] == {"letters": [{"outcome": "FORWARDED"}], "errors": []}
        await until(has_come_to(system, "poison", "SUCCEEDED"))
