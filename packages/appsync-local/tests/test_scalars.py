"""AppSync's scalars: accepted and rejected arguments and results."""

from __future__ import annotations

import pytest
from graphql import GraphQLScalarType

from appsync_local.schema.scalars import SCALARS
from appsync_local.schema.sdl import read_schema
from support.gateway import Gateway

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
        ["24:00:00", "1٢:00", "12:60:00", "12:00:00.1234567890", "noon", 12],
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
    (
        "AWSTimestamp",
        [0, -1, 1_800_000_000, -31_557_014_167_219_200, 31_556_889_864_403_199],
        ["0", 1.5, True, 31_556_889_864_403_200, 2**70],
    ),
    (
        "AWSEmail",
        ["ada@example.com", "a.b+c@x.io", '"q q"@x.org', '"a@b"."c\\""@x', "a@[127.0.0.1]", "ada@localhost"],
        ["ada", "@example.com", "a b@example.com", "ada@", "a@b..c", ".a@b", "a@b.", "a@b@c", "ä@b.c", '"a@b', 1],
    ),
    (
        "AWSURL",
        ["https://example.com/a?b#c", "mailto:a@example.com", "http://localhost/?to=http://a//b", "x:y"],
        ["example", "//x", "http://a b", "http://[", "https://a.b/c//d", "https://a.b//c", "https://a.b//", 1],
    ),
    (
        "AWSPhone",
        ["+49 30 123456", "555-555-1234", "(206) 555-0100", "1 206 555 0100", "+1-206-555-0100"],
        ["call me", "+", "", "1110004444", "555-1234", "030 123456", "+0 123 4567", "+" + "1" * 16, 5],
    ),
    (
        "AWSIPAddress",
        ["127.0.0.1", "10.0.0.0/8", "123.45.67.89/16", "::1", "2001:db8::/32"],
        ["256.0.0.1", "localhost", "", "1.2.3.4/255.255.255.0", "fe80::1%eth0", "1.2.3.4/33", "1.2.3.4/", "[::1]", 1],
    ),
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
    with pytest.raises(ValueError, match="Unable to serialize"):
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


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("AWSPhone", "1110004444", "Unable to serialize `1110004444` as a valid phone number."),
        ("AWSDate", True, "Unable to serialize `true` as a valid Date Object."),
        ("AWSDate", {"a": None}, 'Unable to serialize `{"a": null}` as a valid Date Object.'),
        ("AWSTimestamp", "5", "Unable to serialize `5` as a valid Timestamp Object."),
        ("AWSJSON", "x", "Unable to serialize x as valid JSON."),
        ("AWSDate", "\ud800", r"Unable to serialize `\ud800` as a valid Date Object."),
    ],
)
def test_a_result_that_is_refused_is_shown_as_json(name: str, value: object, message: str) -> None:
    with pytest.raises(ValueError, match="serialize") as refusal:
        scalar(name).coerce_output_value(value)
    assert str(refusal.value) == message


def test_an_argument_that_is_refused_is_shown_as_json() -> None:
    with pytest.raises(ValueError, match=r'^Unable to parse \{"a": 1\} as valid JSON\.$'):
        scalar("AWSJSON").coerce_input_value({"a": 1})


@pytest.mark.parametrize("name", SCALARS)
def test_each_scalar_says_what_it_is(name: str) -> None:
    assert scalar(name).description


@pytest.mark.parametrize(
    ("query", "value"),
    [
        ("query($n: Int) { tasks(first: $n) { id } }", "1"),
        ("query($n: Int) { tasks(first: $n) { id } }", True),
        ("mutation($n: String) { save(input: {id: 1, title: $n}) { id } }", 5),
    ],
)
async def test_a_variable_of_another_type_is_refused(gateway: Gateway, query: str, value: object) -> None:
    body = await gateway.query(query, variables={"n": value})
    assert body["errors"][0]["message"].startswith("Variable 'n' has an invalid value. ")
