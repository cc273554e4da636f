"""AppSync's real-time protocol, message by message."""

from __future__ import annotations

import asyncio
import base64
import json

import pytest

from appsync_local import Limits
from support.gateway import KEY_HEADERS, SIGNED, Gateway, encoded, failure
from support.sample_api import NOW

ON_TASK = "subscription { onTask { id title status } }"
SAVE = "mutation($input: TaskInput!) { save(input: $input) { id title status labels } }"


async def save(gateway: Gateway, **fields: object) -> None:
    body = await gateway.query(SAVE, variables={"input": {"id": "1", **fields}})
    assert "errors" not in body


async def test_a_subscriber_receives_a_mutation(gateway: Gateway) -> None:
    socket = await gateway.listen()
    assert socket.subprotocol == "graphql-ws"
    assert await socket.start("4", ON_TASK) == {"type": "start_ack", "id": "4"}
    await save(gateway, status="DONE")
    pushed = {"onTask": {"id": "1", "title": "Saved", "status": "DONE"}}
    assert await socket.next() == {"id": "4", "type": "data", "payload": {"data": pushed}}
    await socket.send({"type": "stop", "id": "4"})
    assert await socket.next() == {"type": "complete", "id": "4"}
    await save(gateway)
    assert await socket.is_silent()
    await socket.leave()


async def test_the_acknowledgement_has_the_timeout_and_ka_follows() -> None:
    gateway = Gateway(limits=Limits(keep_alive_seconds=0.01))
    socket = gateway.connect(
        "graphql-ws", path="/graphql/realtime", query=f"header={encoded(KEY_HEADERS)}&payload=e30="
    )
    await socket.send({"type": "connection_init", "payload": {}})
    acknowledged = {"type": "connection_ack", "payload": {"connectionTimeoutMs": 300000}}
    assert await socket.next(with_ka=True) == acknowledged
    assert [await socket.next(with_ka=True) for _ in range(3)] == [{"type": "ka"}] * 3
    await socket.leave()


async def test_a_subscription_may_start_without_connection_init(gateway: Gateway) -> None:
    socket = gateway.connect("graphql-ws", query=f"header={encoded(KEY_HEADERS)}")
    assert await socket.start("1", ON_TASK) == {"type": "start_ack", "id": "1"}
    await save(gateway)
    assert (await socket.next())["type"] == "data"
    await socket.leave()


SHOWN = json.dumps({"x-api-key": "da2-known", "filler": "???>>>~~~"}).encode()


@pytest.mark.parametrize(
    ("subprotocols", "query", "headers"),
    [
        (["graphql-ws"], "header=" + base64.b64encode(SHOWN).decode(), {}),
        (["graphql-ws"], "header=" + base64.b64encode(SHOWN).decode().replace("+", " "), {}),
        (["graphql-ws"], "header=" + base64.b64encode(SHOWN).decode().rstrip("=") + "&payload=e30", {}),
        (["graphql-ws", "header-" + base64.urlsafe_b64encode(SHOWN).decode().rstrip("=")], "x-custom=1", {}),
        (["graphql-ws"], "", KEY_HEADERS),
    ],
)
async def test_credentials_come_by_query_string_sub_protocol_or_headers(
    gateway: Gateway, subprotocols: list[str], query: str, headers: dict[str, str]
) -> None:
    socket = gateway.connect(*subprotocols, query=query, headers=headers)
    await socket.send({"type": "connection_init"})
    assert (await socket.next())["type"] == "connection_ack"
    await socket.leave()


@pytest.mark.parametrize(
    ("subprotocols", "query", "error_type", "code"),
    [
        (["graphql-ws"], f"header={encoded({'x-api-key': 'wrong'})}", "UnauthorizedException", 401),
        (["graphql-ws"], "", "UnauthorizedException", 401),
        (["graphql-ws"], "header=%%%", "BadRequestException", 400),
        (["graphql-ws"], f"header={encoded({'authorization': SIGNED + 'x'})}", "InvalidSignatureException", 403),
        ([], f"header={encoded(KEY_HEADERS)}", "NoProtocolError", 400),
    ],
)
async def test_an_unauthorized_connection_gets_an_error_and_is_closed(
    gateway: Gateway, subprotocols: list[str], query: str, error_type: str, code: int
) -> None:
    socket = gateway.connect(*subprotocols, query=query)
    await socket.send({"type": "connection_init"})
    message = await socket.next()
    assert message["type"] == "connection_error"
    error = message["payload"]["errors"][0]
    assert (error["errorType"], error["errorCode"]) == (error_type, code)
    assert await socket.next() is None
    await asyncio.wait_for(socket.task, 5)


