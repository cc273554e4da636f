"""Documents, parsed and validated once for each text."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from graphql import (
    SKIP,
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    GraphQLError,
    OperationDefinitionNode,
    OperationType,
    ValidationRule,
    is_introspection_type,
    parse,
    specified_rules,
    validate,
)

from .depth import deepest
from .errors import RequestRefused, request_entry
from .selection import Selections
from .wording import paths_of, validation_message

if TYPE_CHECKING:
    from graphql import GraphQLSchema

_KEPT = 1_000
_LONGEST_KEPT = 65_536


@dataclass(slots=True)
class Prepared:
    """A document that parses; `problems` are its validation errors in AppSync's shape.

    Of one that is `too_deep` for the API the fields beyond the limit are refused when it is executed.
    """

    text: str
    document: DocumentNode
    problems: list[dict[str, Any]]
    operations: list[OperationDefinitionNode]
    selections: Selections
    too_deep: bool = False
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
        self._rules = [*specified_rules] if introspection else [*specified_rules, HiddenIntrospectionRule]
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
        selections = Selections(fragments, vary="@" in text)
        too_deep = bool(self._depth_limit and not problems and deepest(operations, fragments) > self._depth_limit)
        return Prepared(text, document, problems, operations, selections, too_deep)

    def _problems(self, document: DocumentNode) -> list[dict[str, Any]]:
        if not validate(self._schema, document, self._rules):
            return []
        paths = paths_of(document)
        return [
            request_entry(error, validation_message(rule.__name__, error, paths))
            for rule in self._rules
            for error in validate(self._schema, document, [rule])
        ]


class HiddenIntrospectionRule(ValidationRule):
    """Introspection is off: `__schema` and `__type` are there, and what they lead to has no fields."""

    def enter_field(self, node: FieldNode, *_where: Any) -> Any:
        """Report the first fields below, and leave out those below them."""
        parent = self.context.get_parent_type()
        if parent is None or not is_introspection_type(parent):
            return None
        message = f"Cannot query field '{node.name.value}' on type '{parent.name}'."
        self.report_error(GraphQLError(message, node))
        return SKIP


def is_subscription(operation: OperationDefinitionNode) -> bool:
    """Tell whether an operation subscribes."""
    return operation.operation is OperationType.SUBSCRIPTION
