"""Introspection, limited as AppSync's engine limits it."""

from __future__ import annotations

from typing import Any

import pytest
from graphql import build_client_schema, get_introspection_query

from support.gateway import Gateway
from support.sample_api import SCHEMA


async def test_the_usual_question_is_answered_whole(gateway: Gateway) -> None:
    body = await gateway.query(get_introspection_query())
    schema: Any = build_client_schema(body["data"])
    assert {"id", "notes", "marks"} <= set(schema.type_map["Task"].fields)
    assert schema.type_map["AWSDateTime"].description
    assert {"aws_iam", "aws_subscribe", "include", "deprecated"} <= {one.name for one in schema.directives}


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("{ __schema { description } }", "FieldUndefined: Field 'description' in type '__Schema' is undefined"),
        ("{ __schema { directives { isRepeatable } } }", "FieldUndefined: Field 'isRepeatable' in type '__Directive'"),
        ('{ __type(name: "ID") { specifiedByURL } }', "FieldUndefined: Field 'specifiedByURL' in type '__Type'"),
        ('{ __type(name: "ID") { isOneOf } }', "FieldUndefined: Field 'isOneOf' in type '__Type'"),
        (
            '{ __type(name: "TaskInput") { inputFields(includeDeprecated: true) { name } } }',
            "UnknownArgument: Unknown field argument includeDeprecated",
        ),
        (
            '{ __type(name: "TaskInput") { inputFields { isDeprecated } } }',
            "FieldUndefined: Field 'isDeprecated' in type '__InputValue' is undefined",
        ),
    ],
)
async def test_what_is_younger_than_appsyncs_engine_is_not_known(gateway: Gateway, query: str, message: str) -> None:
    error = (await gateway.query(query))["errors"][0]
    assert error["message"].startswith(f"Validation error of type {message}")


async def test_what_is_older_than_the_specification_is_known(gateway: Gateway) -> None:
    body = await gateway.query("{ __schema { directives { name onOperation onFragment onField } } }")
    places = {
        one["name"]: (one["onOperation"], one["onFragment"], one["onField"])
        for one in body["data"]["__schema"]["directives"]
    }
    assert places["skip"] == (False, True, True)
    assert places["aws_iam"] == (False, False, False)


async def test_deprecated_arguments_and_input_fields_are_always_included() -> None:
    schema = SCHEMA.replace("notes(first: Int = 3)", "notes(first: Int = 3 @deprecated)")
    gateway = Gateway(
        schema=schema.replace("input TaskInput { id: ID!", "input TaskInput { id: ID! old: Int @deprecated")
    )
    body = await gateway.query(
        """{
          task: __type(name: "Task") { __typename fields { name args { name } } }
          input: __type(name: "TaskInput") { inputFields { name } }
        }"""
    )
    notes = next(one for one in body["data"]["task"]["fields"] if one["name"] == "notes")
    assert notes["args"] == [{"name": "first"}]
    assert {"name": "old"} in body["data"]["input"]["inputFields"]
