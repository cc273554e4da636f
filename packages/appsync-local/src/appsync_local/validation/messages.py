"""Validation messages in the words of AppSync's GraphQL engine, as far as clients have reported them.

graphql-core finds the errors; its own messages stay where nobody has reported AppSync's.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from graphql import FieldNode, FragmentDefinitionNode, Visitor, visit

from appsync_local.error_entries import coerced_null, reason_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from graphql import DocumentNode, GraphQLError, GraphQLSchema, Node

_ERROR_TYPES = {
    "FieldsOnCorrectTypeRule": "FieldUndefined",
    "FragmentsOnCompositeTypesRule": "InlineFragmentTypeConditionInvalid",
    "HiddenIntrospectionRule": "FieldUndefined",
    "KnownArgumentNamesRule": "UnknownArgument",
    "KnownDirectivesRule": "UnknownDirective",
    "KnownFragmentNamesRule": "UndefinedFragment",
    "KnownTypeNamesRule": "UnknownType",
    "LoneAnonymousOperationRule": "LoneAnonymousOperationViolation",
    "NoFragmentCyclesRule": "FragmentCycle",
    "NoUndefinedVariablesRule": "UndefinedVariable",
    "NoUnusedFragmentsRule": "UnusedFragment",
    "NoUnusedVariablesRule": "UnusedVariable",
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
_NOT_ALLOWED = re.compile(r"Field '(\w+)' must not have a selection")
_WORDS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), words)
    for pattern, words in (
        (r"Cannot query field '(\w+)' on type '(\w+)'", r"Field '\1' in type '\2' is undefined"),
        (r"Field '(\w+)' of type '(\w+)' must have a selection", r"Sub selection required for type \2 of field \1"),
        (r"Field '(\w+)' of type '.*' must have a selection", r"Sub selection required for type null of field \1"),
        (r"Argument '\w+\.\w+\((\w+):\)' of type .* is required", r"Missing field argument \1"),
        (r"Unknown argument '(\w+)' on field", r"Unknown field argument \1"),
        (r"Unknown type '(\w+)'", r"Unknown type \1"),
        (r"Unknown directive '@(\w+)'", r"Unknown directive \1"),
        (r"Variable '\$(\w+)' is not defined", r"Undefined variable \1"),
        (r".*Exceeds the limit \(\d+ digits\) for integer string conversion", r"An integer has too many digits"),
        (
            r"Variable '\$\w+' of type '(.+)' used in position expecting type '(.+)'",
            r"Variable type '\1' doesn't match expected type '\2'",
        ),
    )
)
_NULL = re.compile(r"Variable '\$(\w+)' has invalid value.*: Expected a? ?value of non-null type '(.+)' (?:not )?to be")
_MISSING = re.compile(
    r"Variable '\$(\w+)' has invalid value.*: Expected value of type '(\w+)' to include required field '(\w+)'"
)
_UNKNOWN = re.compile(
    r"Variable '\$\w+' has invalid value.*: Expected value of type '(\w+)' not to include unknown field"
)
_INVALID = re.compile(r"Variable '\$(\w+)' has invalid value[^:]*: (.*)", re.DOTALL)
_ENCOUNTERED = re.compile(r"Expected value of type '\w+', but encountered error '(.*)'; found: .*", re.DOTALL)
_FOUND = re.compile(r"(Expected value of type '\w+' to be an object), found: .*", re.DOTALL)


def validation_message(rule: str, error: GraphQLError, paths: Mapping[int, str]) -> str:
    """Return the message for an error of a rule, with the path of fields that leads to it."""
    type_ = (
        "SubSelectionNotAllowed"
        if _NOT_ALLOWED.match(error.message)
        else _ERROR_TYPES.get(rule, rule.removesuffix("Rule"))
    )
    found = ((pattern.match(error.message), words) for pattern, words in _WORDS)
    own_words = _ENCOUNTERED.sub(r"\1", error.message).replace("not to be None", "not to be null")
    words = next((match.expand(words) for match, words in found if match), own_words)
    path = next((paths[id(node)] for node in reversed(error.nodes or ()) if id(node) in paths), "")
    return f"Validation error of type {type_}: {words}" + (f" @ '{path}'" if path else "")


def variable_message(error: GraphQLError, schema: GraphQLSchema) -> str:
    """Return the message for variables that cannot be coerced."""
    null = _NULL.match(error.message)
    if null:
        return coerced_null("Variable", null[1], null[2])
    missing = _MISSING.match(error.message)
    if missing:
        type_: Any = schema.type_map[missing[2]]
        return coerced_null("Variable", missing[1], type_.fields[missing[3]].type)
    unknown = _UNKNOWN.match(error.message)
    if unknown:
        return f"The variables input contains a field that is not defined for input object type '{unknown[1]}' "
    invalid = _INVALID.match(error.message)
    return f"Variable '{invalid[1]}' has an invalid value. {_without_value(invalid[2])}" if invalid else error.message


def _without_value(reason: str) -> str:
    """Leave out how Python writes the value, which the client knows."""
    return reason_of(_FOUND.sub(r"\1.", _ENCOUNTERED.sub(r"\1", reason)))


def response_paths(document: DocumentNode) -> dict[int, str]:
    """Return for the `id()` of each node below a field or fragment the names that lead to it: `tasks/nodes/id`."""
    finder = _Paths()
    visit(document, finder)
    return finder.paths


class _Paths(Visitor):
    def __init__(self) -> None:
        super().__init__()
        self.paths: dict[int, str] = {}
        self._names: list[str] = []

    def enter(self, node: Node, *_where: Any) -> None:
        if isinstance(node, FieldNode | FragmentDefinitionNode):
            self._names.append(node.name.value)
        if self._names:
            self.paths[id(node)] = "/".join(self._names)

    def leave(self, node: Node, *_where: Any) -> None:
        if isinstance(node, FieldNode | FragmentDefinitionNode):
            self._names.pop()
