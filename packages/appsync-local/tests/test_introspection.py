"""Introspection, in the forms in which tools ask for it."""

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


EVERY_OPTION = {
    "specified_by_url": True,
    "directive_is_repeatable": True,
    "schema_description": True,
    "input_value_deprecation": True,
}


@pytest.mark.parametrize("option", [*EVERY_OPTION, "all of them"])
async def test_a_question_with_what_is_younger_is_answered_too(gateway: Gateway, option: str) -> None:
    options = EVERY_OPTION if option == "all of them" else {option: True}
    body = await gateway.query(get_introspection_query(**options))
    assert "errors" not in body
    schema: Any = build_client_schema(body["data"])
    assert {"id", "notes", "marks"} <= set(schema.type_map["Task"].fields)


async def test_directives_and_locations_that_clients_of_appsync_do_not_know_are_not_listed(gateway: Gateway) -> None:
    body = await gateway.query(
        '{ __schema { directives { name isRepeatable locations } } __type(name: "ID") { isOneOf } }'
    )
    directives = body["data"]["__schema"]["directives"]
    names = {one["name"] for one in directives}
    assert {"aws_iam", "deprecated"} <= names
    assert names.isdisjoint({"oneOf", "specifiedBy"})
    assert "DIRECTIVE_DEFINITION" not in {location for one in directives for location in one["locations"]}


async def test_what_is_older_than_the_specification_is_known(gateway: Gateway) -> None:
    body = await gateway.query("{ __schema { directives { name onOperation onFragment onField } } }")
    places = {
        one["name"]: (one["onOperation"], one["onFragment"], one["onField"])
        for one in body["data"]["__schema"]["directives"]
    }
    assert places["skip"] == (False, True, True)
    assert places["aws_iam"] == (False, False, False)


async def test_deprecated_arguments_and_input_fields_are_included_unless_the_question_says_otherwise() -> None:
    schema = SCHEMA.replace("notes(first: Int = 3)", "notes(first: Int = 3 @deprecated)")
    gateway = Gateway(
        schema=schema.replace("input TaskInput { id: ID!", "input TaskInput { id: ID! old: Int @deprecated")
    )
    body = await gateway.query(
        """{
          task: __type(name: "Task") { __typename fields { name args { name } } }
          input: __type(name: "TaskInput") { inputFields { name isDeprecated } }
          current: __type(name: "TaskInput") { inputFields(includeDeprecated: false) { name } }
        }"""
    )
    notes = next(one for one in body["data"]["task"]["fields"] if one["name"] == "notes")
    assert notes["args"] == [{"name": "first"}]
    assert {"name": "old", "isDeprecated": True} in body["data"]["input"]["inputFields"]
    assert {"name": "old"} not in body["data"]["current"]["inputFields"]
