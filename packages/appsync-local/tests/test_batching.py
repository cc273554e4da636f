"""`maxBatchSize`: siblings are resolved by one invocation."""

from __future__ import annotations

from typing import Any

import pytest

from support.gateway import Gateway, failure
from support.sample_api import resolver, template

QUERY = "{ tasks(first: 5) { id notes(first: 1) } }"


def batching(size: int, answer: object, *, count: int = 3, **properties: object) -> Gateway:
    compiled = template()
    compiled["Resources"]["ResolverTasknotes"] = resolver("Task", "notes", "Tasks", MaxBatchSize=size)
    compiled["Resources"]["Api"]["Properties"] |= properties
    gateway = Gateway(compiled=compiled)
    gateway.functions.answers |= {"tasks": [{"id": str(number)} for number in range(count)], "notes": answer}
    return gateway


def notes_of(events: list[dict[str, Any]]) -> list[list[str]]:
    return [[f"note of {event['source']['id']}"] for event in events]


async def test_siblings_are_one_call_with_a_list_of_events() -> None:
    gateway = batching(10, notes_of)
    body = await gateway.query(QUERY)
    assert [task["notes"] for task in body["data"]["tasks"]] == [[f"note of {number}"] for number in range(3)]
    first, batch = gateway.functions.events
    assert first["info"]["fieldName"] == "tasks"
    assert [event["source"]["id"] for event in batch] == ["0", "1", "2"]
    assert batch[0]["arguments"] == {"first": 1}
    assert batch[0]["info"]["parentTypeName"] == "Task"


async def test_a_batch_is_no_larger_than_its_limit() -> None:
    gateway = batching(2, notes_of, count=5)
    assert "errors" not in await gateway.query(QUERY)
    assert [len(batch) for batch in gateway.functions.events[1:]] == [2, 2, 1]


async def test_siblings_at_different_depths_are_answered_each_with_their_own() -> None:
    gateway = batching(10, notes_of)
    gateway.functions.answers["tasks"] = [{"id": "0", "parent": {"id": "9"}}, {"id": "1"}]
    body = await gateway.query("{ tasks { notes parent { notes } } }")
    assert body["data"]["tasks"] == [
        {"notes": ["note of 0"], "parent": {"notes": ["note of 9"]}},
        {"notes": ["note of 1"], "parent": None},
    ]


async def test_an_item_may_be_an_error_of_its_own() -> None:
    answers = [
        {"data": ["kept"]},
        {"data": ["partial"], "errorMessage": "The page is torn.", "errorType": "Torn"},
        ["plain"],
    ]
    body = await batching(10, answers).query(QUERY)
    assert [task["notes"] for task in body["data"]["tasks"]] == [["kept"], None, ["plain"]]
    (error,) = body["errors"]
    assert (error["path"], error["errorType"], error["message"], error["data"]) == (
        ["tasks", 1, "notes"],
        "Torn",
        "The page is torn.",
        ["partial"],
    )


@pytest.mark.parametrize("answer", [[["one"]], [], {"data": []}, None, "text", [["1"], ["2"], ["3"], ["4"]]])
async def test_a_batch_of_another_length_is_an_error_of_each_item(answer: object) -> None:
    body = await batching(10, answer).query(QUERY)
    assert [task["notes"] for task in body["data"]["tasks"]] == [None] * 3
    assert [error["errorType"] for error in body["errors"]] == ["Lambda:InvalidBatchResponse"] * 3
    assert "3 expected" in body["errors"][0]["message"]


async def test_a_function_that_fails_fails_each_item() -> None:
    body = await batching(10, failure("The table is gone.")).query(QUERY)
    assert [error["message"] for error in body["errors"]] == ["The table is gone."] * 3
    assert [error["path"][1] for error in body["errors"]] == [0, 1, 2]


async def test_each_item_counts_as_a_resolver() -> None:
    body = await batching(10, notes_of, ResolverCountLimit=3).query(QUERY)
    assert [error["errorType"] for error in body["errors"]] == ["ResolverExecutionLimitReached"]


async def test_a_root_field_may_have_batches_too() -> None:
    compiled = template()
    compiled["Resources"]["ResolverQuerytask"] = resolver("Query", "task", "Tasks", MaxBatchSize=5)
    gateway = Gateway(compiled=compiled)
    gateway.functions.answers["task"] = lambda events: [{"id": event["arguments"]["id"]} for event in events]
    body = await gateway.query("{ a: task(id: 1) { id } b: task(id: 2) { id } }")
    assert body == {"data": {"a": {"id": "1"}, "b": {"id": "2"}}}
    assert all(isinstance(event, list) for event in gateway.functions.events)
