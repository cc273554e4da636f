"""Clients for the end-to-end tests: the real `gql`, over AppSync's real-time protocol and HTTP."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from gql import Client, GraphQLRequest, gql
from gql.client import AsyncClientSession
from gql.transport.aiohttp import AIOHTTPTransport
from gql.transport.appsync_auth import (
    AppSyncApiKeyAuthentication,
    AppSyncAuthentication,
    AppSyncJWTAuthentication,
)
from gql.transport.appsync_websockets import AppSyncWebsocketsTransport

from tests.support.examples import uuid_of
from tests.support.local_system import LocalSystem

PATIENCE = 30

_PUSHED = """{
  event { taskId version type status previousStatus actor changes { field before after } }
  task { title status overdue version processing { state step error } }
}"""
FOLLOW = gql(f"subscription ($ownerId: ID!) {{ onTaskEvent(ownerId: $ownerId) {_PUSHED} }}")
FOLLOW_LIST = gql(
    f"subscription ($ownerId: ID!, $listId: ID!) {{ onTaskEvent(ownerId: $ownerId, listId: $listId) {_PUSHED} }}"
)
BELL = gql("""
    subscription ($ownerId: ID!) {
      onNotification(ownerId: $ownerId) {
        version dismissed readUntil
        notification { id taskId title read task { id } }
      }
    }
""")
TASK = "task { id ownerId title status version overdue processing { state } } errors { code message field }"
CREATE = gql(f"mutation ($input: CreateTaskInput!) {{ createTask(input: $input) {{ {TASK} }} }}")
UPDATE = gql(f"mutation ($input: UpdateTaskInput!) {{ updateTask(input: $input) {{ {TASK} }} }}")
SET_STATUS = gql(f"mutation ($input: SetTaskStatusInput!) {{ setTaskStatus(input: $input) {{ {TASK} }} }}")
DELETE = gql(f"mutation ($input: DeleteTaskInput!) {{ deleteTask(input: $input) {{ {TASK} }} }}")
RESTORE = gql(f"mutation ($input: RestoreTaskInput!) {{ restoreTask(input: $input) {{ {TASK} }} }}")
SNOOZE = gql(
    "mutation ($input: SnoozeNotificationInput!) { snoozeNotification(input: $input) { errors { code message } } }"
)
DISMISS = gql(
    "mutation ($input: DismissNotificationsInput!) { dismissNotifications(input: $input) { errors { code message } } }"
)
NOTIFICATIONS = gql("{ notifications(first: 100) { nodes { id taskId task { id overdue } } } }")

Push = dict[str, Any]


class AcknowledgedTransport(AppSyncWebsocketsTransport):
    """gql's transport, which also reports when AppSync has confirmed a subscription and so pushes what follows."""

    def __init__(self, url: str, auth: AppSyncAuthentication) -> None:
        super().__init__(url, auth=auth)
        self.acknowledged = asyncio.Event()

    async def _handle_answer(self, answer_type: str, answer_id: int | None, execution_result: Any) -> None:
        if answer_type == "start_ack":
            self.acknowledged.set()
        await super()._handle_answer(answer_type, answer_id, execution_result)


@dataclass
class Person:
    """Somebody with a client: calls mutations, and sees what is pushed."""

    id: str
    session: AsyncClientSession
    pushes: list[Push] = field(default_factory=list)
    changed: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def do(self, mutation: GraphQLRequest, **input_: Any) -> Any:
        """The payload of a mutation."""
        answer = await self.session.execute(GraphQLRequest(mutation, variable_values={"input": input_}))
        (payload,) = answer.values()
        return payload

    async def notifications_of(self, task_id: str) -> list[dict[str, Any]]:
        """The notifications of a task, newest first."""
        answer = await self.session.execute(NOTIFICATIONS)
        return [node for node in answer["notifications"]["nodes"] if node["taskId"] == task_id]

    async def sees(self, *wanted: str, of: str) -> list[Push]:
        """Wait until a task's last pushes are these (`describe`), and return all its pushes."""
        return await self.sees_that(
            of, lambda pushes: [describe(push) for push in pushes][-len(wanted) :] == list(wanted)
        )

    async def sees_that(self, task_id: str, enough: Callable[[list[Push]], bool]) -> list[Push]:
        """Wait until the pushes about a task are enough."""

        def ours() -> list[Push]:
            return [push for push in self.pushes if uuid_of(push["taskId"]) == uuid_of(task_id)]

        try:
            async with asyncio.timeout(PATIENCE), self.changed:
                await self.changed.wait_for(lambda: enough(ours()))
        except TimeoutError:
            raise AssertionError(f"Waited in vain; pushed was {[describe(push) for push in ours()]}") from None
        return ours()


