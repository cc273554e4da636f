"""JavaScript clients, unchanged, against the gateway."""

from __future__ import annotations

from typing import Any

import pytest

from tests.flow.clients.conftest import RunClient
from tests.flow.local_system import LocalSystem

QUERY = '{ getTask(id: "t-1") { id title status } }'
MUTATION = "mutation ($input: CreateTaskInput!) { createTask(input: $input) { id ownerId title status } }"
SUBSCRIPTION = 'subscription { onCreateTask(ownerId: "guest") { id title status } }'
ANSWER = {"getTask": {"id": "t-1", "title": "Read", "status": "PENDING"}}
PUSHED = {"onCreateTask": {"id": "t-2", "title": "Write", "status": "PENDING"}}


def asked(memory: dict[str, str], **more: str) -> dict[str, Any]:
    operations = {"query": QUERY, "mutation": MUTATION, "subscription": SUBSCRIPTION}
    return {**memory, **operations, "variables": {"input": {"id": "t-2", "title": "Write"}}, **more}


def _without_typename(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _without_typename(item) for name, item in value.items() if name != "__typename"}
    return value


@pytest.mark.parametrize("script", ["apollo.mjs", "graphql_ws.mjs"])
def test_a_client_asks_changes_and_is_pushed(client: RunClient, memory: dict[str, str], script: str) -> None:
    outcome = client(script, asked(memory))
    assert _without_typename(outcome["answer"]) == ANSWER
    assert _without_typename(outcome["pushed"]) == PUSHED
    assert outcome.get("refused") in {None, 4403}


def test_amplify_works_over_tls_when_it_trusts_the_authority(client: RunClient, memory: dict[str, str]) -> None:
    over_tls = asked(memory, url=memory["tlsUrl"])
    outcome = client("amplify.mjs", over_tls, NODE_EXTRA_CA_CERTS=memory["authority"])
    assert (outcome["answer"], outcome["pushed"]) == (ANSWER, PUSHED)
    assert outcome["refused"].startswith("Validation error of type FieldUndefined")


def test_amplify_works_without_tls_when_its_address_is_in_capitals(client: RunClient, memory: dict[str, str]) -> None:
    outcome = client("amplify.mjs", asked(memory, url=memory["url"].replace("http://127.0.0.1", "HTTP://localhost")))
    assert (outcome["answer"], outcome["pushed"]) == (ANSWER, PUSHED)


def test_amplify_is_told_that_it_may_not(client: RunClient, memory: dict[str, str]) -> None:
    outcome = client("refused.mjs", asked(memory, url=memory["url"].replace("http://127.0.0.1", "HTTP://localhost")))
    assert outcome["call"] == "Unauthorized"
    assert "Connection failed" in outcome["subscription"]


FOLLOW = """subscription ($ownerId: ID!) { onTaskEvent(ownerId: $ownerId, type: CREATED) {
  type status task { title } } }"""
CREATE = "mutation ($input: CreateTaskInput!) { createTask(input: $input) { task { id } errors { code } } }"


@pytest.mark.parametrize("script", ["amplify.mjs", "apollo.mjs", "graphql_ws.mjs"])
def test_a_user_of_the_pool_is_pushed_what_came_of_a_mutation(
    client: RunClient, system: LocalSystem, script: str
) -> None:
    token = system.token("ada")
    _, viewer = system.graphql("{ viewer { id } }", authorization=token)
    url = system.connection["graphqlUrl"]
    task = {
        "url": url.replace("http://127.0.0.1", "HTTP://localhost") if script == "amplify.mjs" else url,
        "apiKey": system.connection["apiKey"],
        "token": token,
        "query": "{ viewer { name groups } }",
        "mutation": CREATE,
        "variables": {"input": {"title": f"By {script}"}},
        "subscription": FOLLOW,
        "follow": {"ownerId": viewer["data"]["viewer"]["id"]},
    }
    outcome = client(script, task)
    assert _without_typename(outcome["answer"]) == {"viewer": {"name": "ada", "groups": ["students"]}}
    event = {"type": "CREATED", "status": "PENDING", "task": {"title": f"By {script}"}}
    assert _without_typename(outcome["pushed"]) == {"onTaskEvent": event}
