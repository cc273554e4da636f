"""Clients that follow an owner's tasks: they drop what is not newer, and query again after each gap."""

import asyncio
import random
from collections.abc import AsyncIterator, Mapping
from contextlib import aclosing, asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import aiohttp
from gql import Client, GraphQLRequest, gql
from gql.client import AsyncClientSession
from gql.transport.appsync_auth import AppSyncAuthentication
from gql.transport.exceptions import TransportError

from tests.e2e.faults.writers import Caller
from tests.e2e.following import AcknowledgedTransport
from tests.support.examples import uuid_of

_TASK = "id version createdAt updatedAt deletedAt"
_FOLLOW = gql(f"subscription ($o: ID!) {{ onTaskEvent(ownerId: $o) {{ event {{ version at }} task {{ {_TASK} }} }} }}")
_QUERY = f"""query ($after: String) {{
  tasks(first: 100, after: $after) {{ nodes {{ {_TASK} }} pageInfo {{ hasNextPage endCursor }} }}
}}"""
_BROKEN = (aiohttp.ClientError, TransportError, ConnectionError, TimeoutError, KeyError, TypeError)

Task = Mapping[str, Any]


@dataclass
class Session:
    """One subscription: since when, and what was pushed."""

    since: str
    pushes: list[dict[str, Any]] = field(default_factory=list)


@dataclass
class Subscriber:
    """A screen of one owner.

    Attributes:
        tasks: What it shows, by id; those that were deleted, too.
        sessions: Its subscriptions, the last one at the end.
    """

    owner: str
    caller: Caller
    realtime_url: str
    auth: AppSyncAuthentication
    chance: random.Random
    tasks: dict[str, Task] = field(default_factory=dict)
    sessions: list[Session] = field(default_factory=list)
    staying: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def shown(self) -> dict[str, tuple[str, int]]:
        """The creation and version of each task that it shows."""
        shown = {uuid_of(id_): task for id_, task in self.tasks.items() if not task["deletedAt"]}
        return {id_: (task["createdAt"], task["version"]) for id_, task in shown.items()}

    async def follow(self) -> None:
        """Come and go until it is to stay, and then stay; come back after each cut."""
        while True:
            with suppress(*_BROKEN):
                async with self._subscribed() as receiving:
                    await self._stay(receiving)
            await asyncio.sleep(self.chance.uniform(0.1, 2))

    async def _stay(self, receiving: "asyncio.Task[None]") -> None:
        staying = asyncio.create_task(self.staying.wait())
        leaves = self.chance.uniform(2, 10)
        try:
            await asyncio.wait({receiving, staying}, timeout=leaves, return_when=asyncio.FIRST_COMPLETED)
            if staying.done():
                await receiving
        finally:
            staying.cancel()

    @asynccontextmanager
    async def _subscribed(self) -> AsyncIterator["asyncio.Task[None]"]:
        """Subscribe, then query; what is pushed is merged meanwhile."""
        transport = AcknowledgedTransport(self.realtime_url, self.auth)
        async with Client(transport=transport) as live:
            session = Session("9999")
            self.tasks = {}
            receiving = asyncio.create_task(self._receive(live, session))
            try:
                await asyncio.wait_for(transport.acknowledged.wait(), 10)
                session.since = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
                for task in await self._query():
                    self._show(task)
                self.sessions.append(session)
                yield receiving
            finally:
                receiving.cancel()
                await asyncio.gather(receiving, return_exceptions=True)

    async def _receive(self, live: AsyncClientSession, session: Session) -> None:
        async with aclosing(live.subscribe(GraphQLRequest(_FOLLOW, variable_values={"o": self.owner}))) as pushes:
            async for answer in pushes:
                pushed = answer["onTaskEvent"]
                session.pushes.append({**pushed["event"], "task": pushed["task"]})
                self._show(pushed["task"])

    def _show(self, task: Task) -> None:
        known = self.tasks.get(task["id"])
        if known is None or (task["createdAt"], task["version"]) > (known["createdAt"], known["version"]):
            self.tasks[task["id"]] = task

    async def _query(self) -> list[Task]:
        found: list[Task] = []
        after = None
        async with aiohttp.ClientSession() as http:
            while True:
                page = (await self.caller.request(http, _QUERY, {"after": after}))["data"]["tasks"]
                found += page["nodes"]
                if not page["pageInfo"]["hasNextPage"]:
                    return found
                after = page["pageInfo"]["endCursor"]
