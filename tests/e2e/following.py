"""Clients for the end-to-end tests: the real `gql`, over AppSync's real-time protocol and HTTP."""

import asyncio
from collections.abc import AsyncIterator, Callable
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
    connection = system.connection
    host = urlsplit(connection["graphqlUrl"]).netloc
    auth: AppSyncAuthentication
    if name:
        auth = AppSyncJWTAuthentication(host, system.token(name))
    else:
        auth = AppSyncApiKeyAuthentication(host, connection["apiKey"])
    transport = AcknowledgedTransport(connection["realtimeUrl"], auth)
    http = AIOHTTPTransport(connection["graphqlUrl"], headers=auth.get_headers())
    async with Client(transport=http) as session, Client(transport=transport) as live:
        viewer = await session.execute(gql("{ viewer { ownerId } }"))
        someone = Person(viewer["viewer"]["ownerId"], session)
        following = asyncio.create_task(_follow(live, someone, follows or someone.id, in_list))
        try:
            started = asyncio.create_task(transport.acknowledged.wait())
            await asyncio.wait({started, following}, timeout=PATIENCE, return_when=asyncio.FIRST_COMPLETED)
            started.cancel()
            if following.done():
                following.result()
            yield someone
        finally:
            following.cancel()
            await asyncio.gather(following, return_exceptions=True)


async def _follow(live: AsyncClientSession, someone: Person, owner: str, in_list: str | None) -> None:
    query, variables = (FOLLOW_LIST, {"listId": in_list}) if in_list else (FOLLOW, {})
    pushes = live.subscribe(GraphQLRequest(query, variable_values={"ownerId": owner, **variables}))
    async with aclosing(pushes):
        async for answer in pushes:
            async with someone.changed:
                pushed = answer["onTaskEvent"]
                someone.pushes.append({**pushed["event"], "task": pushed["task"]})
                someone.changed.notify_all()
