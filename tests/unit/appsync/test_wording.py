"""Faults of a request in the words that clients of AppSync know."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.appsync.playing import Gateway

TUSK = "Field 'tusk' in type 'Task' is undefined"
DATE_TIME = "Unable to parse `x` as a valid DateTime Object."
JSON = "Unable to parse { as valid JSON."
MISMATCH = "Variable type 'String' doesn't match expected type 'ID!'"


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("{ task(id: 1) { parent { tusk } } }", f"FieldUndefined: {TUSK} @ 'task/parent/tusk'"),
        ("{ task(id: 1) { ...F } } fragment F on Task { tusk }", f"FieldUndefined: {TUSK} @ 'F/tusk'"),
        ("{ task { id } }", "MissingFieldArgument: Missing field argument id @ 'task'"),
        ("{ task(id: 1) }", "SubSelectionRequired: Sub selection required for type Task of field task @ 'task'"),
        ("{ tasks }", "SubSelectionRequired: Sub selection required for type null of field tasks @ 'tasks'"),
        ("{ nothing { id } }", "SubSelectionNotAllowed: Field 'nothing' must not have a selection since"),
        ('{ task(id: 1, at: "noon") { id } }', "WrongType: "),
        ("{ task(id: 1, status: LATE) { id } }", "WrongType: "),
        ("{ task(id: 1, no: 1) { id } }", "UnknownArgument: Unknown field argument no @ 'task'"),
        ("{ task(id: $id) { id } }", "UndefinedVariable: Undefined variable id @ 'task'"),
        ("query($id: String) { task(id: $id) { id } }", f"VariableTypeMismatch: {MISMATCH} @ 'task'"),
        ("query($id: JSON) { nothing }", "UnknownType: Unknown type JSON"),
        ("{ nothing @mine }", "UnknownDirective: Unknown directive mine @ 'nothing'"),
    ],
)  # fmt: skip
async def test_a_query_that_does_not_validate(gateway: Gateway, query: str, message: str) -> None:
    messages = [error["message"] for error in (await gateway.query(query))["errors"]]
    wanted = f"Validation error of type {message}"
    assert [one for one in messages if one == wanted or (wanted.endswith((": ", "since")) and one.startswith(wanted))]


TASK = "query($id: ID!, $at: AWSDateTime) { task(id: $id, at: $at) { id } }"
SAVE = "mutation($input: TaskInput!) { save(input: $input) { id } }"


@pytest.mark.parametrize(
    ("query", "variables", "message"),
    [
        (TASK, {}, "Variable 'id' has coerced Null value for NonNull type 'ID!'"),
        (TASK, {"id": None}, "Variable 'id' has coerced Null value for NonNull type 'ID!'"),
        (SAVE, {"input": {"id": None}}, "Variable 'input' has coerced Null value for NonNull type 'ID!'"),
        (TASK, {"id": 1, "at": "x"}, "Variable 'at' has an invalid value. " + DATE_TIME),
        (SAVE, {"input": {"id": 1, "extra": "{"}}, "Variable 'input' has an invalid value. " + JSON),
    ],
)  # fmt: skip
async def test_variables_that_cannot_be_taken(
    gateway: Gateway, query: str, variables: dict[str, Any], message: str
) -> None:
    body = await gateway.query(query, variables=variables)
    assert body["data"] is None
    assert [(error["message"], error["path"]) for error in body["errors"]] == [(message, None)]
