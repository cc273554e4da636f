"""The shorter way to variables and arguments: graphql-core's outcome, or none at all."""

from __future__ import annotations

from typing import Any

import pytest
from graphql import FieldNode, OperationDefinitionNode, parse
from graphql.execution.values import get_argument_values, get_variable_values
from hypothesis import given
from hypothesis import strategies as some

from appsync_local.execution.fast_path.readers import Unusual
from appsync_local.execution.fast_path.variables import Inputs, inputs_of
from appsync_local.schema.sdl import read_schema

SCHEMA = read_schema("""
enum Day { MONDAY SUNDAY }
input Rule { every: Int on: [Day!] }
input Note {
  text: String! done: Boolean = false labels: [String!] = ["a"] day: Day = SUNDAY count: Int! = 1
  rule: Rule parts: [Note!] at: AWSDateTime extra: AWSJSON share: Float
}
type Query { save(note: Note, id: ID!, first: Int = 20, size: Int! = 2, days: [[Day]], rule: Rule): String }
""")
NOTE, RULE = "$id: ID!, $note: Note", "$id: ID!, $rule: Rule"
ALL = f"query({NOTE}, $days: [[Day]], $first: Int) {{ save(id: $id, note: $note, days: $days, first: $first) }}"
SOME = f"query({NOTE}, $more: Int = 3, $s: Int) {{ save(id: $id, note: $note, first: $more, size: $s) }}"
RULED = f"query({RULE}) {{ save(id: $id, rule: $rule) }}"


def compiled(query: str) -> tuple[OperationDefinitionNode, FieldNode, Inputs | None]:
    operation = parse(query).definitions[0]
    assert isinstance(operation, OperationDefinitionNode)
    node = operation.selection_set.selections[0]
    assert isinstance(node, FieldNode)
    return operation, node, inputs_of(SCHEMA, operation, field(), node)


def field() -> Any:
    assert SCHEMA.query_type
    return SCHEMA.query_type.fields["save"]


LEAVES: some.SearchStrategy[Any] = some.sampled_from(
    [None, True, 0, 7, 2**31, 1.5, 2.0, "", "1", "SUNDAY", "{}", "{", "2030-01-01T00:00:00Z", "noon", [], {}]
)
NAMES = ["text", "done", "labels", "day", "count", "rule", "parts", "at", "extra", "share", "every", "on", "no"]
VALUES = some.recursive(
    LEAVES,
    lambda inner: (
        some.lists(inner, max_size=2)
        | some.dictionaries(some.sampled_from(NAMES), inner, max_size=4)
        | some.builds(
            lambda more: {"text": "Read", **more}, some.dictionaries(some.sampled_from(NAMES), inner, max_size=3)
        )
    ),
    max_leaves=8,
)


@given(
    query=some.sampled_from([ALL, SOME, RULED]),
    raw=some.dictionaries(some.sampled_from(["id", "note", "days", "first", "more", "s", "rule"]), VALUES, max_size=6),
)
def test_what_is_read_is_what_graphql_core_coerces(query: str, raw: dict[str, Any]) -> None:
    operation, node, inputs = compiled(query)
    assert inputs
    try:
        variables, arguments = inputs.read(raw)
    except Unusual:
        return
    coerced = get_variable_values(SCHEMA, operation.variable_definitions or (), raw)
    assert not isinstance(coerced, list)
    wanted = get_argument_values(field(), node, coerced)
    assert variables.coerced == coerced.coerced
    assert (arguments, list(arguments)) == (wanted, list(wanted))


PLAIN = {"text": "Read", "labels": ["a"], "parts": [{"text": "1", "labels": None, "at": "2030-01-01T00:00:00Z"}]}


@pytest.mark.parametrize(
    ("query", "raw"),
    [
        (ALL, {"id": "1", "note": PLAIN, "days": [["SUNDAY", None], None], "first": 3}),
        (ALL, {"id": "1"}),
        (RULED, {"id": "1", "rule": {"every": 1}}),
        (SOME, {"id": "1", "note": {**PLAIN, "extra": "[1]", "share": 0.5, "count": 2}, "more": 9}),
    ],
)
def test_usual_variables_are_read_the_shorter_way(query: str, raw: dict[str, Any]) -> None:
    operation, node, inputs = compiled(query)
    assert inputs
    _, arguments = inputs.read(raw)
    coerced = get_variable_values(SCHEMA, operation.variable_definitions or (), raw)
    assert not isinstance(coerced, list)
    assert arguments == get_argument_values(field(), node, coerced)


@pytest.mark.parametrize(
    ("query", "raw"),
    [
        (SOME, {"id": "1", "note": PLAIN}),
        (SOME, {"id": "1", "note": {"text": "Read"}, "more": 1}),
        (ALL, {"id": "1", "note": PLAIN, "days": "SUNDAY"}),
    ],
)
def test_unusual_variables_are_left_to_graphql_core(query: str, raw: dict[str, Any]) -> None:
    operation, _, inputs = compiled(query)
    assert inputs
    with pytest.raises(Unusual):
        inputs.read(raw)
    assert not isinstance(get_variable_values(SCHEMA, operation.variable_definitions or (), raw), list)


@pytest.mark.parametrize("query", ['{ save(id: "1") }', "query($id: ID!) { save(id: $id, first: 1) }"])
def test_arguments_that_are_written_out_are_left_to_graphql_core(query: str) -> None:
    assert compiled(query)[2] is None
