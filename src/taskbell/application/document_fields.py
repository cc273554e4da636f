"""Reads the fields of JSON documents. What has another type is an error here, and not wherever it is used later."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from functools import wraps
from typing import Any, TypeVar

from taskbell.domain.statistics import Counts, is_count_name
from taskbell.domain.timestamps import parse_timestamp

Value = TypeVar("Value")
Read = Callable[[Mapping[str, Any]], Value]


def strict(read: Read[Value]) -> Read[Value]:
    """Let a function that reads a document raise KeyError if a field is missing, and otherwise only ValueError."""

    @wraps(read)
    def read_strictly(document: Mapping[str, Any]) -> Value:
        try:
            return read(document)
        except (ArithmeticError, AttributeError, TypeError) as error:
            raise ValueError(f"Not a valid document: {type(error).__name__}: {error}") from error

    return read_strictly


def text(document: Mapping[str, Any], name: str) -> str:
    """Return a text. Half of a surrogate pair is none: it could not be stored."""
    return _text(document[name], name)


def optional_text(document: Mapping[str, Any], name: str) -> str | None:
    """Return a text, or None."""
    value = document.get(name)
    return None if value is None else _text(value, name)


def texts(document: Mapping[str, Any], name: str) -> tuple[str, ...]:
    """Return a list of texts."""
    values = document[name]
    if not isinstance(values, list):
        raise TypeError(f"{name} is no list.")
    return tuple(_text(value, name) for value in values)


def flag(document: Mapping[str, Any], name: str) -> bool:
    """Return a truth value."""
    value = document[name]
    if not isinstance(value, bool):
        raise TypeError(f"{name} is not true or false.")
    return value


def counts(document: Mapping[str, Any], name: str) -> Counts:
    """Return counts, empty if there are none. A name that counts cannot have would become an attribute of an item."""
    values = document.get(name, {})
    if unknown := [key for key in values if not is_count_name(key)]:
        raise ValueError(f"{name} has the unknown name {unknown[0]!r}.")
    return {key: int(value) for key, value in values.items()}


def instant(value: str | None) -> datetime | None:
    """Return the datetime of a timestamp, or None."""
    return parse_timestamp(value) if value else None


def day(value: str | None) -> date | None:
    """Return a date, or None."""
    return date.fromisoformat(value) if value else None


def local_time(value: str | None) -> datetime | None:
    """Return the datetime of a local time without zone, or None."""
    return datetime.fromisoformat(value).replace(tzinfo=None) if value else None


def expiry(seconds: Any) -> datetime | None:
    """Return the datetime of seconds since 1970, or None."""
    return None if seconds is None else datetime.fromtimestamp(int(seconds), UTC)


def _text(value: object, name: str) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{name} is no text.")
    value.encode()
    return value
