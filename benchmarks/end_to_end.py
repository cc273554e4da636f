"""How long a task's road takes: from the call of createTask to its first push, and to its processing's success.

Needs the local system (`make start`). Tasks go one after the other, each when the one before has arrived:

    python -m benchmarks.end_to_end [--tasks 200]
"""

import argparse
import asyncio
import json
import statistics
import sys
import time
from collections.abc import AsyncIterator
from contextlib import aclosing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from gql import Client, GraphQLRequest, gql
from gql.client import AsyncClientSession
from gql.transport.aiohttp import AIOHTTPTransport
from gql.transport.appsync_auth import AppSyncApiKeyAuthentication
from gql.transport.appsync_websockets import AppSyncWebsocketsTransport

from taskbell.domain.ids import new_task_id

FOLLOW = gql("""subscription { onTaskEvent(ownerId: "guest") { taskId type task { processing { state } } } }""")
CREATE = gql("""mutation ($id: ID!) { createTask(input: {key: $id, title: "Measured"}) { errors { message } } }""")
PATIENCE = 20  # seconds for one task


async def measure(tasks: int, connection: dict[str, Any]) -> tuple[list[float], list[float]]:
    """Milliseconds to the first push and to success, a value for each task."""
    auth = AppSyncApiKeyAuthentication(host=connection["graphqlUrl"].split("/")[2], api_key=connection["apiKey"])
    socket_url = connection["graphqlUrl"].replace("http://", "ws://")
    first, done = [], []
    async with (
        Client(transport=AppSyncWebsocketsTransport(url=socket_url, auth=auth)) as follower,
        Client(transport=AIOHTTPTransport(connection["graphqlUrl"], auth=auth)) as caller,
        aclosing(follower.subscribe(FOLLOW)) as pushes,
    ):
        await _warm_up(pushes, caller)
        for _ in range(tasks):
            id_ = new_task_id(datetime.now(UTC), time.time_ns())
            start = time.perf_counter()
            created = asyncio.create_task(caller.execute(_creation(id_)))
            await asyncio.wait_for(_first(pushes, id_), PATIENCE)
            first.append((time.perf_counter() - start) * 1000)
            await asyncio.wait_for(_success(pushes, id_), PATIENCE)
            done.append((time.perf_counter() - start) * 1000)
            await created
    return first, done


async def _warm_up(pushes: AsyncIterator[dict[str, Any]], caller: AsyncClientSession) -> None:
    """Until pushes arrive and the functions are warm; gql does not tell when a subscription has begun."""
    arrived = asyncio.create_task(_any_success(pushes))
    for attempt in range(PATIENCE):
        await caller.execute(_creation(f"warm-up-{time.time_ns()}-{attempt}"))
        if (await asyncio.wait({arrived}, timeout=1))[0]:
            return arrived.result()
    raise TimeoutError("No push has arrived.")


def _creation(id_: str) -> GraphQLRequest:
    return GraphQLRequest(CREATE, variable_values={"id": id_})


async def _any_success(pushes: AsyncIterator[dict[str, Any]]) -> None:
    while (await anext(pushes))["onTaskEvent"]["task"]["processing"]["state"] != "SUCCEEDED":
        pass


async def _first(pushes: AsyncIterator[dict[str, Any]], id_: str) -> None:
    while not (await anext(pushes))["onTaskEvent"]["taskId"].endswith(id_):
        pass


async def _success(pushes: AsyncIterator[dict[str, Any]], id_: str) -> None:
    event: dict[str, Any] = {}
    while not event.get("taskId", "").endswith(id_) or event["task"]["processing"]["state"] != "SUCCEEDED":
        event = (await anext(pushes))["onTaskEvent"]


def _row(name: str, values: list[float]) -> str:
    p99 = statistics.quantiles(values, n=100)[98] if len(values) > 1 else values[0]
    return f"{name:<28} p50 {statistics.median(values):7.0f} ms   p99 {p99:7.0f} ms   n {len(values)}"


def main() -> int:
    """Measure and print; 1 when the local system is not running."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tasks", type=int, default=200)
    parser.add_argument("--connection", type=Path, default=Path(".local/connection.json"))
    arguments = parser.parse_args()
    if not arguments.connection.exists():
        print(f"{arguments.connection} is not there. Start the system first: make start", file=sys.stderr)
        return 1
    first, done = asyncio.run(measure(arguments.tasks, json.loads(arguments.connection.read_text())))
    print(_row("create -> first push", first))
    print(_row("create -> SUCCEEDED", done))
    return 0


if __name__ == "__main__":
    sys.exit(main())
