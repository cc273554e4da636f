"""aws-amplify, unchanged, in Node and in a browser: configured by hand and by amplify_outputs.json."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.e2e.clients.chromium import find_chromium
from tests.e2e.clients.running import RunClient
from tests.e2e.clients.tasks import ANSWER, PUSHED, created, of_memory, of_system
from tests.support.local_system import LocalSystem

RunAmplify = Callable[..., Any]


@pytest.fixture(params=["node", "chromium"])
def amplify(request: pytest.FixtureRequest, client: RunClient, tmp_path_factory: pytest.TempPathFactory) -> RunAmplify:
    """Answer what runs a program that uses Amplify, and which authority it trusts (a PEM file) if any."""

    def run_in_node(script: str, arguments: dict[str, Any], authority: str | None = None) -> Any:
        return client(script, arguments, **({"NODE_EXTRA_CA_CERTS": authority} if authority else {}))

    if request.param == "node":
        return run_in_node
    chromium = find_chromium(tmp_path_factory.mktemp("chromium"))

    def run_in_chromium(script: str, arguments: dict[str, Any], authority: str | None = None) -> Any:
        task = {**arguments, "script": script, "chromium": chromium.program}
        return client("browser.mjs", task, HOME=str(chromium.home(authority)))

    return run_in_chromium


def test_amplify_works_over_tls_when_it_trusts_the_authority(amplify: RunAmplify, memory: dict[str, str]) -> None:
    outcome = amplify("amplify.mjs", of_memory(memory, url=memory["tlsUrl"]), memory["authority"])
    assert (outcome["answer"], outcome["pushed"]) == (ANSWER, PUSHED)
    assert outcome["refused"].startswith("Validation error of type FieldUndefined")


def test_amplify_rejects_an_untrusted_authority(amplify: RunAmplify, memory: dict[str, str]) -> None:
    outcome = amplify("amplify.mjs", of_memory(memory, url=memory["tlsUrl"]))
    assert outcome == {"refused": "A network error has occurred."}


def test_amplify_works_over_tls_with_the_token_of_a_user(amplify: RunAmplify, system: LocalSystem) -> None:
    arguments = {**of_system(system, "Over TLS", "ada"), "url": system.connection["tlsUrl"]}
    outcome = amplify("amplify.mjs", arguments, system.connection["certificateAuthority"])
    assert outcome["answer"] == {"viewer": {"name": "ada", "groups": ["students"]}}
    assert outcome["pushed"] == created("Over TLS")


def by_outputs(system: LocalSystem, title: str, name: str | None = None) -> dict[str, Any]:
    outputs = json.loads((system.settings.state / "amplify_outputs.json").read_text())
    users = {user["name"]: user["password"] for user in system.connection["users"]}
    signing_in = {"username": name, "password": users[name]} if name else {}
    endpoint = system.connection["userPoolUrl"]
    return {**of_system(system, title, name), "outputs": outputs, "userPoolEndpoint": endpoint, **signing_in}


def test_amplify_works_by_its_outputs_with_the_api_key(amplify: RunAmplify, system: LocalSystem) -> None:
    outcome = amplify("amplify_outputs.mjs", by_outputs(system, "With the key"))
    assert outcome["answer"] == {"viewer": {"name": "guest", "groups": []}}
    assert outcome["pushed"] == created("With the key")


def test_amplify_works_by_its_outputs_for_a_user_who_signs_in(amplify: RunAmplify, system: LocalSystem) -> None:
    outcome = amplify("amplify_outputs.mjs", by_outputs(system, "Signed in", "ada"))
    assert outcome["answer"] == {"viewer": {"name": "ada", "groups": ["students"]}}
    assert outcome["pushed"] == created("Signed in")


def test_amplify_receives_an_authorization_error(client: RunClient, memory: dict[str, str]) -> None:
    outcome = client(
        "refused.mjs", of_memory(memory, url=memory["url"].replace("http://127.0.0.1", "HTTP://localhost"))
    )
    assert outcome["call"] == "Unauthorized"
    assert "Connection failed" in outcome["subscription"]
