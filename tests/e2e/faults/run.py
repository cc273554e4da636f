"""A run: writers and subscribers, kills and faults, rest, and what does not hold then."""

import asyncio
import random
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import aiohttp
from gql.transport.appsync_auth import AppSyncApiKeyAuthentication, AppSyncAuthentication, AppSyncJWTAuthentication

from local.settings import Settings
from tests.e2e.faults.checks import (
    acknowledged_and_missing,
    due_soon,
    not_pushed,
    out_of_order,
    shown_otherwise,
    unexpected_errors,
)
from tests.e2e.faults.kills import Kill, MortalSystem
from tests.e2e.faults.outcome import LocalState, unexpected_traces
from tests.e2e.faults.subscribers import Subscriber
from tests.e2e.faults.writers import Caller, Log, Writer
from tests.support.fault_proxy import FaultProxy
from tests.support.local_system import LocalSystem
from tests.support.pipeline_invariants import INVARIANTS
from tests.support.pipeline_outcome import Outcome

OWNERS = (None, "ada", "grace", "linus")  # the guest, and users


@dataclass(frozen=True)
class Plan:
    """What a run is made of.

    Attributes:
        seed: Chooses what people do, what fails and which processes are killed.
        pause: The seconds between two operations of a writer, at most.
        rate: The share of the functions' requests that fail (see `FaultProxy`), and `limit` how many at most.
        kills_end: The share of the tasks that are written before the last kill; the others with faults alone.
        faults_outlast: The seconds from the last write to the last fault.
        rests_within: Seconds from the last fault to the rest, at most. It takes longer than the visibility timeout of a
            stage, which a message may have that was received before it was shortened, and the longest retry after it.
        ends_within: Seconds for all of it; what takes longer is a failure.
    """

    seed: int
    tasks: int
    writers: int
    kills: tuple[Kill, ...]
    pause: float
    rate: float = 0.03
    limit: int = 1_000
    kills_end: float = 0.7
    faults_outlast: float = 15
    rests_within: float = 240
    ends_within: float = 420


