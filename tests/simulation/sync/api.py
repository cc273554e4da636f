"""AppSync between devices and the functions: documents are executed on the schema, fields call functions."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from appsync_local.execution.selection import Selections
from appsync_local.schema.sdl import read_schema
from graphql import (
    DocumentNode,
    FragmentDefinitionNode,
    GraphQLError,
    GraphQLResolveInfo,
    GraphQLSchema,
    default_field_resolver,
    execute_sync,
    parse,
    validate,
)

from tests.simulation.functions import FailedCall, Functions
from tests.simulation.world import Violation
from tests.support.lambdas import appsync_event

Body = dict[str, Any]
_SCHEMA = Path(__file__).parents[3] / "schema.graphql"
_FUNCTIONS = {"Query": "readTasks", "Mutation": "writeTasks"}


@dataclass(frozen=True)
class Api:
    """The GraphQL API."""

    functions: Functions

    def request(self, query: str, variables: Mapping[str, Any], identity: Mapping[str, Any]) -> Body:
        """Execute a query or a mutation; the body of the response."""
        return self._execute(query, variables, None, identity)

    def push(self, query: str, payload: Mapping[str, Any]) -> Body:
        """What a subscriber with this document gets of a push."""
        return self._execute(query, {}, {"onTaskEvent": payload}, {})

    def _execute(self, query: str, variables: Mapping[str, Any], root: Any, identity: Mapping[str, Any]) -> Body:
        document, _ = _prepared(query)
        result = execute_sync(
            _schema(),
            document,
            root_value=root,
            variable_values={**variables} if root is None else {"ownerId": "any"},
            context_value=(query, identity),
            field_resolver=self._resolve,
        )
        body: Body = {"data": result.data}
        if result.errors:
            body["errors"] = [
                {"message": error.message, "errorType": (error.extensions or {}).get("errorType")}
                for error in result.errors
            ]
        return body

    def _resolve(self, source: Any, info: GraphQLResolveInfo[Any], **arguments: Any) -> Any:
        function = _FUNCTIONS.get(info.parent_type.name)
        if function is None:
            return default_field_resolver(source, info, **arguments)
        query, identity = info.context
        event = appsync_event(info.parent_type.name, info.field_name, arguments, identity)
        selected, text = _prepared(query)[1].describe(info.field_nodes, info.variable_values.coerced)
        event["info"] |= {"selectionSetList": selected, "selectionSetGraphQL": text}
        try:
            answer = self.functions.call(function, event)
        except FailedCall as failed:
            raise GraphQLError(failed.message, extensions={"errorType": "Lambda:Unhandled"}) from failed
        error = answer.get("error")
        if error and error["type"] == "INTERNAL":
            raise Violation(f"A device saw an internal error: {error['message']}")
        if error:
            raise GraphQLError(error["message"], extensions={"errorType": error["type"]})
        return answer["data"]


@cache
def _schema() -> GraphQLSchema:
    return read_schema(_SCHEMA.read_text())


@cache
def _prepared(query: str) -> tuple[DocumentNode, Selections]:
    document = parse(query)
    errors = validate(_schema(), document)
    if errors:
        raise Violation(f"A device sent what is not valid: {errors[0]}")
    fragments = {node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)}
    return document, Selections(fragments, vary=False)
