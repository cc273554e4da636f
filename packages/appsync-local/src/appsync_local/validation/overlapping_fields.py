"""The rule OverlappingFieldsCanBeMerged, in time that grows with the query.

graphql-core compares every two fields of one name, and calls a query that is too long for that a conflict. Here, as in
graphql-java, the fields of one name are gathered first, over all selections that meet in the response, and each is
compared with the first of its group alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from graphql import (
    SKIP,
    FieldNode,
    FragmentSpreadNode,
    GraphQLError,
    InlineFragmentNode,
    ValidationRule,
    get_named_type,
    is_composite_type,
    is_leaf_type,
    is_list_type,
    is_non_null_type,
    is_object_type,
    print_ast,
)
from graphql.utilities.sort_value_node import sort_value_node

from appsync_local.validation.complexity import too_large_error

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from graphql import (
        GraphQLField,
        GraphQLOutputType,
        OperationDefinitionNode,
        SelectionNode,
        SelectionSetNode,
        ValidationContext,
    )

    Selected = tuple[SelectionSetNode, Any]

_MAX_GATHERED = 250_000


class SelectedField(NamedTuple):
    """A field where it is selected: on which type, and what that type says of it."""

    node: FieldNode
    parent: Any
    definition: GraphQLField | None


class FieldsConflictRule(ValidationRule):
    """Fields that meet under one name have the same shape and, unless their objects differ, are the same field."""

    def __init__(self, context: ValidationContext) -> None:
        super().__init__(context)
        self._gathered = 0
        self._reported: set[frozenset[int]] = set()

    def enter_operation_definition(self, node: OperationDefinitionNode, *_where: Any) -> Any:
        """Report what conflicts in an operation, with all that its fragments bring."""
        root = self.context.schema.get_root_type(node.operation)
        self._check([(node.selection_set, root)], _that_may_be_one_object, _difference_in_field)
        self._check([(node.selection_set, root)], lambda fields: [fields], _difference_in_shape)
        return SKIP

    @staticmethod
    def enter_fragment_definition(*_where: Any) -> Any:
        """Leave out what no operation spreads."""
        return SKIP

    def _check(
        self,
        selected: list[Selected],
        grouped: Callable[[list[SelectedField]], list[list[SelectedField]]],
        difference: Callable[[SelectedField, SelectedField], str | None],
    ) -> None:
        """Compare what meets under one name, in groups; then what is selected below each group."""
        seen: set[frozenset[int]] = set()
        queue = [selected]
        while queue:
            for name, fields in self._by_name(queue.pop()).items():
                for group in grouped(fields):
                    if self._conflict(name, group, difference):
                        continue
                    below = [(field.node.selection_set, _type_of(field)) for field in group if field.node.selection_set]
                    key = frozenset(id(selections) for selections, _ in below)
                    if below and key not in seen:
                        seen.add(key)
                        queue.append(below)

    def _by_name(self, selected: list[Selected]) -> dict[str, list[SelectedField]]:
        """Gather the fields of selections that are merged."""
        found: dict[str, list[SelectedField]] = {}
        spread: set[str] = set()
        for selections, parent in selected:  # which grows
            self._gathered += len(selections.selections)
            if self._gathered > _MAX_GATHERED:
                raise too_large_error("its fields overlap too often.")
            for node in selections.selections:
                if isinstance(node, FieldNode):
                    definition = self._definition(parent, node.name.value)
                    found.setdefault((node.alias or node.name).value, []).append(
                        SelectedField(node, parent, definition)
                    )
                else:
                    selected.extend(self._inside(node, parent, spread))
        return found

    def _inside(self, node: SelectionNode, parent: Any, spread: set[str]) -> Iterable[Selected]:
        if isinstance(node, FragmentSpreadNode):
            fragment = None if node.name.value in spread else self.context.get_fragment(node.name.value)
            spread.add(node.name.value)
            return [(fragment.selection_set, self._named(fragment.type_condition.name.value))] if fragment else []
        assert isinstance(node, InlineFragmentNode)
        condition = node.type_condition
        return [(node.selection_set, self._named(condition.name.value) if condition else parent)]

    def _named(self, name: str) -> Any:
        return self.context.schema.get_type(name)

    def _definition(self, parent: Any, name: str) -> GraphQLField | None:
        return self.context.schema.get_field(parent, name) if is_composite_type(parent) else None

    def _conflict(
        self, name: str, group: list[SelectedField], difference: Callable[[SelectedField, SelectedField], str | None]
    ) -> bool:
        first = group[0]
        for other in group[1:]:
            reason = difference(first, other)
            if reason:
                self._report(name, reason, first.node, other.node)
                return True
        return False

    def _report(self, name: str, reason: str, one: FieldNode, other: FieldNode) -> None:
        pair = frozenset((id(one), id(other)))
        if pair not in self._reported:
            self._reported.add(pair)
            advice = "Use different aliases on the fields to fetch both if this was intentional."
            self.report_error(GraphQLError(f"Fields '{name}' conflict because {reason}. {advice}", [one, other]))


def _that_may_be_one_object(fields: list[SelectedField]) -> list[list[SelectedField]]:
    """Group fields by the object types that they are selected on; those of an interface belong to every group."""
    if len(fields) == 1:
        return [fields]
    abstract: list[SelectedField] = []
    concrete: dict[str, list[SelectedField]] = {}
    for one in fields:
        (concrete.setdefault(one.parent.name, []) if is_object_type(one.parent) else abstract).append(one)
    return [group + abstract for group in concrete.values()] or [abstract]


def _difference_in_field(one: SelectedField, other: SelectedField) -> str | None:
    names = one.node.name.value, other.node.name.value
    if names[0] != names[1]:
        return f"'{names[0]}' and '{names[1]}' are different fields"
    return None if _arguments(one.node) == _arguments(other.node) else "they have differing arguments"


def _difference_in_shape(one: SelectedField, other: SelectedField) -> str | None:
    if one.definition is None or other.definition is None or one.definition is other.definition:
        return None
    types = one.definition.type, other.definition.type
    return f"they return conflicting types '{types[0]}' and '{types[1]}'" if _shapes_differ(*types) else None


def _arguments(node: FieldNode) -> dict[str, str]:
    return {one.name.value: print_ast(sort_value_node(one.value)) for one in node.arguments or ()}


def _shapes_differ(one: GraphQLOutputType, other: GraphQLOutputType) -> bool:
    for is_wrapped in (is_non_null_type, is_list_type):
        if is_wrapped(one) or is_wrapped(other):
            both = is_wrapped(one) and is_wrapped(other)
            return not both or _shapes_differ(one.of_type, other.of_type)  # type: ignore[union-attr]
    return (is_leaf_type(one) or is_leaf_type(other)) and one is not other


def _type_of(one: SelectedField) -> Any:
    return get_named_type(one.definition.type) if one.definition else None
