"""Validation errors in AppSync's words."""

from __future__ import annotations

from typing import Any

import pytest

from support.gateway import Gateway
from support.sample_api import SCHEMA

TUSK = "Field 'tusk' in type 'Task' is undefined"
DATE_TIME = "Unable to parse `x` as a valid DateTime Object."
JSON = "Unable to parse { as valid JSON."
NO_NULL = "Expected value of non-null type 'ID!' not to be null."
LATE = "Invalid input for Enum 'Status'. No value found for name 'LATE'"
INVALID = "Variable 'input' has an invalid value. "
NULL_ID = "Variable 'input' has coerced Null value for NonNull type 'ID!'"
UNKNOWN = "The variables input contains a field that is not defined for input object type 'TaskInput' "
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
        ('{ task(id: 1, at: "x") { id } }', f"WrongType: {DATE_TIME} @ 'task'"),
        ("{ task(id: 1, status: LATE) { id } }", "WrongType: "),
        ("{ task(id: 1, no: 1) { id } }", "UnknownArgument: Unknown field argument no @ 'task'"),
        ("{ task(id: $id) { id } }", "UndefinedVariable: Undefined variable id @ 'task'"),
        ("query($id: String) { task(id: $id) { id } }", f"VariableTypeMismatch: {MISMATCH} @ 'task'"),
        ("query($id: JSON) { nothing }", "UnknownType: Unknown type JSON"),
        ("{ tasks(first: null) { id } task(id: null) { id } }", f"WrongType: {NO_NULL} @ 'task'"),
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
        (SAVE, {"input": {"id": None}}, NULL_ID),
        (SAVE, {"input": {"title": "T"}}, NULL_ID),
        (SAVE, {"input": {"id": 1, "nope": {"a": 1}}}, UNKNOWN),
        (SAVE, {"input": "x"}, INVALID + "Expected value of type 'TaskInput' to be an object."),
        (SAVE, {"input": {"id": 1, "count": True}}, INVALID + "Expected type 'Int' but was 'Boolean'."),
        (SAVE, {"input": {"id": 1, "labels": [{"a": 1}]}}, INVALID + "Expected type 'String' but was 'LinkedHashMap'."),
        (SAVE, {"input": {"id": 1, "status": [1]}}, INVALID + "Expected type 'Status' but was 'ArrayList'."),
        (SAVE, {"input": {"id": 1, "status": "LATE"}}, INVALID + LATE),
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


@pytest.mark.parametrize("beside", ["", "nothing"])
async def test_a_null_that_overrides_a_default_is_no_value_that_was_serialized(beside: str) -> None:
    gateway = Gateway(schema=SCHEMA.replace("tasks(first: Int = 2)", "tasks(first: Int! = 2)"))
    body = await gateway.query(f"query($n: Int) {{ tasks(first: $n) {{ id }} {beside} }}", variables={"n": None})
    assert body["data"]["tasks"] is None
    assert [(error["message"], error["path"]) for error in body["errors"]] == [
        ("Argument 'first' has coerced Null value for NonNull type 'Int!'", ["tasks"])
    ]
    assert gateway.functions.events == []


LONG = "9" * 5_000


@pytest.mark.parametrize(
    "query",
    [
        f"{{ tasks(first: {LONG}) {{ id }} }}",
        f"{{ tasks(first: -{LONG}) {{ id }} }}",
        f"query($n: Int = {LONG}) {{ tasks(first: $n) {{ id }} }}",
        f"mutation {{ save(input: {{id: 1, count: {LONG}}}) {{ id }} }}",
    ],
)
async def test_an_integer_of_5_000_digits_is_refused_without_pythons_words(gateway: Gateway, query: str) -> None:
    (error,) = (await gateway.query(query))["errors"]
    assert error["message"].partition(" @ ")[0] == "Validation error of type WrongType: An integer has too many digits"


@pytest.mark.parametrize("value", [LONG, f"-{LONG}", f"{LONG}.0", f"{LONG}e9", f"[{LONG}]", f"{{a: {LONG}}}"])
@pytest.mark.parametrize(
    "place",
    [
        "{{ tasks(first: {}) {{ id }} }}",
        "{{ task(id: {}) {{ id }} }}",
        "{{ task(id: 1, status: {}) {{ id }} }}",
        "{{ task(id: 1, at: {}) {{ id }} }}",
        "{{ nothing @skip(if: {}) }}",
        "mutation {{ save(input: {{id: 1, labels: {}}}) {{ id }} }}",
        "mutation {{ save(input: {{id: 1, extra: {}}}) {{ id }} }}",
        "query($n: [Int!] = {}) {{ nothing }}",
    ],
)
async def test_no_number_wherever_it_stands_is_answered_in_pythons_words(
    gateway: Gateway, place: str, value: str
) -> None:
    body = await gateway.query(place.format(value))
    said = str([error["message"] for error in body.get("errors", ())])
    assert not [words for words in ("Exceeds", "sys.", "None", "Traceback", "<", "float", "int(") if words in said]
