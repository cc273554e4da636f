"""AppSync's scalars: which texts and numbers each accepts, as documented under "Scalar types in GraphQL".

Values keep the form in which they came, as a Lambda sees them in AppSync; only AWSJSON is read (arguments arrive
as maps and lists) and written (results leave as JSON text).
"""

from __future__ import annotations

import datetime
import ipaddress
import json
import re
from typing import TYPE_CHECKING, cast
from urllib.parse import urlsplit

import orjson

from appsync_local._json import to_json

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from graphql import GraphQLScalarType, GraphQLSchema

_OFFSET = r"(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d)?)"
_TIME = r"(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d{1,9})?)?"
_DATE_FORM = re.compile(rf"(\d{{4}}-\d{{2}}-\d{{2}}){_OFFSET}?", re.ASCII)
_TIME_FORM = re.compile(rf"{_TIME}{_OFFSET}?", re.ASCII)
_DATE_TIME_FORM = re.compile(rf"(\d{{4}}-\d{{2}}-\d{{2}})T{_TIME}{_OFFSET}", re.ASCII)
_ATOM = r"[!#$%&'*+\-/0-9=?A-Z^_`a-z{|}~]+"
_WORD = rf'(?:{_ATOM}|"(?:[ !#-\[\]-~]|\\[ -~])*")'  # the addr-spec of RFC 822, without comments
_SUB_DOMAIN = rf"(?:{_ATOM}|\[(?:[ -Z^-~]|\\[ -~])*\])"
_EMAIL_FORM = re.compile(rf"{_WORD}(?:\.{_WORD})*@{_SUB_DOMAIN}(?:\.{_SUB_DOMAIN})*")
_SUFFIX_FORM = re.compile(r"/[0-9]+")
_LONG_NUMBER = re.compile(r"[0-9]{19}")
_PHONE_MARKS = re.compile(r"[ ().-]")
_PHONE_FORM = re.compile(r"\+[1-9][0-9]{6,14}|1?[2-9][0-9]{2}[2-9][0-9]{6}")  # of any country, or North American


def _is_day(text: str) -> bool:
    try:
        datetime.date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _is_date(text: str) -> bool:
    found = _DATE_FORM.fullmatch(text)
    return found is not None and _is_day(found[1])


def _is_time(text: str) -> bool:
    return _TIME_FORM.fullmatch(text) is not None


def _is_date_time(text: str) -> bool:
    found = _DATE_TIME_FORM.fullmatch(text)
    return found is not None and _is_day(found[1])


def _is_url(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    good = parts.scheme and (parts.netloc or parts.path) and "//" not in parts.path
    return bool(good) and not re.search(r"\s", text)


def _is_address(text: str) -> bool:
    address, slash, _ = text.partition("/")
    if "%" in address or (slash and not _SUFFIX_FORM.fullmatch(text, len(address))):
        return False
    try:
        ipaddress.ip_interface(text)
    except ValueError:
        return False
    return True


# The first and the last second that the service says it supports: the years -1,000,000,000 and 1,000,000,000.
_TIMESTAMPS = range(-31_557_014_167_219_200, 31_556_889_864_403_199 + 1)
_TEXT_FORMS: Mapping[str, tuple[str, Callable[[str], bool]]] = {
    "AWSDate": ("Date Object", _is_date),
    "AWSTime": ("Time Object", _is_time),
    "AWSDateTime": ("DateTime Object", _is_date_time),
    "AWSEmail": ("Email Object", lambda text: _EMAIL_FORM.fullmatch(text) is not None),
    "AWSURL": ("URL Object", _is_url),
    "AWSPhone": ("phone number", lambda text: _PHONE_FORM.fullmatch(_PHONE_MARKS.sub("", text)) is not None),
    "AWSIPAddress": ("IPAddress Object", _is_address),
}
SCALARS: Mapping[str, str] = {
    "AWSDate": "A date, `YYYY-MM-DD`, with an offset from UTC if wanted.",
    "AWSTime": "A time of day, `hh:mm:ss.sss`, with an offset from UTC if wanted.",
    "AWSDateTime": "A date and a time, `YYYY-MM-DDThh:mm:ss.sssZ`; it needs an offset from UTC.",
    "AWSEmail": "An email address, `local-part@domain-part`, as RFC 822 defines it.",
    "AWSURL": "A URL of any scheme, as RFC 1738 defines it, without `//` in its path.",
    "AWSPhone": "A phone number; spaces or hyphens may separate its groups of digits.",
    "AWSIPAddress": "An IPv4 or IPv6 address, with a CIDR suffix if wanted.",
    "AWSTimestamp": "Seconds since 1970-01-01T00:00Z, negative ones before it.",
    "AWSJSON": "A text that is JSON; resolvers are given the value that it stands for.",
}


def attach_scalars(schema: GraphQLSchema) -> None:
    """Give the AWS scalars of a built schema their descriptions, parsers and serializers, in place."""
    scalars = {name: cast("GraphQLScalarType", schema.type_map[name]) for name in SCALARS}
    for name, description in SCALARS.items():
        scalars[name].description = description
    for name, (noun, accepts) in _TEXT_FORMS.items():
        _attach_text(scalars[name], noun, accepts)
    _attach(scalars["AWSTimestamp"], _timestamp("parse"), _timestamp("serialize"))
    _attach(scalars["AWSJSON"], _parse_json, _serialize_json)


def _attach(
    scalar: GraphQLScalarType, parse: Callable[[object], object], serialize: Callable[[object], object]
) -> None:
    scalar.coerce_input_value = scalar.parse_value = parse  # type: ignore[method-assign, assignment]
    scalar.coerce_output_value = scalar.serialize = serialize  # type: ignore[method-assign, assignment]


def _attach_text(scalar: GraphQLScalarType, noun: str, accepts: Callable[[str], bool]) -> None:
    def parse(value: object) -> str:
        if isinstance(value, str) and accepts(value):
            return value
        raise _not_valid("parse", value, noun)

    def serialize(value: object) -> str:
        if isinstance(value, str) and accepts(value):
            return value
        raise _not_valid("serialize", value, noun)

    _attach(scalar, parse, serialize)


def _timestamp(action: str) -> Callable[[object], int]:
    def check(value: object) -> int:
        if isinstance(value, int) and not isinstance(value, bool) and value in _TIMESTAMPS:
            return value
        raise _not_valid(action, value, "Timestamp Object")

    return check


def _parse_json(value: object) -> object:
    """Parse JSON; what orjson would round is parsed again by the standard library, which does not."""
    try:
        parsed: object = orjson.loads(value)  # type: ignore[arg-type]
        return json.loads(value) if _LONG_NUMBER.search(str(value)) else parsed  # type: ignore[arg-type]
    except (orjson.JSONDecodeError, TypeError):
        raise ValueError(f"Unable to parse {_shown(value)} as valid JSON.") from None


def _serialize_json(value: object) -> str:
    try:
        if isinstance(value, str):
            orjson.loads(value)
            return value
        return to_json(value).decode()
    except (TypeError, ValueError):
        raise ValueError(f"Unable to serialize {_shown(value)} as valid JSON.") from None


def _not_valid(action: str, value: object, noun: str) -> ValueError:
    return ValueError(f"Unable to {action} `{_shown(value)}` as a valid {noun}.")


def _shown(value: object) -> str:
    """Format a value as its sender wrote it: a string as it is, anything else as JSON."""
    shown = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    return shown.encode("utf-8", "backslashreplace").decode()
