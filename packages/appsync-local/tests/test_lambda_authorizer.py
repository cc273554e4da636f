"""The authorization type AWS_LAMBDA: a function authorizes callers and denies fields."""

from __future__ import annotations

import asyncio
from typing import Any
from urllib.parse import quote

import pytest

from appsync_local import Limits
from support.gateway import KEY_HEADERS, SIGNED, Gateway, failure
from support.sample_api import NOW, SCHEMA, get_att, marked_with, template

TASK = "query Q { task(id: 1) { id title } }"
TOKEN = {"authorization": "secret-7"}
HERE = "arn:aws:appsync:eu-central-1:000000000000:apis/api1/types"
ELSEWHERE = HERE.replace("api1", "api2")


def guarded(decision: object, *, alone: bool = False, limits: Limits | None = None, **config: object) -> Gateway:
    compiled = template()
    compiled["Resources"]["AuthorizerLambdaFunction"] = {"Type": "AWS::Lambda::Function"}
    provider = {
        "AuthenticationType": "AWS_LAMBDA",
        "LambdaAuthorizerConfig": {"AuthorizerUri": get_att("AuthorizerLambdaFunction", "Arn"), **config},
    }
    properties = compiled["Resources"]["Api"]["Properties"]
    if alone:
        del properties["UserPoolConfig"]
        properties |= {**provider, "AdditionalAuthenticationProviders": []}
    else:
        properties["AdditionalAuthenticationProviders"].append(provider)
    schema = SCHEMA.replace("@aws_api_key", "@aws_api_key @aws_lambda")
    schema = marked_with("aws_lambda", schema) if alone else schema
    gateway = Gateway(compiled=compiled, schema=schema, limits=limits or Limits())
    gateway.functions.answers |= {"task": {"id": "1", "title": "Read", "marks": "A"}, "authorize": decision}
    return gateway


async def test_the_function_receives_the_token_and_the_operation() -> None:
    gateway = guarded({"isAuthorized": True, "resolverContext": {"plan": "gold"}})
    body = await gateway.query(TASK, TOKEN, operationName="Q", variables={"a": 1})
    assert body == {"data": {"task": {"id": "1", "title": "Read"}}}
    authorizer_event, resolved = gateway.functions.events
    assert authorizer_event["requestContext"].pop("requestId")
    assert authorizer_event == {
        "authorizationToken": "secret-7",
        "requestContext": {
            "apiId": "api1",
            "accountId": "000000000000",
            "queryString": TASK,
            "operationName": "Q",
            "variables": {"a": 1},
        },
        "requestHeaders": {"host": "127.0.0.1:4000", "authorization": "secret-7"},
    }
    assert resolved["identity"] == {"resolverContext": {"plan": "gold"}}


async def test_the_function_receives_an_operation_in_a_query_string() -> None:
    gateway = guarded({"isAuthorized": True})
    await gateway.request("GET", f"/graphql?query={quote(TASK)}", headers=TOKEN)
    assert gateway.functions.events[0]["requestContext"]["queryString"] == TASK


@pytest.mark.parametrize(
    "decision",
    [{"isAuthorized": False}, {}, None, [], "yes", {"isAuthorized": "true"}, failure("broken"), OSError("refused")],
)
async def test_whatever_is_no_clear_yes_is_401(decision: object) -> None:
    answer = await guarded(decision).request("POST", "/graphql", b'{"query": "{ nothing }"}', TOKEN)
    assert answer.status == 401
    assert answer.headers["x-amzn-errortype"] == "UnauthorizedException"


async def test_a_function_that_takes_too_long_is_401() -> None:
    gateway = guarded(lambda _event: asyncio.Event().wait(), limits=Limits(authorizer_seconds=0.01))
    assert (await gateway.request("POST", "/graphql", b"{}", TOKEN)).status == 401


@pytest.mark.parametrize(
    ("denied", "data"),
    [
        (["Task.title"], None),
        ([f"{HERE}/Task/fields/title"], None),
        (["Query.task"], None),
        ([f"{ELSEWHERE}/Task/fields/title"], {"id": "1", "title": "Read"}),
        (["Other.title"], {"id": "1", "title": "Read"}),
    ],
)
async def test_denied_fields_are_null_with_an_error(denied: list[str], data: object) -> None:
    body = await guarded({"isAuthorized": True, "deniedFields": denied}).query(TASK, TOKEN)
    assert body["data"] == {"task": data}
    assert [error["errorType"] for error in body.get("errors", [])] == ([] if data else ["Unauthorized"])


