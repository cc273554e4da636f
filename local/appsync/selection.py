"""What a field selects, in the two forms that resolvers are told, and results named by field instead of by alias."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    SelectionSetNode,
    print_ast,
    value_from_ast_untyped,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from graphql import SelectionNode


class Selections:
    """The selections of one document; told once for each field, unless @skip or @include make them vary."""

    def __init__(self, fragments: Mapping[str, FragmentDefinitionNode], *, vary: bool) -> None:
        self._fragments = fragments
        self._vary = vary
        self._told: dict[tuple[int, ...], tuple[list[str], str]] = {}

    def tell(self, nodes: Sequence[FieldNode], variables: Mapping[str, Any]) -> tuple[list[str], str]:
        """Answer selectionSetList and selectionSetGraphQL of a field (several nodes when a query repeats it)."""
        if self._vary:
            return self._describe(nodes, variables)
        key = tuple(id(node) for node in nodes)
        told = self._told.get(key)
        if told is None:
            told = self._told[key] = self._describe(nodes, variables)
        return told

    def by_response_name(self, nodes: Iterable[FieldNode], variables: Mapping[str, Any]) -> dict[str, list[FieldNode]]:
        """Group what the nodes select by the name under which it is answered, fragments resolved."""
        grouped: dict[str, list[FieldNode]] = {}
        for node in nodes:
            if node.selection_set:
                self.group(node.selection_set.selections, variables, grouped)
        return grouped

    def group(
        self, selections: Iterable[SelectionNode], variables: Mapping[str, Any], into: dict[str, list[FieldNode]]
    ) -> None:
        """Add the selected fields to the groups."""
        for field in self._flatten(selections, variables):
            into.setdefault((field.alias or field.name).value, []).append(field)

    def by_field_name(self, value: Any, nodes: Sequence[FieldNode], variables: Mapping[str, Any]) -> Any:
        """Rename a completed result from the aliases of its query to the names of its fields."""
        if isinstance(value, list):
            return [self.by_field_name(item, nodes, variables) for item in value]
        if not isinstance(value, dict):
            return value
        return {
            fields[0].name.value: self.by_field_name(value[name], fields, variables)
            for name, fields in self.by_response_name(nodes, variables).items()
            if name in value
        }

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
            if self._vary and _left_out(selection, variables):
                continue
            if isinstance(selection, FieldNode):
                yield selection
            elif isinstance(selection, FragmentSpreadNode):
                fragment = self._fragments[selection.name.value]
                yield from self._flatten(fragment.selection_set.selections, variables)
            else:
                yield from self._flatten(selection.selection_set.selections, variables)  # type: ignore[attr-defined]


def _left_out(selection: SelectionNode, variables: Mapping[str, Any]) -> bool:
    for directive in selection.directives or ():
        if directive.name.value in {"skip", "include"} and directive.arguments:
            condition = value_from_ast_untyped(directive.arguments[0].value, dict(variables))
            if bool(condition) == (directive.name.value == "skip"):
                return True
    return False
