"""GraphQL over HTTP: statuses, bodies and headers as AppSync's."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import orjson
import pytest

from appsync_local import Limits
from support.gateway import KEY_HEADERS, Gateway, failure

if TYPE_CHECKING:
    from collections.abc import Mapping

TASK = '{ task(id: "1") { id title } }'


async def test_a_query_is_answered_with_its_data(gateway: Gateway) -> None:
    answer = await gateway.request("POST", "/graphql", orjson.dumps({"query": TASK}), KEY_HEADERS)
    assert answer.status == 200
    assert answer.json() == {"data": {"task": {"id": "1", "title": "Read"}}}
    assert answer.headers["content-type"] == "application/json;charset=UTF-8"
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "x-amzn-errortype" not in answer.headers


async def test_get_serves_queries_and_refuses_mutations(gateway: Gateway) -> None:
    query = "query Q($id: ID!) { task(id: $id) { id } }"
    variables = quote('{"id": "7"}')
    path = f"/graphql?query={quote(query)}&operationName=Q&variables={variables}"
    assert (await gateway.request("GET", path, headers=KEY_HEADERS)).json() == {"data": {"task": {"id": "1"}}}
    assert gateway.functions.events[0]["arguments"] == {"id": "7"}
    mutation = quote("mutation { other(id: 1) { id } }")
    refused = await gateway.request("GET", f"/graphql?query={mutation}", b"", KEY_HEADERS)
    assert refused.status == 405


@pytest.mark.parametrize(
    ("body", "status", "error_type", "message"),
    [
        (b"", 400, "MalformedHttpRequestException", "Request body is empty."),
        (b"  ", 400, "MalformedHttpRequestException", "Request body is empty."),
        (b"{}", 400, "MalformedHttpRequestException", "Unable to parse GraphQL query."),
        (b"[]", 400, "MalformedHttpRequestException", "Unable to parse GraphQL query."),
        (b"text", 400, "MalformedHttpRequestException", "Unable to parse GraphQL query."),
        (b'{"query": 1}', 400, "MalformedHttpRequestException", "Unable to parse GraphQL query."),
        (b'{"query": "{ task("}', 400, "MalformedHttpRequestException", "Unable to parse GraphQL query."),
        (
            b'{"query": "{ a }", "variables": []}',
            400,
            "MalformedHttpRequestException",
            "Unable to parse GraphQL query.",
        ),
        (
            b'{"query": "query A { nothing } query B { nothing }", "operationName": "C"}',
            400,
            "BadRequestException",
            "Unknown operation named 'C'.",
        ),
        (
            b'{"query": "query A { nothing } query B { nothing }"}',
            400,
            "BadRequestException",
            "Must provide operation name if query contains multiple operations.",
        ),
        (
            b'{"query": "subscription { onOpen { id } }"}',
            400,
            "BadRequestException",
            "Subscriptions are served over WebSocket.",
        ),
    ],
)
async def test_what_is_no_request_is_refused(
    gateway: Gateway, body: bytes, status: int, error_type: str, message: str
) -> None:
    answer = await gateway.request("POST", "/graphql", body, KEY_HEADERS)
    assert answer.status == status
    assert answer.json() == {"errors": [{"errorType": error_type, "message": message}]}
    assert answer.headers["x-amzn-errortype"] == error_type


@pytest.mark.parametrize(
    ("headers", "message"),
    [
        ({}, "Valid authorization header not provided."),
        ({"x-api-key": "da2-guessed"}, "You are not authorized to make this call."),
        ({"authorization": "Bearer nonsense"}, "Unable to parse JWT token."),
    ],
)
async def test_missing_and_wrong_credentials_are_401(
    gateway: Gateway, headers: Mapping[str, str], message: str
) -> None:
    answer = await gateway.request("POST", "/graphql", b"", headers)
    assert answer.status == 401
    assert answer.json() == {"errors": [{"errorType": "UnauthorizedException", "message": message}]}
    assert answer.headers["x-amzn-errortype"] == "UnauthorizedException"


@pytest.mark.parametrize(
    "headers", [{**KEY_HEADERS, "X-Api-Key": "another"}, {"authorization": "a", "Authorization": "b"}]
)
@pytest.mark.parametrize("reverse", [False, True])
async def test_several_credentials_of_one_kind_are_401(
    gateway: Gateway, headers: Mapping[str, str], reverse: bool
) -> None:
    sent = dict(list(headers.items())[::-1]) if reverse else headers
    answer = await gateway.request("POST", "/graphql", b'{"query": "{ __typename }"}', sent)
    assert answer.status == 401
    assert answer.json()["errors"][0]["message"] == "You are not authorized to make this call."


async def test_one_key_under_two_spellings_of_its_name_is_one_key(gateway: Gateway) -> None:
    sent = {**KEY_HEADERS, "X-Api-Key": KEY_HEADERS["x-api-key"]}
    answer = await gateway.request("POST", "/graphql", b'{"query": "{ __typename }"}', sent)
    assert (answer.status, answer.json()) == (200, {"data": {"__typename": "Query"}})


async def test_an_invalid_query_is_200_with_a_validation_error(gateway: Gateway) -> None:
    answer = await gateway.request("POST", "/graphql", b'{"query": "{ tusk }"}', KEY_HEADERS)
    message = "Validation error of type FieldUndefined: Field 'tusk' in type 'Query' is undefined @ 'tusk'"
    locations = [{"line": 1, "column": 3, "sourceName": None}]
    assert answer.status == 200
    assert answer.json() == {
        "data": None,
        "errors": [{"path": None, "locations": locations, "message": message}],
    }
    assert gateway.functions.events == []


async def test_a_raising_lambda_shows_its_message_and_not_its_class(gateway: Gateway) -> None:
    gateway.functions.answers["task"] = failure("The table is gone.")
    assert await gateway.query('{ task(id: "1") { id } nothing }') == {
        "data": {"task": None, "nothing": None},
        "errors": [
            {
                "path": ["task"],
                "data": None,
                "errorType": "Lambda:Unhandled",
                "errorInfo": None,
                "locations": [{"line": 1, "column": 3, "sourceName": None}],
                "message": "The table is gone.",
            }
        ],
    }


async def test_a_failing_port_reveals_nothing_to_the_client(gateway: Gateway) -> None:
    gateway.functions.answers["task"] = OSError("connect to 127.0.0.1:4066 refused")
    error = (await gateway.query(TASK))["errors"][0]
    assert (error["errorType"], error["message"]) == ("InternalFailure", "An internal error occurred.")


@pytest.mark.parametrize(
    ("result", "query", "path", "message"),
    [
        (
            {"id": "1", "status": "LATE"},
            "{ task(id: 1) { status } }",
            ["task", "status"],
            "Can't serialize value (/task/status) : Invalid input for Enum 'Status'. No value found for name 'LATE'",
        ),
        (
            {"id": "1", "dueAt": "noon"},
            "{ task(id: 1) { dueAt } }",
            ["task", "dueAt"],
            "Can't serialize value (/task/dueAt) : Unable to serialize `noon` as a valid DateTime Object.",
        ),
        *(
            (
                {"id": "1", "count": count},
                "{ task(id: 1) { count } }",
                ["task", "count"],
                f"Can't serialize value (/task/count) : Expected type 'Int' but was '{was}'.",
            )
            for count, was in (
                ("x", "String"),
                (1.5, "Double"),
                (2**31, "Integer"),
                ([1], "ArrayList"),
                ({}, "LinkedHashMap"),
            )
        ),
        (
            {"id": None},
            "{ task(id: 1) { id } }",
            ["task", "id"],
            "Cannot return null for non-nullable type: 'ID' within parent 'Task' (/task/id)",
        ),
        (
            "a text",
            "{ task(id: 1) { id } }",
            ["task", "id"],
            "Cannot return null for non-nullable type: 'ID' within parent 'Task' (/task/id)",
        ),
    ],
)
async def test_a_result_of_the_wrong_type_is_an_error_of_its_field(
    gateway: Gateway, result: object, query: str, path: list[str], message: str
) -> None:
    gateway.functions.answers["task"] = result
    body = await gateway.query(query)
    assert body["errors"] == [{"path": path, "locations": None, "message": message}]


async def test_paths_into_lists_are_written_with_their_index(gateway: Gateway) -> None:
    gateway.functions.answers["tasks"] = [{"id": "1"}, {"id": None}]
    error = (await gateway.query("{ tasks { id } }"))["errors"][0]
    assert error["path"] == ["tasks", 1, "id"]
    assert "(/tasks[1]/id)" in error["message"]


async def test_introspection_works(gateway: Gateway) -> None:
    body = await gateway.query("{ __schema { queryType { name } } __typename }")
    assert body == {"data": {"__schema": {"queryType": {"name": "Query"}}, "__typename": "Query"}}


async def test_a_preflight_allows_any_origin_and_the_headers_it_asks_for(gateway: Gateway) -> None:
    preflight = {"access-control-request-method": "POST", "access-control-request-headers": "x-api-key,content-type"}
    answer = await gateway.request("OPTIONS", "/graphql", headers={"origin": "https://app.example", **preflight})
    assert answer.status == 200
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["access-control-allow-headers"] == "x-api-key,content-type"


async def test_mutations_run_one_after_the_other_and_queries_together(gateway: Gateway) -> None:
    running: list[int] = []
    together = asyncio.Event()

    async def counted(_event: object) -> dict[str, str]:
        running.append(len(running) + 1)
        if len(running) == 2:
            together.set()
        await together.wait()
        running.pop()
        return {"id": "1"}

    gateway.functions.answers["task"] = counted
    await gateway.query("{ a: task(id: 1) { id } b: task(id: 2) { id } }")
    seen: list[int] = []

    async def alone(_event: object) -> dict[str, str]:
        seen.append(len(seen))
        assert running == []
        running.append(1)
        await asyncio.sleep(0)
        running.pop()
        return {"id": "1"}

    gateway.functions.answers["other"] = alone
    assert "errors" not in await gateway.query("mutation { a: other(id: 1) { id } b: other(id: 2) { id } }")
    assert seen == [0, 1]


@pytest.mark.parametrize("query", ["{ late: task(id: 1) { id } }", "{ late: task(id: 1) { id } nothing }"])
async def test_nobody_waits_for_a_function_when_the_requests_time_is_over(query: str) -> None:
    gateway = Gateway(limits=Limits(request_seconds=0.01))
    gateway.functions.answers["task"] = lambda _event: asyncio.Event().wait()
    body = await gateway.query(query)
    error = body["errors"][0]
    assert body["data"] == {"late": None, **({"nothing": None} if "nothing" in query else {})}
    assert (error["path"], error["message"]) == (["late"], "Execution timed out.")
    assert error["errorType"] == "Lambda:ExecutionTimeoutException"


async def test_what_is_beside_a_late_field_is_answered() -> None:
    gateway = Gateway(limits=Limits(request_seconds=0.05))
    gateway.functions.answers["task"] = {"id": "1"}
    gateway.functions.answers["notes"] = lambda _event: asyncio.Event().wait()
    body = await gateway.query("{ a: task(id: 1) { id notes } b: task(id: 2) { id } }")
    assert body["data"] == {"a": {"id": "1", "notes": None}, "b": {"id": "1"}}
    assert [error["path"] for error in body["errors"]] == [["a", "notes"]]


async def test_a_body_over_the_limit_is_413() -> None:
    gateway = Gateway(limits=Limits(body_bytes=100))
    answer = await gateway.request("POST", "/graphql", b" " * 101, KEY_HEADERS)
    assert answer.status == 413


@pytest.mark.parametrize(("headers", "status"), [(KEY_HEADERS, 200), ({}, 401)])
async def test_each_response_has_its_request_id_and_token_count(
    gateway: Gateway, headers: Mapping[str, str], status: int
) -> None:
    answers = [await gateway.request("POST", "/graphql", b'{"query": "{ nothing }"}', headers) for _ in range(2)]
    assert [(answer.status, answer.headers["x-amzn-appsync-tokensconsumed"]) for answer in answers] == [
        (status, "1")
    ] * 2
    assert len({answer.headers["x-amzn-requestid"] for answer in answers}) == 2


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "latin-1"])
async def test_a_body_in_another_charset_is_an_error(gateway: Gateway, encoding: str) -> None:
    body = '{"query": "{ nothing } # é"}'.encode(encoding)
    answer = await gateway.request("POST", "/graphql", body, KEY_HEADERS)
    message = "Request body is not JSON in UTF-8 without a byte order mark."
    assert answer.json() == {"errors": [{"errorType": "MalformedHttpRequestException", "message": message}]}


async def test_a_compressed_body_is_an_error(gateway: Gateway) -> None:
    answer = await gateway.request("POST", "/graphql", b"\x1f\x8b", {**KEY_HEADERS, "content-encoding": "gzip"})
    assert answer.status == 415
    assert answer.json()["errors"][0]["message"] == "Content-Encoding gzip is not supported."


async def test_a_body_that_does_not_come_is_waited_for_no_longer_than_a_request_may_take() -> None:
    gateway = Gateway(limits=Limits(request_seconds=0.01))
    sent: list[Any] = []

    async def receive() -> Any:
        if sent:
            return {"type": "http.disconnect"}
        return await asyncio.Event().wait()

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "POST", "path": "/graphql", "query_string": b""}
    scope["headers"] = [(b"host", b"localhost")]
    await asyncio.wait_for(gateway.app(scope, receive, send), 5)
    assert sent[0]["status"] == 408
    assert orjson.loads(sent[1]["body"])["errors"][0]["message"] == "The request body is not complete."
