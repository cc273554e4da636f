"""API keys, tokens of user pools and signatures: authentication, and the identity that resolvers receive."""

from __future__ import annotations

from typing import Any

import jwt
import pytest

from appsync_local import ApiDefinition
from appsync_local.template.auth_providers import AuthorizationType
from support.gateway import KEY_HEADERS, SIGNED, Gateway, encoded
from support.sample_api import NOW, POOL, definition, marked_with, template
from support.tokens import CLAIMS, OTHER_PAIR, knowing_the_key, token

TASK = "{ task(id: 1) { id } }"


async def refused(gateway: Gateway, authorization: str) -> str:
    answer = await gateway.request("POST", "/graphql", b'{"query": "{ nothing }"}', {"authorization": authorization})
    assert answer.status == 401
    error = answer.json()["errors"][0]
    assert error["errorType"] == "UnauthorizedException"
    return str(error["message"])


@pytest.mark.parametrize("prefix", ["", "Bearer ", "bearer "])
async def test_an_access_token_shows_its_user_to_the_resolver(gateway: Gateway, prefix: str) -> None:
    knowing_the_key(gateway)
    body = await gateway.query(TASK, {"Authorization": prefix + token()})
    assert body == {"data": {"task": {"id": "1"}}}
    assert gateway.functions.events[0]["identity"] == {
        "sub": "u-1",
        "issuer": POOL,
        "username": "ada",
        "claims": CLAIMS,
        "sourceIp": ["127.0.0.1"],
        "defaultAuthStrategy": "ALLOW",
        "groups": ["students"],
    }


async def test_an_id_token_is_known_by_its_audience_and_cognito_username(gateway: Gateway) -> None:
    knowing_the_key(gateway)
    text = token(
        {"token_use": "id", "aud": "web", "client_id": None, "cognito:username": "ada-id", "cognito:groups": None}
    )
    assert "errors" not in await gateway.query(TASK, {"Authorization": text})
    identity = gateway.functions.events[0]["identity"]
    assert (identity["username"], identity["groups"]) == ("ada-id", None)


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_other"},
        {"token_use": "refresh"},
        {"client_id": "another"},
        {"client_id": None},
        {"token_use": "id", "aud": "another"},
        {"exp": "soon"},
    ],
)
async def test_a_token_of_another_pool_use_or_client_is_refused(gateway: Gateway, claims: dict[str, Any]) -> None:
    assert await refused(knowing_the_key(gateway), token(claims)) == "You are not authorized to make this call."


@pytest.mark.parametrize("claim", ["nbf", "iat"])
async def test_a_token_is_refused_while_its_time_has_not_come(gateway: Gateway, claim: str) -> None:
    knowing_the_key(gateway)
    early = token({claim: NOW + 900, "exp": NOW + 3600})
    assert await refused(gateway, early) == "You are not authorized to make this call."
    gateway.now = NOW + 900
    assert "errors" not in await gateway.query(TASK, {"Authorization": early})


async def test_the_issuers_clock_may_be_a_minute_ahead(gateway: Gateway) -> None:
    knowing_the_key(gateway)
    assert "errors" not in await gateway.query(TASK, {"Authorization": token({"iat": NOW + 60, "nbf": NOW + 60})})
    await refused(gateway, token({"iat": NOW + 61}))


@pytest.mark.parametrize("claim", ["nbf", "iat", "exp"])
async def test_a_token_whose_times_are_no_numbers_is_refused(gateway: Gateway, claim: str) -> None:
    assert await refused(knowing_the_key(gateway), token({claim: True})) == "You are not authorized to make this call."


@pytest.mark.parametrize("groups", ["staff", {"staff": 1}, [["staff"]], 5, [{"staff": 1}]])
async def test_groups_are_a_list_of_texts_or_none_at_all(gateway: Gateway, groups: object) -> None:
    knowing_the_key(gateway)
    asked = {"Authorization": token({"cognito:groups": groups})}
    denied = await gateway.query("{ staffOnly { id } }", asked)
    assert denied["errors"][0]["errorType"] == "Unauthorized"


async def test_a_token_signed_by_someone_else_is_refused(gateway: Gateway) -> None:
    knowing_the_key(gateway)
    unsigned = jwt.encode(CLAIMS, "", algorithm="none", headers={"kid": "k1"})
    by_secret = jwt.encode(CLAIMS, "s" * 32, algorithm="HS256", headers={"kid": "k1"})
    for text in (token(pair=OTHER_PAIR), token(key_id="k2"), unsigned, by_secret):
        assert await refused(gateway, text) == "You are not authorized to make this call."


async def test_a_token_is_refused_from_the_second_it_expires_though_it_was_proved_before(gateway: Gateway) -> None:
    knowing_the_key(gateway)
    assert "errors" not in await gateway.query(TASK, {"Authorization": token()})
    gateway.now = NOW + 60
    assert await refused(gateway, token()) == "Token has expired."


