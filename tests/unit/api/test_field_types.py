"""The types of fields: texts that show what was written, in every script, and integers as JSON has them."""

import re
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from taskbell.api.error_messages import message_for
from taskbell.api.field_types import Description, First, Label, Minutes, Title, Version
from taskbell.api.unicode_text import MULTI_LINE, ONE_LINE

REORDERING = [*range(0x202A, 0x202F), *range(0x2066, 0x206A)]
UNSEEN = [0xAD, 0x180E, 0x200B, 0x2060, 0xFEFF, 0xE0001, 0xE0041]
LINES: list[Any] = [Title, Label]


def parsed(type_: Any, value: object) -> object:
    return TypeAdapter(type_).validate_python(value)


def message(type_: Any, value: object) -> str:
    with pytest.raises(ValidationError) as raised:
        parsed(type_, value)
    return message_for(raised.value.errors()[0])


@pytest.mark.parametrize(
    "text",
    [
        "Read chapter 4",
        "مراجعة الفصل 4 من الكتاب",
        "לקרוא את פרק 4 (חובה)",
        "C++ في الفصل\u200f!",
        "a\u200eb",
        "\u061cنص",
        "می\u200cروم",
        "क\u094d\u200dष",
        "👩\u200d🎓 ❤\ufe0f\u200d🔥 1\ufe0f\u20e3 🇦🇹 👍🏽",
        "🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f",
        "葛\U000e0100城",
        "naïve — “quoted” ½ e\u0301",
        "한국어 ภาษาไทย ភាសាខ្មែរ",
    ],
)
def test_text_of_every_script_and_emoji_are_kept_as_they_are(text: str) -> None:
    assert {parsed(type_, text) for type_ in [*LINES, Description]} == {text}


@pytest.mark.parametrize(
    "character",
    [
        *range(0x202A, 0x202F),
        *range(0x2066, 0x206A),
        0x200B,
        0x2060,
        0xFEFF,
        0xAD,
        0x180E,
        0x1BCA0,
        0x1D173,
        0xE0001,
        0xE0041,
    ],
)
def test_what_is_not_seen_or_reorders_others_is_refused(character: int) -> None:
    for type_ in [*LINES, Description]:
        assert message(type_, f"a{chr(character)}b") == (
            "Must not have characters that are not seen or change the direction of others."
        )


@pytest.mark.parametrize(
    "text", ["x\ufe0f\ufe0e", "x\U000e0100\U000e0101", "🏴\U000e0067", "x\U000e0067\U000e0062\U000e007f"]
)
def test_a_text_that_is_hidden_in_selectors_or_tags_is_refused(text: str) -> None:
    assert message(Title, text).startswith("Must not have characters that are not seen")


@pytest.mark.parametrize(
    "text", ["a\nb", "a\rb", "a\tb", "a\u2028b", "a\u2029b", "a\x00b", "a\x1bb", "a\x85b", "a\ufffeb", "a\U0001ffffb"]
)
def test_a_line_has_no_control_characters_and_no_line_ends(text: str) -> None:
    assert {message(type_, text) for type_ in LINES} == {"Must be one line without control characters."}


def test_a_description_has_several_lines_and_no_other_control_characters() -> None:
    assert parsed(Description, "a\r\n\tb\u2028c") == "a\r\n\tb\u2028c"
    assert message(Description, "a\x1bb") == "Must not have control characters."


@pytest.mark.parametrize(
    "text", ["", "  ", "\u200d", "\u200e\u200f", "\u3164", "\u2800\u115f", "\ufe0f", "\u034f\u180b"]
)
def test_what_cannot_be_seen_is_blank(text: str) -> None:
    assert message(Title, text) == "Must not be blank."


@pytest.mark.parametrize("around", ["", "a"])
@pytest.mark.parametrize(("type_", "pattern"), [(Title, ONE_LINE), (Description, MULTI_LINE)])
def test_the_described_pattern_is_what_is_checked(type_: Any, pattern: str, around: str) -> None:
    check = TypeAdapter(type_)
    assert check.json_schema()["pattern"] == pattern
    for character in map(chr, (*range(0xD800), *range(0xE000, 0x10000))):
        text = f"{around}{character}{around}"
        try:
            check.validate_python(text)
        except ValidationError:
            assert not re.search(pattern, text), ascii(character)
        else:
            assert re.search(pattern, text), ascii(character)


@pytest.mark.parametrize("type_", [Version, First, Minutes])
def test_219_is_an_integer_and_so_is_219_point_0(type_: Any) -> None:
    if type_ is not First:
        assert parsed(type_, 219.0) == parsed(type_, 219) == 219
    assert type(parsed(type_, 19.0)) is int


@pytest.mark.parametrize("value", [0.5, "1", True, float("nan"), float("inf"), None])
def test_anything_else_is_no_integer(value: object) -> None:
    assert message(Version, value) == "Must be a whole number."


@pytest.mark.parametrize("value", [2**31, 10**400, 1e300])
def test_a_version_is_an_integer_of_graphql(value: object) -> None:
    assert message(Version, value) == "Must be at most 2147483647."
