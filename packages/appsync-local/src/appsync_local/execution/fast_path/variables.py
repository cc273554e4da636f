"""What an operation gives to its field, by compiled readers: its variables, and arguments that are variables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from graphql import Undefined, VariableNode, is_leaf_type, is_list_type, is_non_null_type, type_from_ast
from graphql.utilities.coerce_input_value import coerce_default_value

from appsync_local.execution.fast_path.readers import Unusual, leaf_reader, list_reader, or_none

if TYPE_CHECKING:
    from collections.abc import Mapping

    from graphql import FieldNode, GraphQLField, GraphQLSchema, OperationDefinitionNode

    from appsync_local.execution.fast_path.readers import Reader

_UNUSUAL = object()
_CONSTANT = (str, int, float, bool, type(None))


class Coerced(NamedTuple):
    """As much of graphql-core's VariableValues as root resolvers look at."""

    coerced: dict[str, Any]


class Inputs(NamedTuple):
    """Readers for one operation and its field.

    Variables are a name, a reader, and whether there must be one; arguments a name, the variable that is taken (if
    any), what stands in when there is none, and whether null will do.
    """

    variables: list[tuple[str, Reader, bool]]
    arguments: list[tuple[str, str | None, Any, bool]]

    def read(self, raw: Mapping[str, Any]) -> tuple[Coerced, dict[str, Any]]:
        """Answer the coerced variables and the field's arguments; raise Unusual when graphql-core must look."""
        coerced: dict[str, Any] = {}
        for name, read, must_be_given in self.variables:
            if name in raw:
                coerced[name] = read(raw[name])
            elif must_be_given:
                raise Unusual
        arguments: dict[str, Any] = {}
        for name, variable, default, nullable in self.arguments:
            value = default if variable is None else coerced.get(variable, default)
            if value is _UNUSUAL or (value is None and not nullable):
                raise Unusual
            if value is not Undefined:
                arguments[name] = value
        return Coerced(coerced), arguments


def inputs_of(
    schema: GraphQLSchema, operation: OperationDefinitionNode, field: GraphQLField, node: FieldNode
) -> Inputs | None:
    """Compile the inputs of an operation's field; None when it takes more than variables and constant defaults."""
    compiler = _Compiler()
    variables: list[tuple[str, Reader, bool]] = []
    for variable in operation.variable_definitions or ():
        kind: Any = type_from_ast(schema, variable.type)
        must_be_given = variable.default_value is not None or is_non_null_type(kind)
        variables.append((variable.variable.name.value, compiler.reader(kind), must_be_given))
    inputs = Inputs(variables, [])
    given = {argument.name.value: argument.value for argument in node.arguments or ()}
    for name, argument in field.args.items():
        value = given.get(name)
        if not isinstance(value, VariableNode | None):
            return None
        variable_name = value.name.value if value else None
        inputs.arguments.append((name, variable_name, _default(argument), not is_non_null_type(argument.type)))
    return inputs


class _Compiler:
    """Makes readers of input types, one for each object type, which may contain itself."""

    def __init__(self) -> None:
        self._objects: dict[str, Reader] = {}

    def reader(self, kind: Any) -> Reader:
        return self._present(kind.of_type) if is_non_null_type(kind) else or_none(self._present(kind))

    def _present(self, kind: Any) -> Reader:
        if is_list_type(kind):
            return list_reader(self.reader(kind.of_type))
        if is_leaf_type(kind):
            return leaf_reader(kind.name, kind.coerce_input_value)
        return self._objects.get(kind.name) or self._object(kind)

    def _object(self, kind: Any) -> Reader:
        fields: list[tuple[str, Reader, Any]] = []

        def read_object(value: Any) -> dict[str, Any]:
            if type(value) is not dict:
                raise Unusual
            unknown = len(value)
            made = {}
            for name, read, default in fields:
                if name in value:
                    made[name] = read(value[name])
                    unknown -= 1
                elif default is _UNUSUAL:
                    raise Unusual
                elif default is not Undefined:
                    made[name] = default
            if unknown:
                raise Unusual
            return made

        self._objects[kind.name] = read_object
        fields += [(name, self.reader(field.type), _default(field)) for name, field in kind.fields.items()]
        return read_object


def _default(owner: Any) -> Any:
    """Answer what stands for an argument or a field that is left out: Undefined for nothing, _UNUSUAL if it may not."""
    default = coerce_default_value(owner)
    if default is Undefined:
        return _UNUSUAL if is_non_null_type(owner.type) else Undefined
    return default if isinstance(default, _CONSTANT) else _UNUSUAL
