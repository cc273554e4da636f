"""AppSync's scalars: which texts and numbers each accepts, as documented under "AWS AppSync scalar types".

Values keep the form in which they came, as a Lambda sees them in AppSync; only AWSJSON is read (arguments arrive
as maps and lists) and written (results leave as JSON text).
"""

from __future__ import annotations

import datetime
import ipaddress
import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import orjson

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from graphql import GraphQLScalarType, GraphQLSchema

_OFFSET = r"(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d)?)"
_TIME = r"(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d{1,9})?)?"
_DATE_FORM = re.compile(rf"(\d{{4}}-\d{{2}}-\d{{2}}){_OFFSET}?")
_TIME_FORM = re.compile(rf"{_TIME}{_OFFSET}?")
_DATE_TIME_FORM = re.compile(rf"(\d{{4}}-\d{{2}}-\d{{2}})T{_TIME}{_OFFSET}")
_EMAIL_FORM = re.compile(r"[^\s@\"(),:;<>\[\]\\]+@[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?")
_PHONE_FORM = re.compile(r"\+?[\d\s().-]{2,24}\d")


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
    return bool(parts.scheme and (parts.netloc or parts.path)) and not re.search(r"\s", text)


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_interface(text)
    except ValueError:
        return False
    return True


_TEXT_FORMS: Mapping[str, tuple[str, Callable[[str], bool]]] = {
    "AWSDate": ("Date", _is_date),
    "AWSTime": ("Time", _is_time),
    "AWSDateTime": ("DateTime", _is_date_time),
    "AWSEmail": ("Email", lambda text: _EMAIL_FORM.fullmatch(text) is not None),
    "AWSURL": ("URL", _is_url),
    "AWSPhone": ("Phone", lambda text: _PHONE_FORM.fullmatch(text) is not None),
    "AWSIPAddress": ("IPAddress", _is_address),
}
SCALARS = (*_TEXT_FORMS, "AWSTimestamp", "AWSJSON")


def teach_scalars(schema: GraphQLSchema) -> None:
    """Give the AWS scalars of a built schema their checks."""
    for name, (noun, accepts) in _TEXT_FORMS.items():
        _teach_text(schema.type_map[name], noun, accepts)  # type: ignore[arg-type]
    _teach(schema.type_map["AWSTimestamp"], _timestamp, _timestamp)  # type: ignore[arg-type]
    _teach(schema.type_map["AWSJSON"], _read_json, _write_json)  # type: ignore[arg-type]


def _teach(scalar: GraphQLScalarType, read: Callable[[object], object], write: Callable[[object], object]) -> None:
    scalar.coerce_input_value = scalar.parse_value = read  # type: ignore[method-assign, assignment]
    scalar.coerce_output_value = scalar.serialize = write  # type: ignore[method-assign, assignment]


def _teach_text(scalar: GraphQLScalarType, noun: str, accepts: Callable[[str], bool]) -> None:
    def read(value: object) -> str:
        if isinstance(value, str) and accepts(value):
            return value
        raise ValueError(f"Unable to parse `{value}` as a valid {noun} Object.")

    def write(value: object) -> str:
        if isinstance(value, str) and accepts(value):
            return value
        raise ValueError(f"Unable to serialize `{value}` as a valid {noun} Object.")

    _teach(scalar, read, write)


def _timestamp(value: object) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**63:
        return value
    raise ValueError(f"Unable to parse `{value}` as a valid Timestamp Object.")


def _read_json(value: object) -> object:
    try:
        return orjson.loads(value)  # type: ignore[arg-type]
    except (orjson.JSONDecodeError, TypeError):
        raise ValueError(f"Unable to parse {value} as valid JSON.") from None


def _write_json(value: object) -> str:
    if isinstance(value, str):
        _read_json(value)
        return value
    return orjson.dumps(value).decode()
