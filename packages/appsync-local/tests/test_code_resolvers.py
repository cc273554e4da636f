"""Unit resolvers with code: their data sources, their errors as clients see them, batches."""

from __future__ import annotations

from typing import Any

import pytest

from support.gateway import Gateway, failure
from support.sample_api import resolver, template

PASS_ON = "export function response(ctx) { return ctx.result; }"
INVOKE = "export function request(ctx) { return { operation: 'Invoke', payload: ctx.args }; }\n"
BATCH = """
export function request(ctx) {
  return { operation: 'BatchInvoke', payload: { id: ctx.source.id, info: ctx.info } };
}
"""
RAISE = """
export function response(ctx) {
  if (ctx.error) { util.error(ctx.error.message, ctx.error.type); }
  if (ctx.result.refused) { util.error('No.', 'REFUSED', ctx.result.task, { field: ['id'] }); }
  return ctx.result;
}
"""
TASK = "{ task(id: 1) { id title } }"


def gateway(code: str, answer: object = None, *, field: str = "task", source: str = "Tasks", **more: object) -> Gateway:
    """An API where one field has code; its function gets a payload of the code's own."""
    compiled = template()
    parent = "Task" if field == "notes" else "Query"
    own = resolver(parent, field, source, Code=code, Runtime={"Name": "APPSYNC_JS", "RuntimeVersion": "1.0.0"}, **more)
    compiled["Resources"][f"Resolver{parent}{field}"] = own
    made = Gateway(compiled=compiled)
    made.functions.answers |= {"authorize": answer, "notes": answer, "tasks": [{"id": str(n)} for n in range(7)]}
    return made


async def test_the_function_gets_the_payload_and_the_client_the_response() -> None:
    code = INVOKE + "export function response(ctx) { return { ...ctx.result, title: `${ctx.result.title}!` }; }"
    api = gateway(code, {"id": "1", "title": "Read"})
    assert await api.query(TASK) == {"data": {"task": {"id": "1", "title": "Read!"}}}
    assert api.functions.events == [{"id": "1"}]


async def test_an_error_has_its_type_its_information_and_what_was_selected_of_its_data() -> None:
    api = gateway(INVOKE + RAISE, {"refused": True, "task": {"id": "1", "title": "x", "count": 3}})
    body = await api.query(TASK)
    assert body == {
        "data": {"task": None},
        "errors": [
            {
                "path": ["task"],
                "data": {"id": "1", "title": "x"},
                "errorType": "REFUSED",
                "errorInfo": {"field": ["id"]},
                "locations": [{"line": 1, "column": 3, "sourceName": None}],
                "message": "No.",
            }
        ],
    }


async def test_what_the_function_raises_is_the_codes_to_raise() -> None:
    body = await gateway(INVOKE + RAISE, failure("The table is gone.")).query(TASK)
    assert [(error["errorType"], error["message"]) for error in body["errors"]] == [
        ("Lambda:Unhandled", "The table is gone.")
    ]
    assert await gateway(INVOKE + PASS_ON, failure("x")).query(TASK) == {"data": {"task": None}}


async def test_an_appended_error_comes_with_the_data() -> None:
    code = (
        INVOKE + "export function response(ctx) { util.appendError('Old.', 'STALE', ctx.result); return ctx.result; }"
    )
    body = await gateway(code, {"id": "1", "title": "x", "count": 3}).query("{ a: task(id: 1) { id } }")
    assert body["data"] == {"a": {"id": "1"}}
    (error,) = body["errors"]
    assert (error["path"], error["errorType"], error["data"]) == (["a"], "STALE", {"id": "1"})
    assert error["locations"] == [{"line": 1, "column": 3, "sourceName": None}]


async def test_unauthorized_is_as_a_denied_field() -> None:
    body = await gateway("export function request() { util.unauthorized(); }" + PASS_ON).query(TASK)
    (error,) = body["errors"]
    assert (error["errorType"], error["message"]) == ("Unauthorized", "Not Authorized to access task on type Query")


@pytest.mark.parametrize("source", ["Tasks", "None"])
async def test_an_early_return_skips_the_data_source_and_the_response(source: str) -> None:
    code = "export function request(ctx) { runtime.earlyReturn({ id: ctx.args.id }); }"
    api = gateway(code + "export function response() { util.error('never'); }", source=source)
    assert await api.query("{ task(id: 1) { id } }") == {"data": {"task": {"id": "1"}}}
    assert api.functions.events == []


