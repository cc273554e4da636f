"""Readers that are compiled once for a type, and read its usual values: what is unusual is left to graphql-core."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from graphql import GraphQLBoolean, GraphQLID, GraphQLInt, GraphQLString

if TYPE_CHECKING:
    from collections.abc import Callable

    Reader = Callable[[Any], Any]

_INT = 2**31


class Unusual(Exception):
    """The value needs graphql-core's attention."""


def or_none(read: Reader) -> Reader:
    """Make a reader that lets None through."""
    return lambda value: None if value is None else read(value)


def list_reader(read: Reader) -> Reader:
    """Make a reader of lists, given one of their items."""

    def read_list(value: Any) -> list[Any]:
        if type(value) is not list:
            raise Unusual
        return [read(item) for item in value]

    return read_list


def leaf_reader(name: str, coerce: Reader) -> Reader:
    """Make a reader of a scalar or an enum, by what graphql-core coerces it with."""
    return _SIMPLE.get(name) or _coercing(coerce)


def _coercing(coerce: Reader) -> Reader:
    def read_leaf(value: Any) -> Any:
        if value is None:
            raise Unusual
        try:
            coerced = coerce(value)
        except Exception as problem:
            raise Unusual from problem
        if coerced is None:
            raise Unusual
        return coerced

    return read_leaf


def _text(value: Any) -> str:
    if type(value) is not str:
        raise Unusual
    return value


def _truth(value: Any) -> bool:
    if type(value) is not bool:
        raise Unusual
    return value


def _number(value: Any) -> int:
    if type(value) is not int or not -_INT <= value < _INT:
        raise Unusual
    return value


_SIMPLE: dict[str, Reader] = {
    GraphQLString.name: _text,
    GraphQLID.name: _text,
    GraphQLBoolean.name: _truth,
    GraphQLInt.name: _number,
}
