"""The shortest way: an operation of one root field, whose selection is plain, needs no executor.

The field is resolved as always; only when its outcome is anything but plain does graphql-core run too, with that
outcome given, and writes the errors. So nothing is called twice, and both ways answer alike.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from graphql import GraphQLError
from graphql.execution.values import get_argument_values, get_variable_values

from appsync_local.execution.fast_path.executor import value_reader
from appsync_local.execution.fast_path.readers import Unusual
from appsync_local.execution.fast_path.variables import inputs_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from graphql import FieldNode, GraphQLField, GraphQLObjectType, GraphQLSchema, OperationDefinitionNode

    from appsync_local.auth.authentication import Caller
    from appsync_local.execution.context import RequestContext
    from appsync_local.execution.documents import Prepared
    from appsync_local.execution.fast_path.readers import Reader
    from appsync_local.execution.fast_path.variables import Inputs


class Step(NamedTuple):
    """The one field of an operation: what it is given, how it is answered, named, and read from its outcome."""

    parent_type: GraphQLObjectType
    field: GraphQLField
    field_nodes: Sequence[FieldNode]
    operation: OperationDefinitionNode
    response_name: str
    read: Reader
    inputs: Inputs | None


class Info:
    """As much of GraphQLResolveInfo as root resolvers look at."""

    __slots__ = ("context", "field_name", "field_nodes", "parent_type", "schema", "variable_values")

    def __init__(self, schema: GraphQLSchema, step: Step, variable_values: Any, context: RequestContext) -> None:
        self.schema = schema
        self.parent_type = step.parent_type
        self.field_nodes = step.field_nodes
        self.field_name = step.field_nodes[0].name.value
        self.variable_values = variable_values
        self.context = context


def step_of(
    schema: GraphQLSchema, prepared: Prepared, operation: OperationDefinitionNode, caller: Caller
) -> Step | None:
    """Answer the only step of an operation, for callers like this one; None when it is more than that."""
    key = ("step", id(operation), caller.access_class)
    selections = prepared.selections
    if key not in selections.readers:
        selections.keep(key, _make_step(schema, prepared, operation, caller))
    step: Step | None = selections.readers[key]
    return step


def _make_step(
    schema: GraphQLSchema, prepared: Prepared, operation: OperationDefinitionNode, caller: Caller
) -> Step | None:
    parent = schema.get_root_type(operation.operation)
    grouped = prepared.selections.fields_of(parent.name, [operation]) if parent else None
    if parent is None or grouped is None or len(grouped) != 1:
        return None
    ((response_name, nodes),) = grouped.items()
    field = parent.fields.get(nodes[0].name.value)
    read = value_reader(prepared.selections, caller, field.type, nodes) if field else None
    if field is None or read is None:
        return None
    return Step(parent, field, nodes, operation, response_name, read, inputs_of(schema, operation, field, nodes[0]))


async def take(
    schema: GraphQLSchema, step: Step, raw_variables: dict[str, Any], context: RequestContext
) -> tuple[dict[str, Any], Mapping[str, Any]] | None:
    """Answer the data and the coerced variables; None when graphql-core must go on, from what the context keeps."""
    given = _given(schema, step, raw_variables)
    if given is None:
        return None
    variables, arguments = given
    try:
        assert step.field.resolve
        context.outcome = await step.field.resolve(None, Info(schema, step, variables, context), **arguments)
        return {step.response_name: step.read(context.outcome)}, variables.coerced
    except Unusual:
        return None
    except Exception as problem:
        context.outcome = problem
        return None


def _given(schema: GraphQLSchema, step: Step, raw: dict[str, Any]) -> tuple[Any, dict[str, Any]] | None:
    """Answer the coerced variables and the field's arguments; None when something is wrong with them."""
    try:
        if step.inputs:
            return step.inputs.read(raw)
    except (Unusual, RecursionError):
        pass
    variables = get_variable_values(schema, step.operation.variable_definitions or (), raw)
    if isinstance(variables, list):
        return None
    try:
        return variables, get_argument_values(step.field, step.field_nodes[0], variables)
    except GraphQLError:
        return None
