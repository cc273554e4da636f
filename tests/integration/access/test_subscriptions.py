"""Who may subscribe to what, and who is pushed what."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import pytest
from appsync_local.testing import Subscription, SubscriptionRejectedError

from taskbell.api.global_ids import list_id
from tests.integration.access import policy
from tests.integration.access.attempts import System, Values, choices
from tests.integration.access.callers import Caller, Headers, callers, refused
from tests.integration.access.operations import Operation, operations
from tests.integration.access.stage import OWNERS, nothing, task_name

CALLERS = list(callers().values())
each_caller = pytest.mark.parametrize("caller", CALLERS, ids=str)
each_operation = pytest.mark.parametrize("operation", operations("Subscription"), ids=str)
# What publishes to the subscribers of each, and what is not theirs.
PUBLISH = {
    "onTaskEvent": Operation("Mutation", "publishTaskEvent"),
    "onNotification": Operation("Mutation", "publishNotification"),
}
OWN = {"onTaskEvent": "tasks", "onNotification": "notifications"}


def allowed(operation: Operation, caller: Caller) -> str:
    return policy.allowed(str(operation), caller)


@asynccontextmanager
async def subscribed(
    system: System, operation: Operation, headers: Headers, values: Values, connected_as: Headers | None = None
) -> AsyncIterator[Subscription]:
    """A subscription on a connection of its own, opened with the same credentials or with others."""
    subscription = Subscription()
    scope = subscription.scope(headers if connected_as is None else connected_as)
    connection = asyncio.create_task(system.apis.graphql_app(scope, subscription.receive, subscription.send))
    try:
        variables = operation.variables(values)
        await subscription.start(operation.document(variables), variables, headers)
        yield subscription
    finally:
        subscription.leave()
        await connection


async def rejection(
    system: System, operation: Operation, headers: Headers, values: Values, connected_as: Headers | None = None
) -> dict[str, Any]:
    """The error that refuses a subscription."""
    system.apis.recorder.clear()
    with pytest.raises(SubscriptionRejectedError) as refusal:
        async with subscribed(system, operation, headers, values, connected_as):
            pass
    (error,) = refusal.value.errors
    return error


async def publish(system: System, operation: Operation, owner_id: str) -> None:
    """Let the backend publish what is pushed to those who follow an owner."""
    mutation = PUBLISH[operation.name]
    naming = mutation.naming
    values: Values = dict.fromkeys(naming, task_name(owner_id))
    values |= {path: owner_id for path in naming if path[-1] == "ownerId"}
    values |= {path: list_id(owner_id, "1") for path in naming if path[-1] == "listId"}
    outcome = await system.attempt(mutation, callers()[policy.OPERATIONS[str(mutation)]["backend"]].headers, values)
    assert outcome.answer.json["data"][mutation.name]["ownerId"] == owner_id


def owners(subscription: Subscription, operation: Operation) -> list[str]:
    """Whose events were pushed."""
    return [payload["data"][operation.name]["ownerId"] for payload in subscription.payloads]


@each_caller
@each_operation
async def test_a_caller_follows_whom_the_page_says(system: System, operation: Operation, caller: Caller) -> None:
    cell = allowed(operation, caller)
    for owner_id in OWNERS:
        values = system.own(operation, caller) | {("ownerId",): owner_id, ("taskId",): task_name(owner_id)}
        values[("listId",)] = list_id(owner_id, "1")
        if cell == "any" or (cell == "own" and owner_id == caller.owner_id):
            async with subscribed(system, operation, caller.headers, values) as subscription:
                await publish(system, operation, owner_id)
                assert owners(subscription, operation) == [owner_id]
            continue
        error = await rejection(system, operation, caller.headers, values)
        if cell == "no":
            message = f"Not Authorized to access {operation.name} on type Subscription"
            assert (error["errorType"], error["message"]) == ("Unauthorized", message)
            assert system.apis.recorder.invoked == []
        else:
            message = f"You can follow only your own {OWN[operation.name]}."
            assert (error["errorType"], error["message"]) == ("FORBIDDEN", message)
            assert system.apis.recorder.aws_calls == []


@each_caller
@each_operation
async def test_whoever_may_not_follow_an_owner_learns_not_whether_there_is_one(
    system: System, operation: Operation, caller: Caller
) -> None:
    if allowed(operation, caller) == "any":
        return
    for chosen in choices(operation):
        if ("ownerId",) in chosen:
            others, nowhere = system.others(operation, caller, chosen), system.nowhere(operation, caller, chosen)
            assert await rejection(system, operation, caller.headers, others) == await rejection(
                system, operation, caller.headers, nowhere
            )


@each_operation
async def test_what_is_pushed_reaches_those_who_may_read_it_alone(system: System, operation: Operation) -> None:
    async with AsyncExitStack() as stack:
        following: list[tuple[Caller, str, Subscription]] = []
        for caller in CALLERS:
            followed = {"own": [caller.owner_id], "any": list(OWNERS)}.get(allowed(operation, caller), [])
            for owner_id in followed:
                values: Values = {("ownerId",): owner_id}
                opened = subscribed(system, operation, caller.headers, values)
                following.append((caller, owner_id, await stack.enter_async_context(opened)))
        for owner_id in OWNERS:
            await publish(system, operation, owner_id)
        assert len(following) >= len(OWNERS)
        for _, owner_id, subscription in following:
            assert owners(subscription, operation) == [owner_id]


async def test_anothers_task_of_ones_own_is_never_pushed(system: System) -> None:
    operation = Operation("Subscription", "onTaskEvent")
    for caller in CALLERS:
        if allowed(operation, caller) == "no":
            continue
        for task_id in (task_name(caller.target), nothing("task")):
            values: Values = {("ownerId",): caller.owner_id, ("taskId",): task_id}
            async with subscribed(system, operation, caller.headers, values) as subscription:
                for owner_id in OWNERS:
                    await publish(system, operation, owner_id)
                assert owners(subscription, operation) == []


@pytest.mark.parametrize("name", refused())
@each_operation
async def test_credentials_of_nobody_open_no_connection_and_start_nothing(
    system: System, operation: Operation, name: str
) -> None:
    student = callers()["student"]
    for connected_as in (None, student.headers):
        values = system.own(operation, student)
        error = await rejection(system, operation, refused()[name], values, connected_as)
        assert error["errorType"] == ("UnrecognizedClientException" if "signature" in name else "UnauthorizedException")
        assert system.apis.recorder.invoked == []
