"""JavaScript clients, unchanged, against the gateway."""

from __future__ import annotations

from typing import Any

import pytest

from tests.e2e.clients.running import RunClient
from tests.e2e.clients.tasks import ANSWER, PUSHED, created, of_memory, of_system
from tests.support.local_system import LocalSystem


def _without_typename(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _without_typename(item) for name, item in value.items() if name != "__typename"}
    return value


@pytest.mark.parametrize("script", ["apollo.mjs", "graphql_ws.mjs"])
def test_a_client_asks_changes_and_is_pushed(client: RunClient, memory: dict[str, str], script: str) -> None:
    outcome = client(script, of_memory(memory))
    assert _without_typename(outcome["answer"]) == ANSWER
    assert _without_typename(outcome["pushed"]) == PUSHED
    assert outcome.get("refused") in {None, 4403}


@pytest.mark.parametrize(
    ("script", "name", "group"), [("apollo.mjs", "grace", "staff"), ("graphql_ws.mjs", "ada", "students")]
)
def test_a_user_of_the_pool_is_pushed_what_came_of_a_mutation(
    client: RunClient, system: LocalSystem, script: str, name: str, group: str
) -> None:
    outcome = client(script, of_system(system, f"By {script}", name))  # each its own user: they create more than one
    assert _without_typename(outcome["answer"]) == {"viewer": {"name": name, "groups": [group]}}
    assert _without_typename(outcome["pushed"]) == created(f"By {script}")


def test_the_schema_is_told_in_every_form_in_which_tools_ask_for_it(client: RunClient, memory: dict[str, str]) -> None:
    outcomes = client("introspect.mjs", memory)
    assert len(outcomes) == 8
    assert [outcome for outcome in outcomes.values() if outcome != ["getTask"]] == []
