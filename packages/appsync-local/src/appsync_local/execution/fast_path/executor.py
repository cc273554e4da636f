"""A shorter way to the same result: objects whose selected fields are all read from their source are completed at once.

graphql-core spends several microseconds on each field, mostly on what plain fields do not have (resolvers, arguments,
paths). Here a selection is compiled once into readers. Whatever is unusual in a value (a null where none may be, a
value that is not of its type) is left to graphql-core, which completes the same value again and writes the errors.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from graphql import (
    Executor,
    GraphQLObjectType,
    Undefined,
    is_leaf_type,
    is_list_type,
    is_non_null_type,
    is_object_type,
)
from graphql.pyutils import Path

from appsync_local.execution.fast_path.readers import Unusual, leaf_reader, list_reader, or_none

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graphql import FieldNode, GraphQLOutputType

    from appsync_local.auth.authentication import Caller
    from appsync_local.execution.fast_path.readers import Reader
    from appsync_local.execution.selection import Selections

PLAIN = "appsync.plain"  # the extension of a field that is read from its source: its Access


class SerialExecutor(Executor[Any]):
    """graphql-core's executor; in a mutation of a thousand fields it does not wait for each inside the one before."""

    async def execute_fields_serially(
        self,
        parent_type: GraphQLObjectType,
        source_value: Any,
        path: Any,
        grouped_field_set: Any,
        position_context: Any,
    ) -> dict[str, Any]:
        """Answer the fields one after the other."""
        results: dict[str, Any] = {}
        for name, details in grouped_field_set.items():
            own_path = Path(path, name, parent_type.name)
            result = self.execute_field(parent_type, source_value, details, own_path, position_context)
            if self.is_awaitable(result):
                result = await result
            if result is not Undefined:
                results[name] = result
        return results


class PlainExecutor(SerialExecutor):
    """The same, with the shorter way where there is one."""

    def complete_object_value(  # noqa: PLR0917 - graphql-core's signature
        self,
        return_type: GraphQLObjectType,
        field_details_list: Any,
        info: Any,
        path: Any,
        result: Any,
        position_context: Any,
    ) -> Any:
        """Complete an object by its readers, or as graphql-core does."""
        context = self.context_value
        read = reader_of(context.selections, context.caller, return_type, field_details_list)
        if read is not None:
            try:
                return read(result)
            except Unusual:
                pass
        return super().complete_object_value(return_type, field_details_list, info, path, result, position_context)


def reader_of(
    selections: Selections, caller: Caller, kind: GraphQLObjectType, field_details_list: Sequence[Any]
) -> Reader | None:
    """Answer the reader of a selection for callers like this one, or None when the selection is not plain."""
    key = (id(kind), caller.access_class, *(id(details.node) for details in field_details_list))
    if key not in selections.readers:
        nodes = [details.node for details in field_details_list]
        selections.keep(key, _object_reader(selections, caller, kind, nodes))
    read: Reader | None = selections.readers[key]
    return read


def _object_reader(
    selections: Selections, caller: Caller, kind: GraphQLObjectType, nodes: Sequence[FieldNode]
) -> Reader | None:
    grouped = selections.fields_of(kind.name, nodes)
    if grouped is None:
        return None
    readers: list[tuple[str, str, Reader]] = []
    for response_name, fields in grouped.items():
        name = fields[0].name.value
        read = _field_reader(selections, caller, kind, name, fields)
        if read is None:
            return None
        readers.append((response_name, name, read))

    def read_object(source: Any) -> dict[str, Any]:
        if type(source) is not dict:
            raise Unusual
        get = source.get
        return {response_name: read(get(name)) for response_name, name, read in readers}

    return read_object


def _field_reader(
    selections: Selections, caller: Caller, kind: GraphQLObjectType, name: str, nodes: Sequence[FieldNode]
) -> Reader | None:
    if name == "__typename":
        return lambda _value: kind.name
    field = kind.fields[name]
    access = field.extensions.get(PLAIN)
    if access is None or field.args or not access.admits(caller):
        return None
    return value_reader(selections, caller, field.type, nodes)


def value_reader(
    selections: Selections, caller: Caller, kind: GraphQLOutputType, nodes: Sequence[FieldNode]
) -> Reader | None:
    """Answer what reads a value of the type, or None when the selection is not plain."""
    if is_non_null_type(kind):
        return _present_reader(selections, caller, kind.of_type, nodes)
    read = _present_reader(selections, caller, kind, nodes)
    return None if read is None else or_none(read)


def _present_reader(selections: Selections, caller: Caller, kind: Any, nodes: Sequence[FieldNode]) -> Reader | None:
    """Answer a reader that finds None unusual."""
    if is_list_type(kind):
        item = value_reader(selections, caller, kind.of_type, nodes)
        return None if item is None else list_reader(item)
    if is_leaf_type(kind):
        return leaf_reader(kind.name, kind.coerce_output_value)
    return _object_reader(selections, caller, kind, nodes) if is_object_type(kind) else None
