"""The code of all resolvers with a function: what the function gets, and what clients get of its answer."""

import asyncio
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from appsync_local.errors import FieldError
from appsync_local.javascript.script import Script
from appsync_local.protocols import FunctionError
from appsync_local.testing import LocalApi

from resolvers import read_tasks
from resolvers.responses import error_answer
from tests.infrastructure.compiled import Properties, Template
from tests.support.graphql_api import make_graphql_api
from tests.support.lambdas import ADA, CONTEXT, appsync_event

Compiled = Callable[[str], Template]
CODE = Path("infrastructure/call_function.js")
LISTS = "{ a: tasks(first: 1) { nodes { id } } b: tasks(first: 0) { nodes { id } } }"


@pytest.fixture(scope="module")
def script(checkout: Path) -> Script:
    return Script((checkout / CODE).read_text(encoding="utf-8"))


@pytest.fixture
def resolvers(of_type: Callable[[str], dict[str, Properties]]) -> dict[tuple[str, str], Properties]:
    """The resolvers by type and field."""
    found = of_type("AWS::AppSync::Resolver").values()
    return {(resolver["TypeName"], resolver["FieldName"]): resolver for resolver in found}


def test_every_resolver_of_a_function_has_this_code(resolvers: dict[Any, Properties], checkout: Path) -> None:
    assert len(resolvers) > 15
    code = (checkout / CODE).read_text(encoding="utf-8")
    others = [field for field, resolver in resolvers.items() if resolver["Code"] != code]
    assert set(others) == {("Mutation", "publishTaskEvent"), ("Mutation", "publishNotification")}


def test_fields_are_batched_where_their_resolver_has_a_batch_size(
    resolvers: dict[tuple[str, str], Properties], script: Script
) -> None:
    for (type_name, field), resolver in resolvers.items():
        if field != "publishTaskEvent":
            request = script.evaluate("request", appsync_event(type_name, field, {}, ADA)).value
            expected = "BatchInvoke" if resolver.get("MaxBatchSize") else "Invoke"
            assert request["operation"] == expected, field


def test_the_function_gets_the_event_of_a_direct_resolver(script: Script) -> None:
    event = appsync_event("Query", "tasks", {"first": 2}, ADA)
    assert script.evaluate("request", event).value["payload"] == event


@pytest.mark.parametrize("data", [None, {"nodes": []}, [{"task": None}], False])
def test_clients_get_the_data(script: Script, data: Any) -> None:
    event = appsync_event("Query", "tasks", {}, ADA)
    assert script.evaluate("response", event | {"result": {"data": data}}).value == data


def test_clients_get_an_error_with_its_type_and_its_field(script: Script) -> None:
    answer = error_answer("VALIDATION", "Must be at least 1.", field=["first"])
    with pytest.raises(FieldError) as raised:
        script.evaluate("response", appsync_event("Query", "tasks", {}, ADA) | {"result": answer})
    error = raised.value
    assert (error.error_type, error.message, error.data) == ("VALIDATION", "Must be at least 1.", None)
    assert error.error_info == {"field": ["first"]}


@pytest.fixture(scope="module")
def make_api(compiled: Compiled) -> Callable[[Any], LocalApi]:
    """The API of the template, with one answer of its functions."""

    def make(answer: Any) -> LocalApi:
        async def function(event: Any, _context: None) -> Any:
            return answer(event)

        names = ("ReadTasks", "WriteTasks", "FollowCalendars", "FindStudents", "ManageDeadLetters", "ObservePipeline")
        return make_graphql_api(compiled("local"), {f"{name}LambdaFunction": function for name in names})

    return make


def test_the_error_of_the_page_is_what_clients_get(compiled: Compiled, checkout: Path) -> None:
    page = (checkout / "docs/reference/graphql-api.md").read_text(encoding="utf-8")
    query, shown = re.findall(r"keep their answers\. `(.*?)`.*?```json\n(.*?)```", page, re.DOTALL)[0]
    handlers = {
        f"{name}LambdaFunction": _in_lambda
        for name in (
            "ReadTasks",
            "WriteTasks",
            "FollowCalendars",
            "FindStudents",
            "ManageDeadLetters",
            "ObservePipeline",
        )
    }
    body = asyncio.run(make_graphql_api(compiled("local"), handlers).query(query))
    assert body["errors"] == [json.loads(shown)]


async def _in_lambda(event: Any, _context: None) -> Any:
    return read_tasks.handler(event, CONTEXT)


def test_an_error_of_one_alias_leaves_the_other_its_data(make_api: Callable[[Any], LocalApi]) -> None:
    refused = error_answer("VALIDATION", "Must be at least 1.", field=["first"])
    api = make_api(lambda _events: [{"data": {"nodes": []}}, refused])
    body = asyncio.run(api.query(LISTS.replace("tasks(", "activity(")))
    (error,) = body["errors"]
    assert (error["path"], error["errorType"], error["errorInfo"]) == (["b"], "VALIDATION", {"field": ["first"]})


def test_a_crash_keeps_appsyncs_type_and_says_no_more(make_api: Callable[[Any], LocalApi]) -> None:
    def crash(_event: Any) -> Any:
        raise FunctionError("Runtime.ExitError", "RequestId: 1 Error: Runtime exited with error: signal: killed")

    body = asyncio.run(make_api(crash).query("{ task(id: 1) { id } }"))
    (error,) = body["errors"]
    assert (error["errorType"], error["message"]) == ("Lambda:Unhandled", "Something went wrong on our side.")
