"""Subscriptions: which subscriber receives which result, and which part of it."""

from __future__ import annotations

from typing import Any

import pytest

from support.gateway import SIGNED, Gateway

SAVE = "mutation($input: TaskInput!) { save(input: $input) { id title status labels } }"
DECLARED = "subscription($id: ID, $status: Status) { onTask(id: $id, status: $status) { id status } }"
LITERAL = "subscription { onTask(status: DONE) { id status } }"
NULL = "subscription { onTask(status: null) { id status } }"
FREE = "subscription { onTask { id status } }"
DEFAULT = "subscription($status: Status = DONE) { onTask(status: $status) { id status } }"


@pytest.mark.parametrize(
    ("subscription", "variables", "saved", "received"),
    [
        (FREE, None, {"id": "1", "status": "OPEN"}, True),
        (FREE, None, {"id": "1"}, True),
        (LITERAL, None, {"id": "1", "status": "DONE"}, True),
        (LITERAL, None, {"id": "1", "status": "OPEN"}, False),
        (LITERAL, None, {"id": "1"}, False),
        (NULL, None, {"id": "1"}, True),
        (NULL, None, {"id": "1", "status": "OPEN"}, False),
        (DECLARED, {"id": "1", "status": "OPEN"}, {"id": "1", "status": "OPEN"}, True),
        (DECLARED, {"id": "2", "status": "OPEN"}, {"id": "1", "status": "OPEN"}, False),
        (DECLARED, {"id": 1, "status": "OPEN"}, {"id": "1", "status": "OPEN"}, True),
        (DECLARED, {"id": "1"}, {"id": "1", "status": "OPEN"}, False),
        (DECLARED, {"id": "1"}, {"id": "1"}, True),
        (DECLARED, {"id": "1", "status": None}, {"id": "1"}, True),
        (DEFAULT, {}, {"id": "1", "status": "DONE"}, True),
        (DEFAULT, {}, {"id": "1", "status": "OPEN"}, False),
    ],
)
async def test_arguments_equal_the_results_fields_or_nothing_is_pushed(
    gateway: Gateway, subscription: str, variables: dict[str, Any] | None, saved: dict[str, Any], received: bool
) -> None:
    socket = await gateway.listen()
    assert (await socket.start("1", subscription, variables))["type"] == "start_ack"
    await gateway.query(SAVE, variables={"input": saved})
    if received:
        pushed = (await socket.next())["payload"]["data"]["onTask"]
        assert pushed == {"id": saved["id"], "status": saved.get("status")}
    assert await socket.is_silent()
    await socket.leave()


async def test_a_variable_that_was_not_given_reaches_the_resolver_as_null(gateway: Gateway) -> None:
    socket = await gateway.listen()
    await socket.start("1", DECLARED, {"id": "1"})
    event = gateway.functions.events[-1]
    assert event["arguments"] == {"id": "1", "status": None}
    assert event["info"]["variables"] == {"id": "1"}
    await socket.leave()


async def test_an_argument_on_a_field_that_the_mutation_did_not_select_matches_only_null(gateway: Gateway) -> None:
    socket = await gateway.listen()
    await socket.start("done", LITERAL)
    await socket.start("null", NULL)
    await gateway.query('mutation { save(input: {id: "1", status: DONE}) { id } }')
    assert (await socket.next())["id"] == "null"
    assert await socket.is_silent()
    await socket.leave()


async def test_only_what_the_mutation_selected_is_pushed(gateway: Gateway) -> None:
    socket = await gateway.listen()
    await socket.start("1", "subscription { onTask { id status labels notes } }")
    await gateway.query('mutation { save(input: {id: "1", status: DONE, labels: ["a"]}) { id labels } }')
    pushed = (await socket.next())["payload"]
    assert pushed == {"data": {"onTask": {"id": "1", "status": None, "labels": ["a"], "notes": None}}}
    assert "notes" not in {event["info"]["fieldName"] for event in gateway.functions.events}
    await socket.leave()


async def test_a_missing_non_null_field_makes_the_push_null_with_an_error(gateway: Gateway) -> None:
    socket = await gateway.listen()
    await socket.start("1", "subscription { onTask { id title } }")
    await gateway.query('mutation { save(input: {id: "1"}) { id } }')
    message = "Cannot return null for non-nullable type: 'String' within parent 'Task' (/onTask/title)"
    error = {"path": ["onTask", "title"], "locations": None, "message": message}
    assert (await socket.next())["payload"] == {"data": {"onTask": None}, "errors": [error]}
    await socket.leave()


