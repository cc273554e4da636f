"""Clients that change tasks, repeat what got no answer, and know what was acknowledged."""

import asyncio
import random
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp

from tests.support.examples import uuid_of

_FIELDS = "task { id ownerId version updatedAt } errors { code message field }"
_MUTATIONS = {
    name: f"mutation ($input: {name[0].upper()}{name[1:]}Input!) {{ {name}(input: $input) {{ {_FIELDS} }} }}"
    for name in ("createTask", "updateTask", "setTaskStatus", "deleteTask", "restoreTask")
}
FAR = "2099-01-01T00:00:00.000Z"
MAX_LOSSES = 10  # of one task: more than there are kills
_TIMEOUT = aiohttp.ClientTimeout(total=40)


class LostError(Exception):
    """The task is not there: it was accepted in the last second before a kill of the local AWS."""


@dataclass(frozen=True)
class Acknowledged:
    """A change whose mutation was answered at a time of the monotonic clock."""

    at: float
    owner: str
    task: str
    version: int
    updated_at: str


@dataclass
class Caller:
    """Somebody with credentials of the API."""

    url: str
    headers: Mapping[str, str]

    async def request(self, http: aiohttp.ClientSession, query: str, variables: Mapping[str, Any]) -> dict[str, Any]:
        """The response as JSON. Raises aiohttp.ClientError or TimeoutError if there is none."""
        body = {"query": query, "variables": dict(variables)}
        async with http.post(self.url, json=body, headers=self.headers, timeout=_TIMEOUT) as response:
            response.raise_for_status()
            answer: dict[str, Any] = await response.json()
            return answer


@dataclass
class Log:
    """What all writers have seen.

    Attributes:
        acknowledged: The changes that were accepted.
        errors: GraphQL errors and unexpected payloads, by their text.
        repeated: Why mutations were sent again.
        done: The number of tasks that are written.
    """

    acknowledged: list[Acknowledged] = field(default_factory=list)
    errors: Counter[str] = field(default_factory=Counter)
    repeated: Counter[str] = field(default_factory=Counter)
    done: int = 0
    changed: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def finish_one(self) -> None:
        """Count a task that is written."""
        async with self.changed:
            self.done += 1
            self.changed.notify_all()

    async def until(self, done: int) -> None:
        """Wait until so many tasks are written."""
        async with self.changed:
            await self.changed.wait_for(lambda: self.done >= done)


@dataclass
class Writer:
    """Creates tasks one after the other, and changes each of them a few times."""

    name: str
    caller: Caller
    chance: random.Random
    log: Log
    pause: float

    async def write(self, http: aiohttp.ClientSession, tasks: int) -> None:
        """Write so many tasks."""
        for number in range(tasks):
            id_ = f"{self.name}-{number}"
            creation = {"key": id_, "title": "Created", **self._schedule()}
            changes = self._changes(id_)
            for _ in range(MAX_LOSSES):
                if await self._written(http, creation, changes):
                    break
            else:
                self.log.errors[f"{id_} was not found again and again"] += 1
            await self.log.finish_one()

    async def _written(
        self, http: aiohttp.ClientSession, creation: Mapping[str, Any], changes: list[tuple[str, dict[str, Any]]]
    ) -> bool:
        try:
            for mutation, input_ in [("createTask", creation), *changes]:
                await self._do(http, mutation, input_)
                await asyncio.sleep(self.chance.uniform(0, self.pause))
        except LostError:
            return False
        return True

    def _schedule(self) -> dict[str, Any]:
        draw = self.chance.random()
        if draw < 0.3:
            return {}
        if draw < 0.6:
            return {"dueAt": FAR, "remindBefore": [60]}
        soon = datetime.now(UTC) + timedelta(seconds=self.chance.uniform(1, 10))
        return {"dueAt": soon.isoformat(timespec="milliseconds"), "remindBefore": [0]}

    def _changes(self, id_: str) -> list[tuple[str, dict[str, Any]]]:
        of_task = {"id": id_}
        possible: list[list[tuple[str, dict[str, Any]]]] = [
            [],
            [("updateTask", of_task | {"title": "Edited"})],
            [("setTaskStatus", of_task | {"status": "IN_PROGRESS"})],
            [("setTaskStatus", of_task | {"status": "COMPLETED"})],
            [("deleteTask", of_task)],
            [("deleteTask", of_task), ("restoreTask", of_task)],
        ]
        return self.chance.choice(possible)

    async def _do(self, http: aiohttp.ClientSession, mutation: str, input_: Mapping[str, Any]) -> None:
        """Send a mutation until it is accepted. A deletion whose answer was lost finds nothing to delete."""
        repeated = False
        while True:
            reason = await self._try(http, mutation, input_)
            if reason is None or (reason == "NOT_FOUND" and repeated and mutation == "deleteTask"):
                return
            if reason == "NOT_FOUND":
                raise LostError
            repeated = True
            self.log.repeated[reason] += 1
            await asyncio.sleep(self.chance.uniform(0.1, 1))

    async def _try(self, http: aiohttp.ClientSession, mutation: str, input_: Mapping[str, Any]) -> str | None:
        """Send a mutation; why it has to be repeated, or None if it was accepted."""
        try:
            answer = await self.caller.request(http, _MUTATIONS[mutation], {"input": dict(input_)})
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:
            return type(error).__name__
        if "errors" in answer:
            self.log.errors.update(f"{e['errorType']}: {e['message']}" for e in answer["errors"])
            return "GraphQL error"
        payload = answer["data"][mutation]
        if payload["errors"]:
            (code,) = {error["code"] for error in payload["errors"]}
            if code not in {"UNAVAILABLE", "NOT_FOUND"}:
                self.log.errors[f"{mutation}: {payload['errors']}"] += 1
            return str(code)
        task = payload["task"]
        place = task["ownerId"], uuid_of(task["id"]), task["version"], task["updatedAt"]
        self.log.acknowledged.append(Acknowledged(time.monotonic(), *place))
        return None
