"""Requests that cost much, or never end, on the running system: they are refused, and others are served meanwhile."""

import asyncio
import json
import socket
from typing import Any

import aiohttp
import pytest

from local.settings import LOOPBACK
from tests.support.local_system import LocalSystem

HISTORIES = "activity(first: 100) { nodes { id } }"


def aliases(count: int, field: str) -> str:
    return "{ " + " ".join(f"a{number}: {field}" for number in range(count)) + " }"


@pytest.mark.parametrize(("count", "field"), [(200, HISTORIES), (300, "tasks(first: 100) { nodes { id } }")])
def test_hundreds_of_lists_in_one_request_are_refused(system: LocalSystem, count: int, field: str) -> None:
    status, body = system.graphql(aliases(count, field))
    assert (status, set(body["data"].values())) == (200, {None})
    assert {error["errorType"] for error in body["errors"]} == {"LIMIT_EXCEEDED"}


async def test_a_request_that_is_as_dear_as_may_be_lets_others_pass(system: LocalSystem) -> None:
    """Its 350 resolvers are seven calls; what is asked after it is answered before it."""
    url, headers = system.settings.graphql_url, {"x-api-key": system.connection["apiKey"]}
    async with aiohttp.ClientSession(headers=headers) as http:

        async def ask(query: str) -> Any:
            async with http.post(url, json={"query": query}) as answer:
                return await answer.json()

        dear = asyncio.create_task(ask(aliases(350, "tasks(first: 10) { nodes { id } }")))
        small = asyncio.create_task(ask("{ viewer { ownerId } }"))
        done, _ = await asyncio.wait({dear, small}, return_when=asyncio.FIRST_COMPLETED)
        assert small in done
        assert (await small) == {"data": {"viewer": {"ownerId": "guest"}}}
        assert "data" in await dear


@pytest.mark.parametrize("path", ["/graphql", "/task"])
def test_a_client_that_sends_20_mb_and_closes_reads_the_413(system: LocalSystem, path: str) -> None:
    port = system.settings.port if path == "/graphql" else system.settings.rest_port
    head = f"POST {path} HTTP/1.1\r\nHost: {LOOPBACK}\r\nConnection: close\r\nContent-Length: 20000000\r\n\r\n"
    with socket.create_connection((LOOPBACK, port), timeout=30) as connection:
        connection.sendall(head.encode() + b"x" * 20_000_000)
        assert connection.makefile("rb").readline() == b"HTTP/1.1 413 Request Entity Too Large\r\n"


def test_a_title_cannot_turn_what_is_shown_after_it(system: LocalSystem) -> None:
    mutation = "mutation($title: String!) { createTask(input: {title: $title}) { errors { code message field } } }"
    _, body = system.graphql(mutation, {"title": "a\u202eb"})
    (error,) = body["data"]["createTask"]["errors"]
    assert (error["code"], error["field"]) == ("VALIDATION", ["input", "title"])


def test_a_number_of_5_000_digits_is_refused_in_our_words(system: LocalSystem) -> None:
    _, body = system.graphql(f"{{ tasks(first: {'9' * 5_000}) {{ nodes {{ id }} }} }}")
    assert "An integer has too many digits" in body["errors"][0]["message"]
    assert "sys." not in json.dumps(body)
