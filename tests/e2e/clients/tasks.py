"""The clients' tasks, and their expected results."""

from __future__ import annotations

from typing import Any

from tests.support.local_system import LocalSystem

QUERY = '{ getTask(id: "t-1") { id title status } }'
MUTATION = "mutation ($input: CreateTaskInput!) { createTask(input: $input) { id ownerId title status } }"
SUBSCRIPTION = 'subscription { onCreateTask(ownerId: "guest") { id title status } }'
ANSWER = {"getTask": {"id": "t-1", "title": "Read", "status": "PENDING"}}
PUSHED = {"onCreateTask": {"id": "t-2", "title": "Write", "status": "PENDING"}}

VIEWER = "{ viewer { name groups } }"
CREATE = "mutation ($input: CreateTaskInput!) { createTask(input: $input) { task { id } errors { code } } }"
FOLLOW = """subscription ($ownerId: ID!) { onTaskEvent(ownerId: $ownerId, type: CREATED) {
  type status task { title } } }"""


def of_memory(memory: dict[str, str], **more: str) -> dict[str, Any]:
    """The requests to the gateway with a function in memory, which result in ANSWER and PUSHED."""
    operations = {"query": QUERY, "mutation": MUTATION, "subscription": SUBSCRIPTION}
    return {**memory, **operations, "variables": {"input": {"id": "t-2", "title": "Write"}}, **more}


def of_system(system: LocalSystem, title: str, name: str | None = None) -> dict[str, Any]:
    """The requests to the whole system, as a user or as the guest; `created` is pushed."""
    token = system.token(name) if name else None
    credentials = {"authorization": token} if token else {"x-api-key": system.connection["apiKey"]}
    _, viewer = system.graphql("{ viewer { ownerId } }", None, **credentials)
    return {
        "url": system.connection["graphqlUrl"],
        "apiKey": system.connection["apiKey"],
        "token": token,
        "query": VIEWER,
        "mutation": CREATE,
        "variables": {"input": {"title": title}},
        "subscription": FOLLOW,
        "follow": {"ownerId": viewer["data"]["viewer"]["ownerId"]},
    }


def created(title: str) -> dict[str, Any]:
    """The push that follows the creation of a task."""
    return {"onTaskEvent": {"type": "CREATED", "status": "PENDING", "task": {"title": title}}}
