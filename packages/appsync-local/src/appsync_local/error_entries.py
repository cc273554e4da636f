"""Errors in the formats of AppSync's responses."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from appsync_local.errors import FieldError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graphql import GraphQLError, GraphQLSchema

_NULL = re.compile(r"Cannot return null for non-nullable field (\w+)\.(\w+)\.")
_OTHER = re.compile(r"(?:(Int|Float|String|Boolean|ID)|Enum '(\w+)') cannot represent [^:]*value: (.*)", re.DOTALL)
_ENUMS = (
    re.compile(r"Enum '(?P<enum>\w+)' cannot represent value: (?P<name>.*?)\.?", re.DOTALL),
    re.compile(r"Value (?P<name>'.*') does not exist in '(?P<enum>\w+)' enum\..*", re.DOTALL),
)
_ARGUMENT = re.compile(
    r"Argument '(\w+)' has invalid value: Expected variable '\$\w+' provided to non-null type '(.+)' not to be None\."
)


def request_entry(error: GraphQLError, message: str) -> dict[str, Any]:
    """Return the entry of `errors` for the whole request (validation, variables), which has no path."""
    return {"path": None, "locations": _locations(error), "message": message}


def field_entry(error: GraphQLError, schema: GraphQLSchema) -> dict[str, Any]:
    """Return the entry of `errors` for a field: an error of its resolver, a null, or a value of another type."""
    cause = error.original_error
    if error.path is None:
        return request_entry(error, error.message)
    if isinstance(cause, FieldError):
        return typed_entry(cause, error.path, _locations(error))
    argument = _ARGUMENT.fullmatch(error.message)
    missing = _NULL.fullmatch(error.message)
    if argument:
        message = coerced_null("Argument", argument[1], argument[2])
    elif missing:
        message = _null_message(schema, missing[1], missing[2], error.path)
    else:
        message = f"Can't serialize value ({path_text(error.path)}) : {reason_of(error.message)}"
    return {"path": list(error.path), "locations": None, "message": message}


def path_text(path: Sequence[str | int]) -> str:
    """Format a path as AppSync does: /tasks/nodes[0]/id."""
    return "".join(f"[{step}]" if isinstance(step, int) else f"/{step}" for step in path)


def typed_entry(cause: FieldError, path: Sequence[str | int], locations: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the entry of `errors` for an error that has a type, as a resolver raises or appends it."""
    return {
        "path": list(path),
        "data": cause.data,
        "errorType": cause.error_type,
        "errorInfo": cause.error_info,
        "locations": locations,
        "message": cause.message,
    }


def _locations(error: GraphQLError) -> list[dict[str, Any]]:
    return [{"line": place.line, "column": place.column, "sourceName": None} for place in error.locations or ()]


def _null_message(schema: GraphQLSchema, parent: str, field: str, path: Sequence[str | int]) -> str:
    type_ = str(schema.type_map[parent].fields[field].type).strip("[]!")  # type: ignore[attr-defined]
    return f"Cannot return null for non-nullable type: '{type_}' within parent '{parent}' ({path_text(path)})"


def coerced_null(owner: str, name: str, type_: object) -> str:
    """Return the message for an argument or a variable that must not be null."""
    return f"{owner} '{name}' has coerced Null value for NonNull type '{type_}'"


def reason_of(message: str) -> str:
    """Return what is wrong with a value, without how Python writes it."""
    unknown = next((found for found in (form.fullmatch(message) for form in _ENUMS) if found), None)
    if unknown:
        return f"Invalid input for Enum '{unknown['enum']}'. No value found for name {unknown['name']}"
    other = _OTHER.match(message)
    if other:
        return f"Expected type '{other[1] or other[2]}' but was '{_java_class(other[3])}'."
    return message


def _java_class(value: str) -> str:
    """Return the class that AppSync's engine would have parsed a value into, given its `repr`."""
    known = {"'": "String", '"': "String", "[": "ArrayList", "{": "LinkedHashMap", "T": "Boolean", "F": "Boolean"}
    number = "Integer" if re.fullmatch(r"-?\d+", value) else "Double"
    return known.get(value[:1], number)