async def test_a_client_that_never_says_anything_is_closed() -> None:
    gateway = Gateway(limits=Limits(connection_init_seconds=0.01))
    socket = gateway.connect("graphql-ws", query=f"header={encoded(KEY_HEADERS)}")
    assert await socket.next() is None


async def test_each_subscription_is_authorised_on_its_own(gateway: Gateway) -> None:
    socket = await gateway.listen()
    refused = await socket.start("1", ON_TASK, shown={"x-api-key": "wrong"})
    assert refused["id"] == "1"
    assert refused["type"] == "error"
    assert refused["payload"]["errors"][0]["errorType"] == "UnauthorizedException"
    denied = await socket.start("2", "subscription { onStaff { id } }")
    message = "Not Authorized to access onStaff on type Subscription"
    assert denied["payload"]["errors"][0]["errorType"] == "Unauthorized"
    assert denied["payload"]["errors"][0]["message"] == message
    gateway.now = NOW + 61
    expired = await socket.start("3", ON_TASK)
    assert expired["payload"]["errors"][0]["errorType"] == "UnauthorizedException"
    await socket.leave()


async def test_the_fields_own_resolver_may_refuse(gateway: Gateway) -> None:
    gateway.functions.answers["onTask"] = failure("Not yours.")
    socket = await gateway.listen()
    refused = await socket.start("9", 'subscription { onTask(id: "1") { id } }')
    assert refused["type"] == "error"
    assert refused["id"] == "9"
    assert refused["payload"]["errors"][0]["errorType"] == "Lambda:Unhandled"
    assert refused["payload"]["errors"][0]["message"] == "Not yours."
    event = gateway.functions.events[-1]
    assert event["arguments"] == {"id": "1"}
    assert event["info"]["parentTypeName"] == "Subscription"
    assert event["request"]["headers"]["x-seen"] == "at connect"
    assert event["request"]["headers"]["x-api-key"] == "da2-known"
    gateway.functions.answers["onTask"] = None
    assert (await socket.start("9", ON_TASK))["type"] == "start_ack"
    await socket.leave()


async def test_a_signed_client_signs_the_connection_and_each_start(gateway: Gateway) -> None:
    signed = {"Authorization": SIGNED}
    socket = await gateway.listen(signed)
    denied = await socket.start("1", ON_TASK, shown=signed)
    assert denied["payload"]["errors"][0]["errorType"] == "Unauthorized"
    data = json.dumps({"query": ON_TASK}).encode()
    assert gateway.iam.signed == [("POST", "/graphql/connect", b"{}"), ("POST", "/graphql", data)]
    await socket.leave()


NOT = "not supported through the realtime channel"
UNKNOWN = f"UnsupportedOperation: unknown {NOT}"
NOT_SHOWN = "UnauthorizedException: Valid authorization header not provided."
AUTHORIZED = {"authorization": KEY_HEADERS}


@pytest.mark.parametrize(
    ("payload", "error"),
    [
        ({}, UNKNOWN),
        (None, UNKNOWN),
        ({"data": "{", "extensions": AUTHORIZED}, UNKNOWN),
        ({"data": json.dumps({"query": ON_TASK})}, NOT_SHOWN),
        (
            {"data": json.dumps({"query": "{ nothing }"}), "extensions": AUTHORIZED},
            f"UnsupportedOperation: query {NOT}",
        ),
        (
            {"data": json.dumps({"query": "subscription {"}), "extensions": AUTHORIZED},
            "MalformedHttpRequestException: Unable to parse GraphQL query.",
        ),
    ],
)
async def test_a_start_that_is_no_subscription_is_an_error_with_its_id(
    gateway: Gateway, payload: dict[str, object] | None, error: str
) -> None:
    socket = await gateway.listen()
    await socket.send({"id": "1", "type": "start", "payload": payload})
    answer = await socket.next()
    assert (answer["type"], answer["id"]) == ("error", "1")
    assert "{errorType}: {message}".format(**answer["payload"]["errors"][0]) == error
    await socket.leave()


