"""Documents, parsed and validated once for each text."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    GraphQLError,
    NoSchemaIntrospectionCustomRule,
    OperationDefinitionNode,
    OperationType,
    parse,
    specified_rules,
    validate,
)

from local.appsync.depth import deepest
from local.appsync.errors import RequestRefused, request_entry
from local.appsync.selection import Selections

if TYPE_CHECKING:
    from graphql import GraphQLSchema

_KEPT = 1_000
_LONGEST_KEPT = 65_536
_KINDS = {
    "FieldsOnCorrectTypeRule": "FieldUndefined",
    "FragmentsOnCompositeTypesRule": "InlineFragmentTypeConditionInvalid",
    "KnownArgumentNamesRule": "UnknownArgument",
    "KnownDirectivesRule": "UnknownDirective",
    "KnownFragmentNamesRule": "UndefinedFragment",
    "KnownTypeNamesRule": "UnknownType",
    "LoneAnonymousOperationRule": "LoneAnonymousOperationViolation",
    "NoFragmentCyclesRule": "FragmentCycle",
    "NoSchemaIntrospectionCustomRule": "FieldUndefined",
    "NoUndefinedVariablesRule": "UndefinedVariable",
    "NoUnusedFragmentsRule": "UnusedFragment",
    "NoUnusedVariablesRule": "UnusedVariable",
    "OverlappingFieldsCanBeMergedRule": "FieldsConflict",
    "PossibleFragmentSpreadsRule": "InvalidFragmentType",
    "ProvidedRequiredArgumentsRule": "MissingFieldArgument",
    "ScalarLeafsRule": "SubSelectionRequired",
    "SingleFieldSubscriptionsRule": "SubscriptionMultipleRootFields",
    "UniqueArgumentNamesRule": "DuplicateArgumentNames",
    "UniqueOperationNamesRule": "DuplicateOperationName",
    "ValuesOfCorrectTypeRule": "WrongType",
    "VariablesAreInputTypesRule": "NonInputTypeOnVariable",
    "VariablesInAllowedPositionRule": "VariableTypeMismatch",
}


@dataclass(slots=True)
class Prepared:
    """A document that parses; `problems` are its validation errors in AppSync's shape."""

    text: str
    document: DocumentNode
    problems: list[dict[str, Any]]
    operations: list[OperationDefinitionNode]
    selections: Selections
    executable: dict[str | None, OperationDefinitionNode] = field(default_factory=dict)

    def operation(self, name: str | None) -> OperationDefinitionNode:
        """Answer the operation that a request names (or the only one); raise RequestRefused when there is none."""
        found = self.executable.get(name)
        if found is None:
            found = self.executable[name] = self._find(name)
        return found

    def _find(self, name: str | None) -> OperationDefinitionNode:
        named = [one for one in self.operations if name is None or (one.name and one.name.value == name)]
        if not named:
            raise RequestRefused(400, "BadRequestException", f"Unknown operation named '{name}'.")
        if len(named) > 1:
            message = "Must provide operation name if query contains multiple operations."
            raise RequestRefused(400, "BadRequestException", message)
        return named[0]


class Documents:
    """The documents of one schema, by their text; the oldest leaves when there are too many."""

    def __init__(self, schema: GraphQLSchema, *, depth_limit: int = 0, introspection: bool = True) -> None:
        self._schema = schema
        self._depth_limit = depth_limit
        self._rules = [*specified_rules] if introspection else [*specified_rules, NoSchemaIntrospectionCustomRule]
        self._kept: dict[str, Prepared] = {}

    def prepare(self, text: str) -> Prepared:
        """Parse and validate; raise RequestRefused when the text is no GraphQL."""
        prepared = self._kept.get(text)
        if prepared is None:
            prepared = self._read(text)
            if len(text) <= _LONGEST_KEPT:
                if len(self._kept) >= _KEPT:
                    self._kept.pop(next(iter(self._kept)))
                self._kept[text] = prepared
        return prepared

    def _read(self, text: str) -> Prepared:
        try:
            document = parse(text)
            problems = self._problems(document)
        except (GraphQLError, RecursionError) as error:
            message = "Unable to parse GraphQL query."
            raise RequestRefused(400, "MalformedHttpRequestException", message) from error
        fragments = {one.name.value: one for one in document.definitions if isinstance(one, FragmentDefinitionNode)}
        operations = [one for one in document.definitions if isinstance(one, OperationDefinitionNode)]
        problems = problems or self._too_deep(operations, fragments)
        selections = Selections(fragments, vary="@" in text)
        return Prepared(text, document, problems, operations, selections)

    def _too_deep(
        self, operations: list[OperationDefinitionNode], fragments: dict[str, FragmentDefinitionNode]
    ) -> list[dict[str, Any]]:
        depth = deepest(operations, fragments) if self._depth_limit else 0
        if depth <= self._depth_limit:
            return []
        message = f"maximum query depth exceeded {depth} > {self._depth_limit}"
        return [{"path": None, "locations": None, "errorType": "QueryDepthLimitExceeded", "message": message}]

    def _problems(self, document: DocumentNode) -> list[dict[str, Any]]:
        if not validate(self._schema, document, self._rules):
            return []
        return [
            request_entry(error, f"Validation error of type {_kind(rule.__name__, error)}: {_message(error)}")
            for rule in self._rules
            for error in validate(self._schema, document, [rule])
        ]


def is_subscription(operation: OperationDefinitionNode) -> bool:
    """Tell whether an operation subscribes."""
    return operation.operation is OperationType.SUBSCRIPTION


def _kind(rule: str, error: GraphQLError) -> str:
    if rule == "ScalarLeafsRule" and "must not have a selection" in error.message:
        return "SubSelectionNotAllowed"
    return _KINDS.get(rule, rule.removesuffix("Rule"))


def _message(error: GraphQLError) -> str:
    """Write an unknown field as AppSync does; the other messages keep graphql-core's words."""
    node = error.nodes[0] if error.nodes else None
    parts = error.message.split("'")
    if isinstance(node, FieldNode) and error.message.startswith("Cannot query field") and len(parts) > 3:
        return f"Field '{parts[1]}' in type '{parts[3]}' is undefined @ '{parts[1]}'"
    if isinstance(node, FieldNode) and error.message.startswith("GraphQL introspection has been disabled"):
        return f"Field '{node.name.value}' in type 'Query' is undefined @ '{node.name.value}'"
    return error.message
