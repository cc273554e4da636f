"""AppSync's scalars: what each accepts and refuses, as an argument and in a result."""

from __future__ import annotations

import pytest
from graphql import GraphQLScalarType

from local.appsync.dialect import read_schema

TYPES = read_schema("type Query { a: String }").type_map
FORMS: list[tuple[str, list[object], list[object]]] = [
    (
        "AWSDate",
        ["1970-01-01", "2024-02-29", "1970-01-01Z", "1970-01-01-07:00", "1970-01-01+05:30:20"],
        ["1970-13-01", "2023-02-29", "70-01-01", "1970-01-01T00:00", "today", 7],
    ),
    (
        "AWSTime",
        ["12:30", "12:00:34Z", "12:00:34.1", "12:00:34.123456789+05:30"],
        ["24:00:00", "12:60:00", "12:00:00.1234567890", "noon", 12],
    ),
    (
        "AWSDateTime",
        ["1970-01-01T12:00:00Z", "1970-01-01T12:00:00.123-07:00", "1970-01-01T12:00:00+05:30:00", "1970-01-01T12:00Z"],
        [
            "1970-01-01T12:00:00",
            "1970-01-01",
            "1970-02-30T12:00:00Z",
            "1970-01-01 12:00:00Z",
            "2000-01-01T00:00:60Z",
            0,
        ],
    ),
    ("AWSTimestamp", [0, -1, 1_800_000_000], ["0", 1.5, True, 2**63]),
    ("AWSEmail", ["ada@example.com", "a.b+c@x.io"], ["ada", "@example.com", "a b@example.com", "ada@", 1]),
    ("AWSURL", ["https://example.com/a?b#c", "mailto:a@example.com"], ["example", "//x", "http://a b", "http://[", 1]),
    ("AWSPhone", ["+49 30 123456", "555-1234", "(030) 123"], ["call me", "+", "", 5]),
    ("AWSIPAddress", ["127.0.0.1", "10.0.0.0/8", "::1", "2001:db8::/32"], ["256.0.0.1", "localhost", "", 1]),
]
ACCEPTED = [(name, value) for name, accepted, _ in FORMS for value in accepted]
REFUSED = [(name, value) for name, _, refused in FORMS for value in refused]


def scalar(name: str) -> GraphQLScalarType:
    found = TYPES[name]
    assert isinstance(found, GraphQLScalarType)
    return found


@pytest.mark.parametrize(("name", "value"), ACCEPTED)
def test_an_accepted_form_passes_unchanged_both_ways(name: str, value: object) -> None:
    assert scalar(name).coerce_input_value(value) == value
    assert scalar(name).coerce_output_value(value) == value


@pytest.mark.parametrize(("name", "value"), REFUSED)
def test_any_other_form_is_refused_both_ways(name: str, value: object) -> None:
    with pytest.raises(ValueError, match="Unable to parse"):
        scalar(name).coerce_input_value(value)
    with pytest.raises(ValueError, match="Unable to"):
        scalar(name).coerce_output_value(value)


@pytest.mark.parametrize(("text", "value"), [('{"a": 1}', {"a": 1}), ("[1]", [1]), ('"x"', "x"), ("7", 7)])
def test_json_is_read_as_an_argument(text: str, value: object) -> None:
    assert scalar("AWSJSON").coerce_input_value(text) == value


@pytest.mark.parametrize("text", ["{a: 1}", "", "x", 7, None])
def test_what_is_no_json_text_is_refused(text: object) -> None:
    with pytest.raises(ValueError, match="JSON"):
        scalar("AWSJSON").coerce_input_value(text)


@pytest.mark.parametrize(
    ("value", "text"), [({"a": [1]}, '{"a":[1]}'), ([], "[]"), ('{"a": 1}', '{"a": 1}'), (True, "true")]
)
def test_json_is_written_in_a_result_unless_it_is_text_already(value: object, text: str) -> None:
    assert scalar("AWSJSON").coerce_output_value(value) == text
