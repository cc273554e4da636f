"""Field authorization: directives on fields and types, and the default authorization type."""

from __future__ import annotations

from typing import Any

import pytest

from appsync_local.auth.authentication import Caller
from appsync_local.auth.authorization import access_of
from appsync_local.schema.sdl import read_schema
from appsync_local.template.auth_providers import AuthorizationType
from support.gateway import Gateway
from support.sample_api import definition, template

KEY = Caller(AuthorizationType.API_KEY)
IAM = Caller(AuthorizationType.IAM)
STUDENT = Caller(AuthorizationType.COGNITO, groups=frozenset({"students"}))
STAFF = Caller(AuthorizationType.COGNITO, groups=frozenset({"staff", "students"}))
NOBODY = Caller(AuthorizationType.COGNITO)


def admitted(type_marks: str, field_marks: str, properties: dict[str, Any] | None = None) -> set[str]:
    compiled = template()
    compiled["Resources"]["Api"]["Properties"] |= properties or {}
    schema = read_schema(f"type Query {type_marks} {{ a: String {field_marks} }}")
    assert schema.query_type
    access = access_of(definition(compiled), schema.query_type, "a")
    callers = {"key": KEY, "iam": IAM, "student": STUDENT, "staff": STAFF, "nobody": NOBODY}
    return {name for name, caller in callers.items() if access.allows(caller)}


POOL = {"student", "staff", "nobody"}


@pytest.mark.parametrize(
    ("type_marks", "field_marks", "callers"),
    [
        ("", "", POOL),
        ("", "@aws_api_key", {"key"}),
        ("", "@aws_api_key @aws_iam", {"key", "iam"}),
        ("@aws_api_key", "", {"key"}),
        ("@aws_api_key @aws_cognito_user_pools", "", {"key"} | POOL),
        ("@aws_api_key", "@aws_iam", {"iam"}),
        ("@aws_iam", "@aws_cognito_user_pools", POOL),
        ("", '@aws_cognito_user_pools(cognito_groups: ["staff"])', {"staff"}),
        (
            "",
            '@aws_cognito_user_pools(cognito_groups: ["staff", "students"]) @aws_api_key',
            {"staff", "student", "key"},
        ),
        ('@aws_cognito_user_pools(cognito_groups: ["staff"])', "@aws_cognito_user_pools", POOL),
    ],
)
def test_a_fields_directives_override_its_types_and_are_alternatives(
    type_marks: str, field_marks: str, callers: set[str]
) -> None:
    assert admitted(type_marks, field_marks) == callers


def test_aws_auth_counts_when_the_user_pool_is_the_only_mode() -> None:
    alone: dict[str, Any] = {"AdditionalAuthenticationProviders": []}
    assert admitted("", '@aws_auth(cognito_groups: ["staff"])', alone) == {"staff"}


def test_a_pool_that_denies_by_default_admits_to_marked_fields_only() -> None:
    config = {"UserPoolConfig": {"UserPoolId": "eu-central-1_pool", "DefaultAction": "DENY"}}
    assert admitted("", "", config) == set()
    assert admitted("", '@aws_cognito_user_pools(cognito_groups: ["staff"])', config) == {"staff"}


@pytest.mark.parametrize(
    ("query", "field", "type_name"),
    [
        ("{ mine { id } }", "mine", "Query"),
        ("{ staffOnly { id } }", "staffOnly", "Query"),
        ("{ task(id: 1) { marks } }", "marks", "Task"),
    ],
)
async def test_a_denied_field_is_null_with_an_unauthorized_error(
    gateway: Gateway, query: str, field: str, type_name: str
) -> None:
    error = (await gateway.query(query))["errors"][0]
    assert error["errorType"] == "Unauthorized"
    assert error["message"] == f"Not Authorized to access {field} on type {type_name}"
    assert error["data"] is None
    assert error["path"][-1] == field


async def test_a_denied_nested_field_of_an_unmarked_type_empties_what_needs_it(gateway: Gateway) -> None:
    gateway.functions.answers["locked"] = {"id": "1"}
    body = await gateway.query("{ locked { id } }")
    assert body["data"] == {"locked": None}
    assert body["errors"][0]["message"] == "Not Authorized to access id on type Locked"


async def test_a_denied_field_calls_no_function(gateway: Gateway) -> None:
    await gateway.query("{ mine { id } staffOnly { id } }")
    assert gateway.functions.events == []


async def test_a_pushed_field_is_denied_as_a_queried_one_is(gateway: Gateway) -> None:
    gateway.functions.answers["save"] = {"id": "1", "marks": "A"}
    socket = await gateway.listen()
    await socket.start("1", "subscription { onTask { id marks } }")
    await gateway.query('mutation { save(input: {id: "1"}) { id marks } }')
    payload = (await socket.next())["payload"]
    assert payload["data"] == {"onTask": {"id": "1", "marks": None}}
    assert payload["errors"][0]["message"] == "Not Authorized to access marks on type Task"
    await socket.leave()