async def test_an_api_key_is_refused_from_the_second_it_expires(gateway: Gateway) -> None:
    assert "errors" not in await gateway.query(TASK)
    assert gateway.functions.events[0]["identity"] is None
    gateway.now = NOW + 60
    body = await gateway.query(TASK)
    assert body["errors"][0]["errorType"] == "UnauthorizedException"


async def test_a_signer_is_shown_to_the_resolver_and_needs_a_policy_for_the_field(gateway: Gateway) -> None:
    signed = {"authorization": SIGNED}
    denied = await gateway.query(TASK, signed)
    assert denied["data"] == {"task": None}
    assert denied["errors"][0]["message"] == "Not Authorized to access task on type Query"
    gateway.iam.allowed.add("arn:aws:appsync:eu-central-1:000000000000:apis/api1/types/Query/fields/task")
    assert await gateway.query(TASK, signed) == {"data": {"task": {"id": "1"}}}
    assert gateway.functions.events[0]["identity"] == {
        "accountId": "000000000000",
        "cognitoIdentityPoolId": None,
        "cognitoIdentityId": None,
        "cognitoIdentityAuthType": None,
        "cognitoIdentityAuthProvider": None,
        "sourceIp": ["127.0.0.1"],
        "username": "AROA:run",
        "userArn": "arn:aws:sts::000000000000:assumed-role/publisher/run",
    }


async def test_a_wrong_signature_is_403_with_its_code(gateway: Gateway) -> None:
    answer = await gateway.request("POST", "/graphql", b"{}", {"authorization": SIGNED + "x"})
    assert answer.status == 403
    assert answer.headers["x-amzn-errortype"] == "InvalidSignatureException"


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/graphql?query=%7B+nothing%20%7D&a=%2F"), ("POST", "/graphql?b=2&a=1")]
)
async def test_a_signature_is_verified_with_the_raw_query_string(gateway: Gateway, method: str, path: str) -> None:
    body = b"" if method == "GET" else b'{"query": "{ nothing }"}'
    await gateway.request(method, path, body, {"authorization": SIGNED})
    assert gateway.iam.signed == [(method, path, body)]


async def test_a_signature_wins_over_an_api_key(gateway: Gateway) -> None:
    body = await gateway.query(TASK, {**KEY_HEADERS, "authorization": SIGNED})
    assert body["errors"][0]["errorType"] == "Unauthorized"


@pytest.mark.parametrize("headers", [KEY_HEADERS, {"authorization": SIGNED}, {"authorization": "token"}])
async def test_a_mode_that_the_api_does_not_have_is_401(headers: dict[str, str]) -> None:
    compiled = template()
    properties = compiled["Resources"]["Api"]["Properties"]
    kept = "AWS_IAM" if "x-api-key" in headers else "API_KEY"
    properties |= {"AuthenticationType": kept, "AdditionalAuthenticationProviders": []}
    del properties["UserPoolConfig"]
    schema = marked_with("aws_iam" if kept == "AWS_IAM" else "aws_api_key")
    answer = await Gateway(compiled=compiled, schema=schema).request("POST", "/graphql", b"{}", headers)
    assert answer.status == 401


def test_the_default_mode_stands_first() -> None:
    read: ApiDefinition = definition()
    assert read.authorization_types == (AuthorizationType.COGNITO, AuthorizationType.API_KEY, AuthorizationType.IAM)


async def test_an_iam_failure_reveals_nothing_to_the_client(gateway: Gateway) -> None:
    gateway.iam.unreachable = True
    error = (await gateway.query(TASK, {"authorization": SIGNED}))["errors"][0]
    assert (error["errorType"], error["message"]) == ("InternalFailure", "An internal error occurred.")
    socket = gateway.connect("graphql-ws", query=f"header={encoded({'authorization': SIGNED})}")
    await socket.send({"type": "connection_init"})
    message = (await socket.next())["payload"]["errors"][0]
    assert (message["errorType"], message["errorCode"]) == ("InternalFailure", 500)


async def test_an_unreachable_user_pool_is_a_server_error_not_a_rejection(gateway: Gateway) -> None:
    gateway.keys.broken = ConnectionError("No answer.")
    shown = {"authorization": token()}
    answer = await gateway.request("POST", "/graphql", b'{"query": "{ nothing }"}', shown)
    assert (answer.status, answer.json()["errors"][0]["errorType"]) == (500, "InternalFailureException")
    realtime = gateway.connect("graphql-ws", query=f"header={encoded(shown)}")
    await realtime.send({"type": "connection_init"})
    assert (await realtime.next())["payload"]["errors"][0]["errorCode"] == 500
    await realtime.leave()
    transport = gateway.connect("graphql-transport-ws")
    await transport.send({"type": "connection_init", "payload": shown})
    assert await transport.next() is None
    assert transport.close_code == 4500
