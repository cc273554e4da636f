"""How deep a document nests, for the API's queryDepthLimit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphql import FieldNode, FragmentSpreadNode, InlineFragmentNode

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from graphql import FragmentDefinitionNode, OperationDefinitionNode, SelectionSetNode


def deepest(operations: Iterable[OperationDefinitionNode], fragments: Mapping[str, FragmentDefinitionNode]) -> int:
    """Count the levels of fields in the deepest operation of a valid document; fragments add none of their own."""
    known: dict[str, int] = {}

    def levels(selected: SelectionSetNode | None) -> int:
        depth = 0
        for one in selected.selections if selected else ():
            if isinstance(one, FieldNode):
                depth = max(depth, 1 + levels(one.selection_set))
            elif isinstance(one, InlineFragmentNode):
                depth = max(depth, levels(one.selection_set))
            elif isinstance(one, FragmentSpreadNode):
                depth = max(depth, of_fragment(one.name.value))
        return depth

    def of_fragment(name: str) -> int:
        if name not in known:
            known[name] = levels(fragments[name].selection_set)
        return known[name]

    return max((levels(operation.selection_set) for operation in operations), default=0)