@pytest.mark.parametrize("host", [{}, {"host": "elsewhere.example"}])
async def test_the_host_that_a_client_names_is_not_looked_at(gateway: Gateway, host: dict[str, str]) -> None:
    socket = await gateway.listen({**KEY_HEADERS, **host})
    assert (await socket.start("1", ON_TASK, shown={**KEY_HEADERS, **host}))["type"] == "start_ack"
    await socket.leave()


async def test_an_invalid_subscription_is_an_error_with_its_id(gateway: Gateway) -> None:
    socket = await gateway.listen()
    answer = await socket.start("1", "subscription { onTask { nope } }")
    assert answer["payload"]["errors"][0]["message"].startswith("Validation error of type FieldUndefined")
    await socket.leave()


@pytest.mark.parametrize("text", ["no json", "[]", '{"type": "dance"}', '{"type": "start"}'])
async def test_an_unknown_message_is_answered_and_the_connection_lives(gateway: Gateway, text: str) -> None:
    socket = await gateway.listen()
    await socket.send(text)
    answer = await socket.next()
    assert answer["type"] == "error"
    assert answer["payload"]["errors"][0]["errorType"] == "UnsupportedOperation"
    assert (await socket.start("1", ON_TASK))["type"] == "start_ack"
    await socket.leave()


async def test_an_id_in_use_and_one_subscription_too_many_are_refused() -> None:
    gateway = Gateway(limits=Limits(operations_per_connection=2))
    socket = await gateway.listen()
    assert (await socket.start("1", ON_TASK))["type"] == "start_ack"
    assert (await socket.start("1", ON_TASK))["payload"]["errors"][0]["errorType"] == "DuplicatedOperationError"
    assert (await socket.start("2", ON_TASK))["type"] == "start_ack"
    assert (await socket.start("3", ON_TASK))["payload"]["errors"][0]["errorType"] == "MaxSubscriptionsReachedError"
    await socket.send({"type": "stop", "id": "2"})
    assert (await socket.next())["type"] == "complete"
    assert (await socket.start("3", ON_TASK))["type"] == "start_ack"
    await socket.leave()


async def test_a_stop_ends_a_start_that_still_waits_for_its_resolver(gateway: Gateway) -> None:
    requested, given_up = asyncio.Event(), asyncio.Event()

    async def forever(_event: object) -> None:
        requested.set()
        try:
            await asyncio.Event().wait()
        finally:
            given_up.set()

    gateway.functions.answers["onTask"] = forever
    socket = await gateway.listen()
    data = json.dumps({"query": ON_TASK})
    await socket.send(
        {"id": "1", "type": "start", "payload": {"data": data, "extensions": {"authorization": KEY_HEADERS}}}
    )
    await asyncio.wait_for(requested.wait(), 5)
    await socket.send({"type": "stop", "id": "1"})
    assert await socket.next() == {"type": "complete", "id": "1"}
    await asyncio.wait_for(given_up.wait(), 5)
    await save(gateway)
    assert await socket.is_silent()
    await socket.leave()


async def test_a_reader_that_stops_reading_is_cut_off_and_the_others_are_served() -> None:
    gateway = Gateway(limits=Limits(max_unread_bytes=2_000))
    gateway.functions.answers["save"] = {"id": "1", "title": "x" * 500}
    slow, quick = await gateway.listen(), await gateway.listen()
    for socket in (slow, quick):
        assert (await socket.start("1", ON_TASK))["type"] == "start_ack"
    slow.reading.clear()
    for _ in range(6):
        await save(gateway)
        assert (await quick.next())["type"] == "data"
    await asyncio.wait_for(slow.task, 5)
    await quick.leave()


async def test_a_closed_connection_is_unsubscribed(gateway: Gateway) -> None:
    leaving, staying = await gateway.listen(), await gateway.listen()
    for socket in (leaving, staying):
        await socket.start("1", ON_TASK)
    await leaving.leave()
    await save(gateway)
    assert (await staying.next())["type"] == "data"
    while not leaving.from_app.empty():
        assert await leaving.next(with_ka=True) == {"type": "ka"}
    await staying.leave()
    assert not gateway.engine.broker.has_listeners("save")


async def test_what_the_fields_own_resolver_answers_is_of_no_matter(gateway: Gateway) -> None:
    gateway.functions.answers["onTask"] = {"id": None, "marks": "A"}
    socket = await gateway.listen()
    assert (await socket.start("1", "subscription { onTask { id marks } }"))["type"] == "start_ack"
    await socket.leave()
