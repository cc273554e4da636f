"""What a field selects: as a resolver's event has it, and grouped by the names of the response."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Any

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    SelectionSetNode,
    print_ast,
    value_from_ast_untyped,
)

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence

    from graphql import OperationDefinitionNode, SelectionNode

_MAX_COMPILED = 1_000


class Selections:
    """The selections of one document; described once for each field, unless @skip or @include make them vary."""

    def __init__(self, fragments: Mapping[str, FragmentDefinitionNode], *, vary: bool) -> None:
        self._fragments = fragments
        self._vary = vary
        self._described: dict[tuple[int, ...], tuple[list[str], str]] = {}
        self.compiled: dict[Hashable, Any] = {}  # by `fast_path`

    def describe(self, nodes: Sequence[FieldNode], variables: Mapping[str, Any]) -> tuple[list[str], str]:
        """Return selectionSetList and selectionSetGraphQL of a field (several nodes when a query repeats it)."""
        if self._vary:
            return self._describe(nodes, variables)
        key = tuple(id(node) for node in nodes)
        described = self._described.get(key)
        if described is None:
            described = self._described[key] = self._describe(nodes, variables)
        return described

    def keep(self, key: Hashable, reader: Any) -> None:
        """Cache what was compiled; callers differ without end, so the cache is bounded."""
        if len(self.compiled) >= _MAX_COMPILED:
            self.compiled.clear()
        self.compiled[key] = reader

    def by_response_name(self, nodes: Iterable[FieldNode], variables: Mapping[str, Any]) -> dict[str, list[FieldNode]]:
        """Group the selected fields by their names in the response."""
        grouped: dict[str, list[FieldNode]] = {}
        for node in nodes:
            if node.selection_set:
                self.group(node.selection_set.selections, variables, grouped)
        return grouped

    def group(
        self,
        selections: Iterable[SelectionNode],
        variables: Mapping[str, Any],
        into: dict[str, list[FieldNode]],
    ) -> None:
        """Add the selected fields to the groups, fragments resolved."""
        for field in self._flatten(selections, variables):
            into.setdefault((field.alias or field.name).value, []).append(field)

    def fields_of(
        self, type_name: str, nodes: Iterable[FieldNode | OperationDefinitionNode]
    ) -> dict[str, list[FieldNode]] | None:
        """Group what is selected on an object type; None if directives or fragments of other types matter."""
        if self._vary:
            return None
        grouped: dict[str, list[FieldNode]] = {}
        queue = deque(selection for node in nodes if node.selection_set for selection in node.selection_set.selections)
        while queue:
            selection = queue.popleft()
            if isinstance(selection, FieldNode):
                grouped.setdefault((selection.alias or selection.name).value, []).append(selection)
                continue
            fragment = self._fragment(selection)
            if fragment.type_condition and fragment.type_condition.name.value != type_name:
                return None
            queue.extendleft(reversed(fragment.selection_set.selections))
        return grouped

    def _describe(self, nodes: Sequence[FieldNode], variables: Mapping[str, Any]) -> tuple[list[str], str]:
        selections = tuple(
            selection for node in nodes if node.selection_set for selection in node.selection_set.selections
        )
        text = print_ast(SelectionSetNode(selections=selections)) if selections else ""
        return list(self._paths(nodes, variables, "")), text

    def _paths(self, nodes: Iterable[FieldNode], variables: Mapping[str, Any], prefix: str) -> Iterator[str]:
        for name, fields in self.by_response_name(nodes, variables).items():
            yield f"{prefix}{name}"
            yield from self._paths(fields, variables, f"{prefix}{name}/")

    def _flatten(self, selections: Iterable[SelectionNode], variables: Mapping[str, Any]) -> Iterator[FieldNode]:
        for selection in selections:
            if self._vary and _is_skipped(selection, variables):
                continue
            if isinstance(selection, FieldNode):
                yield selection
                continue
            yield from self._flatten(self._fragment(selection).selection_set.selections, variables)

    def _fragment(self, selection: SelectionNode) -> FragmentDefinitionNode | InlineFragmentNode:
        if isinstance(selection, FragmentSpreadNode):
            return self._fragments[selection.name.value]
        assert isinstance(selection, InlineFragmentNode)
        return selection


def _is_skipped(selection: SelectionNode, variables: Mapping[str, Any]) -> bool:
    for directive in selection.directives or ():
        if directive.name.value in {"skip", "include"} and directive.arguments:
            condition = value_from_ast_untyped(directive.arguments[0].value, dict(variables))
            if bool(condition) == (directive.name.value == "skip"):
                return True
    return False
