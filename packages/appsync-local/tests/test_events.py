"""The event of a direct Lambda resolver."""

from __future__ import annotations

from typing import Any

import pytest

from support.gateway import KEY_HEADERS, Gateway


async def resolver_event(gateway: Gateway, query: str, variables: dict[str, Any] | None = None) -> dict[str, Any]:
    body = await gateway.query(query, variables=variables)
    assert "errors" not in body
    event: dict[str, Any] = gateway.functions.events[0]
    return event


async def test_the_event_has_every_part_of_appsyncs(gateway: Gateway) -> None:
    query = "query Q($id: ID!) { task(id: $id) { id parent { title } } }"
    body = await gateway.query(query, {**KEY_HEADERS, "X-Trace": "7"}, variables={"id": "1"})
    assert "errors" not in body
    assert gateway.functions.events == [
        {
            "arguments": {"id": "1"},
            "identity": None,
            "source": None,
            "request": {
                "headers": {"host": "127.0.0.1:4000", "x-api-key": "da2-known", "x-trace": "7"},
                "domainName": None,
            },
            "prev": None,
            "info": {
                "fieldName": "task",
                "parentTypeName": "Query",
                "variables": {"id": "1"},
                "selectionSetList": ["id", "parent", "parent/title"],
                "selectionSetGraphQL": "{\n  id\n  parent {\n    title\n  }\n}",
            },
            "stash": {},
        }
    ]


@pytest.mark.parametrize(
    ("arguments", "variables", "seen"),
    [
        ("(id: 7)", None, {"id": "7"}),
        ('(id: "1", status: DONE)', None, {"id": "1", "status": "DONE"}),
        ('(id: "1", status: null)', None, {"id": "1", "status": None}),
        ('(id: "1", status: $status)', {}, {"id": "1"}),
        ('(id: "1", status: $status)', {"status": None}, {"id": "1", "status": None}),
        ('(id: "1", status: $status)', {"status": "OPEN"}, {"id": "1", "status": "OPEN"}),
    ],
)
async def test_arguments_are_coerced_and_left_out_when_omitted(
    gateway: Gateway, arguments: str, variables: dict[str, Any] | None, seen: dict[str, Any]
) -> None:
    declared = "($status: Status)" if "$" in arguments else ""
    assert (await resolver_event(gateway, f"query{declared} {{ task{arguments} {{ id }} }}", variables))[
        "arguments"
    ] == seen


async def test_defaults_are_filled_in_and_json_arrives_read(gateway: Gateway) -> None:
    gateway.functions.answers["tasks"] = []
    assert (await resolver_event(gateway, "{ tasks { id } }"))["arguments"] == {"first": 2}
    await gateway.query('mutation { save(input: {id: "1", extra: "{\\"a\\": [1]}"}) { id } }')
    assert gateway.functions.events[1]["arguments"] == {"input": {"id": "1", "extra": {"a": [1]}}}


@pytest.mark.parametrize(
    ("selection", "variables", "paths"),
    [
        ("id name: title", None, ["id", "name"]),
        (
            "id parent { id parent { title } }",
            None,
            ["id", "parent", "parent/id", "parent/parent", "parent/parent/title"],
        ),
        (
            "...F fragment F on Task { id parent { ...G } } fragment G on Task { title }",
            None,
            ["id", "parent", "parent/title"],
        ),
        ("... on Task { id } title id", None, ["id", "title"]),
        ("parent { id } parent { title }", None, ["parent", "parent/id", "parent/title"]),
        ("__typename id", None, ["__typename", "id"]),
        ("id title @include(if: $yes) status @skip(if: $yes)", {"yes": True}, ["id", "title"]),
        ("id title @include(if: $yes) status @skip(if: $yes)", {"yes": False}, ["id", "status"]),
    ],
)
async def test_the_selection_is_listed_as_paths(
    gateway: Gateway, selection: str, variables: dict[str, Any] | None, paths: list[str]
) -> None:
    declared = "query($yes: Boolean!)" if variables else "query"
    selected, _, fragments = selection.partition(" fragment ")
    query = f'{declared} {{ task(id: "1") {{ {selected} }} }}{" fragment " * bool(fragments)}{fragments}'
    event = await resolver_event(gateway, query, variables)
    assert event["info"]["selectionSetList"] == paths


async def test_the_printed_selection_keeps_its_fragments(gateway: Gateway) -> None:
    event = await resolver_event(gateway, "{ task(id: 1) { ... on Task { id } ...F } } fragment F on Task { title }")
    assert event["info"]["selectionSetGraphQL"] == "{\n  ... on Task {\n    id\n  }\n  ...F\n}"


async def test_a_nested_resolver_gets_its_parent_as_source(gateway: Gateway) -> None:
    gateway.functions.answers["notes"] = ["one"]
    body = await gateway.query('{ task(id: "1") { id notes(first: 1) } }')
    assert body == {"data": {"task": {"id": "1", "notes": ["one"]}}}
    event = gateway.functions.events[1]
    assert event["source"] == gateway.functions.answers["task"]
    assert event["arguments"] == {"first": 1}
    assert event["info"]["parentTypeName"] == "Task"
    assert event["info"]["selectionSetList"] == []
    assert event["info"]["selectionSetGraphQL"] == ""


async def test_the_same_text_is_served_again_with_other_variables(gateway: Gateway) -> None:
    query = "query($id: ID!) { task(id: $id) { id } }"
    for number in ("1", "2"):
        await gateway.query(query, variables={"id": number})
    assert [event["arguments"]["id"] for event in gateway.functions.events] == ["1", "2"]