@dataclass
class Run:
    """A run of a plan on a system of its own."""

    plan: Plan
    settings: Settings
    seconds: dict[str, float] = field(default_factory=dict)
    log: Log = field(default_factory=Log)

    def __post_init__(self) -> None:
        self.mortal = MortalSystem(self.settings, self._chance("kills"))
        self.proxy = FaultProxy(self.settings, self._chance("faults"), self.plan.rate, self.plan.limit)
        self.outcome: Outcome | None = None
        self.subscribers: list[Subscriber] = []
        self._found: list[str] = []

    async def run(self) -> list[str]:
        """Run, and return what does not hold, in words."""
        async with self.proxy.serving():
            system = await self.mortal.start()
            try:
                async with asyncio.timeout(self.plan.ends_within):
                    return await self._all(system)
            except TimeoutError:
                return [f"It did not end in {self.plan.ends_within} s.", *self._found]
            finally:
                await self.mortal.stop()

    async def _all(self, system: LocalSystem) -> list[str]:
        callers = await asyncio.to_thread(lambda: [_credentials(system, name) for name in OWNERS])
        async with self._subscribed(system, callers):
            await self._write([caller for _, caller, _ in callers])
            return await self._rest()

    def _chance(self, of: str) -> random.Random:
        return random.Random(f"{self.plan.seed} {of}")  # noqa: S311 - no cryptography

    @asynccontextmanager
    async def _subscribed(
        self, system: LocalSystem, callers: list[tuple[str, Caller, AppSyncAuthentication]]
    ) -> AsyncIterator[None]:
        url = system.connection["realtimeUrl"]
        self.subscribers = [Subscriber(*who[:2], url, who[2], self._chance(who[0])) for who in callers[:2]]
        following = [asyncio.create_task(each.follow()) for each in self.subscribers]
        try:
            yield
        finally:
            for task in following:
                task.cancel()
            await asyncio.gather(*following, return_exceptions=True)

    async def _write(self, callers: list[Caller]) -> None:
        plan, began = self.plan, time.monotonic()
        writers = [
            Writer(f"w{n}", callers[n % len(callers)], self._chance(f"writer {n}"), self.log, plan.pause)
            for n in range(plan.writers)
        ]
        self.proxy.faulty = True
        async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as http, asyncio.TaskGroup() as group:
            for writer in writers:
                group.create_task(writer.write(http, plan.tasks // plan.writers))
            await self._kill()
            for subscriber in self.subscribers:
                subscriber.staying.set()
        await asyncio.sleep(plan.faults_outlast)  # what was written is still on its way
        self.proxy.faulty = False
        self.seconds["writing"] = time.monotonic() - began

    async def _kill(self) -> None:
        for number, kill in enumerate(self.plan.kills, 1):
            await self.log.until(int(self.plan.tasks * self.plan.kills_end * number / len(self.plan.kills)))
            await self.mortal.kill(kill)

    async def _rest(self) -> list[str]:
        """Wait until everything holds, or for as long as the plan says; what does not hold then."""
        began = time.monotonic()
        state = await asyncio.to_thread(LocalState, self.settings)
        while True:
            messages = await asyncio.to_thread(state.messages)
            self._found = [f"{queue} has {n} messages" for queue, n in messages.items()]
            if not self._found:
                self.outcome = await asyncio.to_thread(state.outcome)
                self._found = await asyncio.to_thread(lambda: list(self._violations()))
            self.seconds["resting"] = time.monotonic() - began
            if not self._found or self.seconds["resting"] > self.plan.rests_within:
                return self._found
            await asyncio.sleep(2)

    def _violations(self) -> Iterator[str]:
        outcome, log, mortal = self.outcome, self.log, self.mortal
        assert outcome is not None
        for check in INVARIANTS:
            yield from (f"{check.__name__}: {text}" for text in check(outcome))
        yield from acknowledged_and_missing(log, mortal, outcome)
        yield from unexpected_errors(log, mortal)
        yield from unexpected_traces(self.settings.logs, aws_killed=bool(mortal.losses))
        yield from due_soon(outcome)
        for subscriber in self.subscribers:
            yield from shown_otherwise(subscriber, outcome)
            yield from not_pushed(subscriber, outcome)
            yield from out_of_order(subscriber)

    def report(self) -> str:
        """What was done and measured."""
        plan, mortal, injected = self.plan, self.mortal, self.proxy.injected
        faults = sorted(f"{count} {kind.value} ({target})" for (kind, target), count in injected.items())
        maybe_lost = sum(mortal.may_be_lost(change.at) for change in self.log.acknowledged)
        lines = (
            f"seed {plan.seed}: {self.log.done} tasks by {plan.writers} writers",
            f"{len(self.log.acknowledged)} acknowledged changes, {maybe_lost} of them just before a kill",
            f"{len(self.outcome.commits) if self.outcome else 0} stored changes of tasks",
            f"{injected.total()} faults in {self.proxy.forwarded} requests: {', '.join(faults)}",
            f"killed: {', '.join(kill.name.lower() for kill in mortal.killed) or 'nothing'}",
            f"repeated by clients: {dict(self.log.repeated)}",
            f"pushes by subscription: {[[len(s.pushes) for s in each.sessions] for each in self.subscribers]}",
            f"seconds: {', '.join(f'{value:.1f} {name}' for name, value in self.seconds.items())}",
            f"seconds of starts: {mortal.starts}",
        )
        return "\n".join(lines)


def _credentials(system: LocalSystem, name: str | None) -> tuple[str, Caller, AppSyncAuthentication]:
    """The id, the caller and the authentication of subscriptions of the guest or a user."""
    connection: dict[str, Any] = system.connection
    host = urlsplit(connection["graphqlUrl"]).netloc
    auth = AppSyncJWTAuthentication(host, system.token(name)) if name else None
    found = auth or AppSyncApiKeyAuthentication(host, connection["apiKey"])
    headers = {"authorization": system.token(name)} if name else {"x-api-key": connection["apiKey"]}
    _, answer = system.graphql("{ viewer { ownerId } }", {}, **headers)
    return answer["data"]["viewer"]["ownerId"], Caller(connection["graphqlUrl"], headers), found