async def test_the_stash_lives_from_the_request_to_the_response() -> None:
    code = "export function request(ctx) { ctx.stash.id = ctx.args.id; return { payload: null }; }"
    api = gateway(code + "export function response(ctx) { return ctx.stash; }", source="None")
    assert await api.query("{ task(id: 1) { id } }") == {"data": {"task": {"id": "1"}}}


async def test_a_none_source_may_be_below_the_root() -> None:
    code = "export function request(ctx) { return { payload: [ctx.source.id] }; }" + PASS_ON
    body = await gateway(code, field="notes", source="None").query("{ tasks { notes } }")
    assert body["data"]["tasks"][:2] == [{"notes": ["0"]}, {"notes": ["1"]}]


@pytest.mark.parametrize(
    ("request_object", "message"),
    [
        ("{ payload: 1 }", "Value for field '$[operation]' not found."),
        ("null", "Value for field '$[operation]' not found."),
        ("{ operation: 'GetItem' }", "Unsupported operation 'GetItem'."),
    ],
)
async def test_a_request_that_no_function_can_take_is_an_error(request_object: str, message: str) -> None:
    api = gateway(f"export function request() {{ return {request_object}; }}" + PASS_ON)
    (error,) = (await api.query(TASK))["errors"]
    assert (error["errorType"], error["message"]) == ("MappingTemplate", message)


async def test_code_that_fails_is_an_error_of_its_field() -> None:
    (error,) = (await gateway(INVOKE + "export function response(ctx) { return ctx.nothing.x; }").query(TASK))["errors"]
    assert error["errorType"] == "Code"
    assert error["message"].startswith("code.js:2:")


async def test_who_called_and_how_is_in_the_context() -> None:
    code = "export function request(ctx) { return { payload: { id: util.authType(), title: ctx.info.fieldName } }; }"
    body = await gateway(code + PASS_ON, source="None").query(TASK)
    assert body["data"]["task"] == {"id": "API Key Authorization", "title": "task"}


def notes_of(events: list[dict[str, Any]]) -> list[Any]:
    return [None if event["id"] == "1" else {"notes": [event["id"]]} for event in events]


async def test_each_item_of_a_batch_has_its_own_response() -> None:
    response = "export function response(ctx) { return ctx.result ? ctx.result.notes : util.error('Gone.', 'GONE'); }"
    api = gateway(BATCH + response, notes_of, field="notes", MaxBatchSize=4)
    body = await api.query("{ tasks { notes } }")
    assert [task["notes"] for task in body["data"]["tasks"]] == [["0"], None, *([str(n)] for n in range(2, 7))]
    assert [(error["path"], error["errorType"]) for error in body["errors"]] == [(["tasks", 1, "notes"], "GONE")]
    assert [len(events) for events in api.functions.events[1:]] == [4, 3]


async def test_batches_have_five_items_unless_the_resolver_says_otherwise() -> None:
    api = gateway(BATCH + "export function response(ctx) { return []; }", notes_of, field="notes")
    await api.query("{ tasks { notes } }")
    assert [len(events) for events in api.functions.events[1:]] == [5, 2]


async def test_a_batch_that_fails_is_an_error_for_each_response() -> None:
    api = gateway(BATCH + RAISE, failure("Down."), field="notes", MaxBatchSize=10)
    body = await api.query("{ tasks { notes } }")
    assert [error["message"] for error in body["errors"]] == ["Down."] * 7


async def test_a_subscription_that_code_refuses_gets_the_typed_error() -> None:
    compiled = template()
    refusing = (
        "export function request(ctx) { util.error('Not yours.', 'FORBIDDEN', null, { field: ['id'] }); }" + PASS_ON
    )
    compiled["Resources"]["ResolverSubscriptiononTask"] = resolver(
        "Subscription", "onTask", "None", Code=refusing, Runtime={"Name": "APPSYNC_JS"}
    )
    socket = await Gateway(compiled=compiled).listen()
    answer = await socket.start("1", "subscription { onTask(id: 1) { id } }")
    assert (answer["type"], answer["id"]) == ("error", "1")
    (error,) = answer["payload"]["errors"]
    assert (error["errorType"], error["message"], error["errorInfo"]) == ("FORBIDDEN", "Not yours.", {"field": ["id"]})
    await socket.leave()
