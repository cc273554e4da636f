"""Watch a task live: subscribe, create it, work on it, and print each push as it arrives.

Run it beside `make start`:  .venv/bin/python examples/live_status.py --title "Read chapter 4"
It is written for `gql`, as any program against AppSync would be; only the addresses come from .local/connection.json.
"""

import argparse
import asyncio
import json
import os
import sys
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from gql import Client, GraphQLRequest, gql
from gql.client import AsyncClientSession
from gql.transport.aiohttp import AIOHTTPTransport
from gql.transport.appsync_auth import AppSyncApiKeyAuthentication
from gql.transport.appsync_websockets import AppSyncWebsocketsTransport
from gql.transport.exceptions import TransportError

STATE = Path(__file__).resolve().parents[1] / os.environ.get("TASKBELL_STATE", ".local")
DEADLINE_SECONDS = 30

VIEWER = gql("{ viewer { ownerId } }")
CREATE = gql("""
    mutation Create($input: CreateTaskInput!) {
      createTask(input: $input) { task { id } errors { code message field } }
    }
""")
SET_STATUS = gql("""
    mutation SetStatus($input: SetTaskStatusInput!) {
      setTaskStatus(input: $input) { task { version } errors { code message field } }
    }
""")
WATCH = gql("""
    subscription Watch($ownerId: ID!) {
      onTaskEvent(ownerId: $ownerId) {
        type taskId status event { version changes { field after } }
        task { title dueAt processing { state step error } }
      }
    }
""")


class Failed(Exception):
    """The example could not be completed; the message says why."""


class Transport(AppSyncWebsocketsTransport):
    """gql's transport, which also tells when AppSync has acknowledged a subscription: later changes are pushed."""

    def __init__(self, url: str, auth: AppSyncApiKeyAuthentication) -> None:
        super().__init__(url, auth=auth)
        self.acknowledged = asyncio.Event()

    async def _handle_answer(self, answer_type: str, answer_id: int | None, execution_result: Any) -> None:
        if answer_type == "start_ack":
            self.acknowledged.set()
        await super()._handle_answer(answer_type, answer_id, execution_result)


@dataclass
class Watch:
    """What has been pushed about an owner's tasks."""

    began: float = field(default_factory=time.monotonic)
    pushes: list[dict[str, Any]] = field(default_factory=list)
    changed: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def follow(self, session: AsyncClientSession, owner: str) -> None:
        """Print and keep every push, until cancelled."""
        async for push in session.subscribe(GraphQLRequest(WATCH, variable_values={"ownerId": owner})):
            event = push["onTaskEvent"]
            print(f"{time.monotonic() - self.began:6.2f} s  {describe(event)}", flush=True)
            async with self.changed:
                self.pushes.append(event)
                self.changed.notify_all()

    async def until(self, task_id: str, *words: str) -> None:
        """Wait for a push about the task whose type, status or processing state is one of these words."""
        async with self.changed:
            await self.changed.wait_for(lambda: self._has_come(task_id, words))

    def _has_come(self, task_id: str, words: tuple[str, ...]) -> bool:
        ours = [event for event in self.pushes if event["taskId"] == task_id]
        return any({e["type"], e["status"], processing(e)}.intersection(words) for e in ours)


def processing(push: dict[str, Any]) -> str | None:
    """The processing state that a change has led to, if it changed; the task itself may be further already."""
    return next((change["after"] for change in push["event"]["changes"] if change["field"] == "processing"), None)


def describe(event: dict[str, Any]) -> str:
    """One readable line about a push."""
    now = event["task"]["processing"]
    state = processing(event) or now["state"]
    step = f" at {now['step']}" if now["step"] and state == now["state"] else ""
    error = f": {now['error']}" if now["error"] else ""
    told = f"{event['task']['title']!r} v{event['event']['version']} is {event['status']}"
    return f"{event['type']:<18}  {told}, processing {state}{step}{error}"


async def change(session: AsyncClientSession, mutation: GraphQLRequest, **fields: Any) -> dict[str, Any]:
    """Run a mutation, and answer its task; raises Failed with the errors of its payload."""
    answer = await session.execute(GraphQLRequest(mutation, variable_values={"input": fields}))
    (payload,) = answer.values()
    if payload["errors"]:
        raise Failed("; ".join(f"{error['code']}: {error['message']}" for error in payload["errors"]))
    task: dict[str, Any] = payload["task"]
    return task


async def live(connection: dict[str, Any], title: str, due_at: str | None) -> None:
    """Subscribe, make a task, work on it, and return when everything about it has been pushed."""
    url, key = connection["graphqlUrl"], connection["apiKey"]
    realtime = Transport(connection["realtimeUrl"], AppSyncApiKeyAuthentication(host=urlsplit(url).netloc, api_key=key))
    http = AIOHTTPTransport(url, headers={"x-api-key": key})
    async with Client(transport=http) as api, Client(transport=realtime) as pushes:
        owner = (await api.execute(VIEWER))["viewer"]["ownerId"]
        watch = Watch()
        following = asyncio.create_task(watch.follow(pushes, owner))
        try:
            await realtime.acknowledged.wait()
            print(f"Subscribed to the tasks of {owner}. Each line below was pushed.")
            task = (await change(api, CREATE, title=title, dueAt=due_at))["id"]
            for words in (["CREATED"], ["SUCCEEDED", "WAITING"]):
                await watch.until(task, *words)
            for status in ("IN_PROGRESS", "COMPLETED"):
                await change(api, SET_STATUS, id=task, status=status)
                await watch.until(task, status)
        finally:
            following.cancel()
            await asyncio.gather(following, return_exceptions=True)


def read_connection() -> dict[str, Any]:
    """The connection of the running system; raises Failed when none runs."""
    try:
        connection: dict[str, Any] = json.loads((STATE / "connection.json").read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise Failed(f"There is no {STATE / 'connection.json'}: start the system with `make start`.") from None
    return connection


def main() -> int:
    """Run the example; the exit status is 1 when a push did not come, or the system could not be reached."""
    options = argparse.ArgumentParser(description="Watch a task live, from its creation to its completion.")
    options.add_argument("--title", default="Read chapter 4", help="the task's title")
    options.add_argument("--due-in-minutes", type=int, metavar="N", help="give it a due date, so that it is WAITING")
    given = options.parse_args()
    minutes = given.due_in_minutes
    due_at = None if minutes is None else (datetime.now(UTC) + timedelta(minutes=minutes)).isoformat(timespec="seconds")
    try:
        asyncio.run(asyncio.wait_for(live(read_connection(), given.title, due_at), DEADLINE_SECONDS))
    except TimeoutError:
        print(f"Not everything was pushed within {DEADLINE_SECONDS} s; .local/logs/ may tell why.", file=sys.stderr)
        return 1
    except (Failed, TransportError, OSError) as problem:
        print(f"{type(problem).__name__}: {problem}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