async def test_aliases_of_the_subscription_name_what_is_pushed(gateway: Gateway) -> None:
    gateway.functions.answers["save"] = {"id": "1", "title": "Saved", "parent": {"id": "0", "title": "Above"}}
    socket = await gateway.listen()
    await socket.start("1", "subscription { changed: onTask(id: 1) { name: title parent { id title } } }")
    mutation = (
        'mutation { s: save(input: {id: "1"}) { id ...Rest } } fragment Rest on Task { title parent { id title } }'
    )
    assert "errors" not in await gateway.query(mutation)
    changed = {"name": "Saved", "parent": {"id": "0", "title": "Above"}}
    assert (await socket.next())["payload"] == {"data": {"changed": changed}}
    await socket.leave()


@pytest.mark.parametrize("selection", ["s: status", "s: status t: status", "status: count"])
async def test_a_field_that_the_mutation_selected_by_an_alias_alone_is_pushed_as_null(
    gateway: Gateway, selection: str
) -> None:
    socket = await gateway.listen()
    await socket.start("1", "subscription { onTask { id status } }")
    await socket.start("2", "subscription { onTask(status: OPEN) { id } }")
    await gateway.query(f'mutation {{ save(input: {{id: "1", status: OPEN}}) {{ id {selection} }} }}')
    assert await socket.next() == {
        "id": "1",
        "type": "data",
        "payload": {"data": {"onTask": {"id": "1", "status": None}}},
    }
    assert await socket.is_silent()
    await socket.leave()


async def test_json_and_instants_pass_unchanged(gateway: Gateway) -> None:
    gateway.functions.answers["save"] = {"id": "1", "extra": {"a": [1]}, "dueAt": "2030-01-01T00:00:00+02:00"}
    socket = await gateway.listen()
    await socket.start("1", "subscription { onTask { extra dueAt } }")
    await gateway.query('mutation { save(input: {id: "1"}) { id extra dueAt } }')
    pushed = {"extra": '{"a":[1]}', "dueAt": "2030-01-01T00:00:00+02:00"}
    assert (await socket.next())["payload"] == {"data": {"onTask": pushed}}
    await socket.leave()


@pytest.mark.parametrize("answer", [None, ValueError("broken"), {"title": "without an id"}])
async def test_a_mutation_field_that_failed_is_not_pushed(gateway: Gateway, answer: object) -> None:
    gateway.functions.answers["save"] = answer
    socket = await gateway.listen()
    await socket.start("1", "subscription { onTask { id } }")
    await gateway.query('mutation { save(input: {id: "1"}) { id } other(id: 1) { id } }')
    assert await socket.is_silent()
    await socket.leave()


async def test_the_publishers_signed_mutation_passes_its_argument_to_the_subscribers(gateway: Gateway) -> None:
    socket = await gateway.listen()
    await socket.start("1", "subscription { onTask(id: 5) { id title status } }")
    mutation = "mutation($event: TaskInput!) { publish(event: $event) { id title status } }"
    event = {"id": "5", "title": "From the queue", "status": "DONE"}
    body = await gateway.query(mutation, {"authorization": SIGNED}, variables={"event": event})
    assert body == {"data": {"publish": event}}
    assert (await socket.next())["payload"] == {"data": {"onTask": event}}
    assert gateway.iam.signed[0][:2] == ("POST", "/graphql")
    assert [seen["info"]["fieldName"] for seen in gateway.functions.events] == ["onTask"]
    await socket.leave()


async def test_many_subscribers_get_the_same_payload_each_with_its_id(gateway: Gateway) -> None:
    sockets = [await gateway.listen() for _ in range(20)]
    for number, socket in enumerate(sockets):
        await socket.start(f"own-{number}", FREE)
    await gateway.query('mutation { save(input: {id: "1"}) { id status } }')
    frames = [await socket.next() for socket in sockets]
    assert [frame["id"] for frame in frames] == [f"own-{number}" for number in range(20)]
    assert len({str(frame["payload"]) for frame in frames}) == 1
    for socket in sockets:
        await socket.leave()


async def test_defaults_of_the_mutations_variables_decide_what_is_pushed(gateway: Gateway) -> None:
    socket = await gateway.listen()
    await socket.start("1", "subscription { onTask { id labels } }")
    mutation = "mutation($all: Boolean = true) { s: save(input: {id: 1, labels: []}) { id labels @include(if: $all) } }"
    assert "errors" not in await gateway.query(mutation)
    assert (await socket.next())["payload"] == {"data": {"onTask": {"id": "1", "labels": []}}}
    await socket.leave()


async def test_each_field_of_a_mutation_is_pushed_in_order(gateway: Gateway) -> None:
    socket = await gateway.listen()
    await socket.start("1", "subscription { onTask { id } }")
    await gateway.query('mutation { a: save(input: {id: "1"}) { id } b: save(input: {id: "2"}) { id } }')
    assert [(await socket.next())["payload"]["data"]["onTask"]["id"] for _ in range(2)] == ["1", "2"]
    await socket.leave()