@dataclass
class Bell:
    """What is pushed of somebody's notifications."""

    pushes: list[Push] = field(default_factory=list)
    changed: asyncio.Condition = field(default_factory=asyncio.Condition)

    def of(self, task_id: str) -> dict[tuple[str, int], Push]:
        """What was pushed of a task's notifications, by their ids and versions, each once."""
        notes = [push for push in self.pushes if push["notification"] and push["notification"]["taskId"] == task_id]
        return {(push["notification"]["id"], push["version"]): push for push in notes}

    async def rings(self, times: int, of: str) -> list[Push]:
        """Wait until so many states of a task's notifications were pushed."""
        try:
            async with asyncio.timeout(PATIENCE), self.changed:
                await self.changed.wait_for(lambda: len(self.of(of)) >= times)
        except TimeoutError:
            raise AssertionError(f"Waited in vain; pushed was {self.pushes}") from None
        return list(self.of(of).values())


def describe(push: Push) -> str:
    """A push in two words: what happened, and what it was then."""
    changed = {change["field"]: change["after"] for change in push["changes"]}
    then = changed["processing"] if push["type"] == "PROCESSING_CHANGED" else push["status"]
    return f"{push['type']} {then}"


@asynccontextmanager
async def person(
    system: LocalSystem, name: str | None = None, follows: str | None = None, in_list: str | None = None
) -> AsyncIterator[Person]:
    """The guest, or a user of the pool, who follows their own tasks or those of the owner or the list that is named."""
    auth = _authentication(system, name)
    http = AIOHTTPTransport(system.connection["graphqlUrl"], headers=auth.get_headers())
    async with Client(transport=http) as session:
        viewer = await session.execute(gql("{ viewer { ownerId } }"))
        someone = Person(viewer["viewer"]["ownerId"], session)

        async def take(answer: Push) -> None:
            pushed = answer["onTaskEvent"]
            async with someone.changed:
                someone.pushes.append({**pushed["event"], "task": pushed["task"]})
                someone.changed.notify_all()

        variables = {"ownerId": follows or someone.id} | ({"listId": in_list} if in_list else {})
        subscription = GraphQLRequest(FOLLOW_LIST if in_list else FOLLOW, variable_values=variables)
        async with _subscribed(system, auth, subscription, take):
            yield someone


@asynccontextmanager
async def bell(system: LocalSystem, owner: str, name: str | None = None) -> AsyncIterator[Bell]:
    """The bell of the guest, or of a user of the pool."""
    bell = Bell()

    async def take(answer: Push) -> None:
        async with bell.changed:
            bell.pushes.append(answer["onNotification"])
            bell.changed.notify_all()

    subscription = GraphQLRequest(BELL, variable_values={"ownerId": owner})
    async with _subscribed(system, _authentication(system, name), subscription, take):
        yield bell


def _authentication(system: LocalSystem, name: str | None) -> AppSyncAuthentication:
    host = urlsplit(system.connection["graphqlUrl"]).netloc
    if name:
        return AppSyncJWTAuthentication(host, system.token(name))
    return AppSyncApiKeyAuthentication(host, system.connection["apiKey"])


@asynccontextmanager
async def _subscribed(
    system: LocalSystem,
    auth: AppSyncAuthentication,
    subscription: GraphQLRequest,
    take: Callable[[Push], Awaitable[None]],
) -> AsyncIterator[None]:
    """Subscribe, and wait until what follows is pushed."""
    transport = AcknowledgedTransport(system.connection["realtimeUrl"], auth)
    async with Client(transport=transport) as live:
        following = asyncio.create_task(_follow(live, subscription, take))
        try:
            started = asyncio.create_task(transport.acknowledged.wait())
            await asyncio.wait({started, following}, timeout=PATIENCE, return_when=asyncio.FIRST_COMPLETED)
            started.cancel()
            if following.done():
                following.result()
            yield
        finally:
            following.cancel()
            await asyncio.gather(following, return_exceptions=True)


async def _follow(
    live: AsyncClientSession, subscription: GraphQLRequest, take: Callable[[Push], Awaitable[None]]
) -> None:
    pushes = live.subscribe(subscription)
    async with aclosing(pushes):
        async for answer in pushes:
            await take(answer)