async def test_callers_with_other_denials_do_not_share_what_was_prepared() -> None:
    def decide(event: Any) -> object:
        return {"isAuthorized": True, "deniedFields": [event["authorizationToken"]]}

    gateway = guarded(decide)
    query = "{ task(id: 1) { id parent { id } } }"
    gateway.functions.answers["task"] = {"id": "1", "parent": {"id": "0"}}
    denied = await gateway.query(query, {"authorization": "Task.parent"})
    free = await gateway.query(query, {"authorization": "Task.title"})
    assert denied["data"] == {"task": {"id": "1", "parent": None}}
    assert free == {"data": {"task": {"id": "1", "parent": {"id": "0"}}}}


@pytest.mark.parametrize(
    ("ttl", "override", "calls"), [(0, None, 3), (60, None, 2), (60, 0, 3), (0, 60, 2), (60, 30, 2), (3600, 10_000, 1)]
)
async def test_answers_are_kept_as_long_as_the_api_or_the_answer_says(
    ttl: int, override: int | None, calls: int
) -> None:
    decision = {"isAuthorized": True} | ({} if override is None else {"ttlOverride": override})
    gateway = guarded(decision, AuthorizerResultTtlInSeconds=ttl)
    for now in (NOW, NOW + 29, NOW + 61):
        gateway.now = now
        await gateway.query(TASK, TOKEN)
    assert len([event for event in gateway.functions.events if "authorizationToken" in event]) == calls


async def test_another_token_is_another_question() -> None:
    gateway = guarded({"isAuthorized": True}, AuthorizerResultTtlInSeconds=60)
    for token in ("a", "b"):
        await gateway.query("{ nothing }", {"authorization": token})
    assert [event["authorizationToken"] for event in gateway.functions.events] == ["a", "b"]


@pytest.mark.parametrize("token", ["other", "secret-7-and-more", "secret-" + "7" * 2048])
async def test_a_token_of_the_wrong_form_is_refused_without_a_call(token: str) -> None:
    gateway = guarded({"isAuthorized": True}, IdentityValidationExpression=r"secret-\d+")
    assert (await gateway.request("POST", "/graphql", b"{}", {"authorization": token})).status == 401
    assert gateway.functions.events == []


async def test_other_credentials_keep_their_meaning_beside_an_authoriser() -> None:
    gateway = guarded({"isAuthorized": True})
    assert "errors" not in await gateway.query(TASK)
    await gateway.query(TASK, {"authorization": SIGNED})
    assert gateway.iam.signed
    header = "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJ4In0.c2ln"  # a JSON Web Token, of nobody
    assert (await gateway.request("POST", "/graphql", b"{}", {"authorization": header})).status == 401
    assert all("authorizationToken" not in event for event in gateway.functions.events)


async def test_an_authoriser_that_is_alone_is_given_tokens_and_signatures_too() -> None:
    gateway = guarded({"isAuthorized": True}, alone=True)
    for shown in ("eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJ4In0.c2ln", SIGNED, "Bearer x"):
        assert "errors" not in await gateway.query("{ nothing }", {"authorization": shown})
    assert [event["authorizationToken"] for event in gateway.functions.events][2] == "Bearer x"
    assert (await gateway.request("POST", "/graphql", b"{}", KEY_HEADERS)).status == 401


async def test_a_subscriber_is_let_in_by_the_authoriser_and_pushed_what_it_may_see() -> None:
    gateway = guarded({"isAuthorized": True, "deniedFields": ["Task.status"]})
    gateway.functions.answers["save"] = {"id": "1", "title": "Saved", "status": "DONE"}
    socket = await gateway.listen(TOKEN)
    assert (await socket.start("1", "subscription { onTask { id status } }", shown=TOKEN))["type"] == "start_ack"
    await gateway.query('mutation { save(input: {id: "1"}) { id status } }')
    payload = (await socket.next())["payload"]
    assert payload["data"] == {"onTask": {"id": "1", "status": None}}
    assert payload["errors"][0]["message"] == "Not Authorized to access status on type Task"
    await socket.leave()
