"""An optional, faster way to complete objects whose selected fields are all read from their source.

graphql-core spends several microseconds on each field, mostly on what such fields do not have (resolvers, arguments,
paths). Here a selection is compiled once into a function that reads the whole object. Whatever is unusual in a value (a
null where none may be, a value of another type) is left to graphql-core, which completes the same value again and
writes the errors. Without this module everything is answered alike: let the engine use `SerialExecutor` instead.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from graphql import (
    GraphQLBoolean,
    GraphQLID,
    GraphQLInt,
    GraphQLObjectType,
    GraphQLString,
    is_leaf_type,
    is_list_type,
    is_non_null_type,
    is_object_type,
)

from appsync_local.execution.context import SOURCE_FIELD
from appsync_local.execution.executor import SerialExecutor

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from graphql import FieldNode

    from appsync_local.auth.authentication import Caller
    from appsync_local.execution.selection import Selections

    Reader = Callable[[Any], Any]

_INT_RANGE = range(-(2**31), 2**31)


class FastExecutor(SerialExecutor):
    """Completes objects by compiled readers where there are some, and else as graphql-core does."""

    def complete_object_value(  # noqa: PLR0917 - graphql-core's signature
        self,
        return_type: GraphQLObjectType,
        field_details_list: Any,
        info: Any,
        path: Any,
        result: Any,
        position_context: Any,
    ) -> Any:
        """Complete an object."""
        context = self.context_value
        nodes = [details.node for details in field_details_list]
        read = object_reader(context.selections, context.caller, return_type, nodes)
        if read is not None:
            try:
                return read(result)
            except _UnusualValueError:
                pass
        return super().complete_object_value(return_type, field_details_list, info, path, result, position_context)


class _UnusualValueError(Exception):
    """The value needs graphql-core's attention."""


def object_reader(
    selections: Selections, caller: Caller, type_: GraphQLObjectType, nodes: Sequence[FieldNode]
) -> Reader | None:
    """Compile the selection of an object.

    Args:
        selections: Those of the document; they keep what was compiled.
        caller: Readers are shared by callers of equal access.
        type_: The object's type.
        nodes: The fields that select from the object.

    Returns:
        A function from the source (a dictionary) to the response object, which raises `_UnusualValueError` when
        graphql-core must look at the source; None when a selected field has a resolver or arguments, refuses the
        caller, or depends on @skip, @include or a fragment on another type.
    """
    key = (id(type_), caller.access_class, *map(id, nodes))
    if key not in selections.compiled:
        selections.keep(key, _compile(selections, caller, type_, nodes))
    read: Reader | None = selections.compiled[key]
    return read


def _compile(
    selections: Selections, caller: Caller, type_: GraphQLObjectType, nodes: Sequence[FieldNode]
) -> Reader | None:
    grouped = selections.fields_of(type_.name, nodes)
    if grouped is None:
        return None
    readers: list[tuple[str, str, Reader]] = []
    for response_name, fields in grouped.items():
        name = fields[0].name.value
        read = _field_reader(selections, caller, type_, name, fields)
        if read is None:
            return None
        readers.append((response_name, name, read))

    def read_object(source: Any) -> dict[str, Any]:
        if type(source) is not dict:
            raise _UnusualValueError
        get = source.get
        return {response_name: read(get(name)) for response_name, name, read in readers}

    return read_object


def _field_reader(
    selections: Selections, caller: Caller, type_: GraphQLObjectType, name: str, nodes: Sequence[FieldNode]
) -> Reader | None:
    if name == "__typename":
        return lambda _value: type_.name
    field = type_.fields[name]
    access = field.extensions.get(SOURCE_FIELD)
    if access is None or field.args or not access.allows(caller):
        return None
    return _value_reader(selections, caller, field.type, nodes)


def _value_reader(selections: Selections, caller: Caller, type_: Any, nodes: Sequence[FieldNode]) -> Reader | None:
    if is_non_null_type(type_):
        return _non_null_reader(selections, caller, type_.of_type, nodes)
    read = _non_null_reader(selections, caller, type_, nodes)
    return None if read is None else lambda value: None if value is None else read(value)


def _non_null_reader(selections: Selections, caller: Caller, type_: Any, nodes: Sequence[FieldNode]) -> Reader | None:
    if is_list_type(type_):
        item = _value_reader(selections, caller, type_.of_type, nodes)
        return None if item is None else _list_reader(item)
    if is_leaf_type(type_):
        return _LEAF_READERS.get(type_.name) or _coercing_reader(type_.coerce_output_value)
    return _compile(selections, caller, type_, nodes) if is_object_type(type_) else None


def _list_reader(read: Reader) -> Reader:
    def read_list(value: Any) -> list[Any]:
        if type(value) is not list:
            raise _UnusualValueError
        return [read(item) for item in value]

    return read_list


def _coercing_reader(coerce: Reader) -> Reader:
    def read_leaf(value: Any) -> Any:
        if value is None:
            raise _UnusualValueError
        try:
            coerced = coerce(value)
        except Exception as error:
            raise _UnusualValueError from error
        if coerced is None:
            raise _UnusualValueError
        return coerced

    return read_leaf


def _read_string(value: Any) -> str:
    if type(value) is not str:
        raise _UnusualValueError
    return value


def _read_boolean(value: Any) -> bool:
    if type(value) is not bool:
        raise _UnusualValueError
    return value


def _read_int(value: Any) -> int:
    if type(value) is not int or value not in _INT_RANGE:
        raise _UnusualValueError
    return value


_LEAF_READERS: dict[str, Reader] = {
    GraphQLString.name: _read_string,
    GraphQLID.name: _read_string,
    GraphQLBoolean.name: _read_boolean,
    GraphQLInt.name: _read_int,
}
