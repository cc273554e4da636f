"""After whatever happened a cache shows what the server has, with the code that the documentation recommends."""

from __future__ import annotations

import asyncio
import json
from typing import Any
from uuid import uuid4

import pytest

from tests.e2e.clients.caches.documented import install_documented
from tests.e2e.clients.running import run_client
from tests.e2e.waiting import until
from tests.support.local_system import LocalSystem

_SEQUENCES = 18
_CREATE = """mutation ($input: CreateTaskInput!) {
  createTask(input: $input) { task { id ownerId } errors { code } } }"""


@pytest.fixture(params=["apollo", "urql", "relay"])
def cache(request: pytest.FixtureRequest, system: LocalSystem) -> Any:
    """Return a function that runs a test of a cache in Node as a user or as the guest."""
    install_documented()

    def run(test: str, name: str | None = None, **more: Any) -> Any:
        token = system.token(name) if name else None
        headers = {"authorization": token} if token else {"x-api-key": system.connection["apiKey"]}
        _, viewer = system.graphql("{ viewer { ownerId } }", None, **headers)
        asked = {
            "test": test,
            "client": request.param,
            "url": system.connection["graphqlUrl"],
            "apiKey": system.connection["apiKey"],
            "token": token,
            "headers": headers,
            "ownerId": viewer["data"]["viewer"]["ownerId"],
        }
        return run_client(f"caches/{request.param}_cache.mjs", asked | more)

    return run


def test_after_any_sequence_the_cache_equals_the_server(cache: Any) -> None:
    outcome = cache("sequences", sequences=_SEQUENCES, run=uuid4().hex, seconds=300)
    assert outcome == {"different": []}, json.dumps(outcome)


def test_urql_asks_again_where_it_has_cut_a_request_off() -> None:
    install_documented()
    outcome = run_client("caches/urql_cut.mjs", {})
    assert outcome == {"cut": True, "askedAgain": 1, "titles": ["two 2", "one 1"]}


@pytest.mark.parametrize("name", ["grace", "linus"])
def test_two_owners_tasks_with_the_same_key_are_two_tasks(cache: Any, system: LocalSystem, name: str) -> None:
    key = label = f"key-{uuid4().hex}"
    owners = [_created(system, who, key, label) for who in (None, "ada")]
    assert cache("twoOwners", name, owners=owners, label=label) == {"titles": [["Of guest"], ["Of ada"]]}


async def test_a_push_leaves_every_field_of_a_fragment_that_it_shares_with_queries(
    cache: Any, system: LocalSystem
) -> None:
    label, key = f"label-{uuid4().hex}", f"key-{uuid4().hex}"
    _created(system, None, key, label)
    await until(lambda: _is_processed(system, key))  # a push that crosses the query is another test's
    outcome = await asyncio.to_thread(cache, "push", label=label)
    assert outcome["requests"] == 0
    assert outcome["after"]["title"].startswith("Pushed")
    assert outcome["after"].keys() == outcome["before"].keys()


def test_what_was_missed_and_made_offline_is_made_good_afterwards(cache: Any, system: LocalSystem) -> None:
    label = f"label-{uuid4().hex}"
    _created(system, None, f"key-{uuid4().hex}", label)
    assert cache("offline", label=label, seconds=60) == {
        "idle": False,
        "lost": ["There was no answer."] * 3,
        "refused": [["updateTask", "VALIDATION"]],
        "changed": True,
        "edited": ["Edited offline"],
        "titles": ["Created offline", "Edited offline"],
    }


def _created(system: LocalSystem, name: str | None, key: str, label: str) -> str:
    headers = {"authorization": system.token(name)} if name else {"x-api-key": system.connection["apiKey"]}
    task = {"key": key, "title": f"Of {name or 'guest'}", "labels": [label]}
    _, answer = system.graphql(_CREATE, {"input": task}, **headers)
    return str(answer["data"]["createTask"]["task"]["ownerId"])


def _is_processed(system: LocalSystem, key: str) -> bool:
    _, answer = system.graphql("query ($id: ID!) { task(id: $id) { id processing { state } } }", {"id": key})
    return bool(answer["data"]["task"]["processing"]["state"] == "SUCCEEDED")
