"""The API's queryDepthLimit: how deep a document nests, and what becomes of the fields that lie too deep."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from graphql import FieldNode, FragmentSpreadNode, InlineFragmentNode

from appsync_local.errors import FieldError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from graphql import FragmentDefinitionNode, GraphQLResolveInfo, OperationDefinitionNode, SelectionSetNode


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


def refuse_below(limit: int) -> Callable[..., Any]:
    """Make a middleware for graphql-core that refuses fields deeper than the limit, and resolves the others."""

    def resolve(following: Callable[..., Any], source: Any, info: GraphQLResolveInfo[Any], **arguments: Any) -> Any:
        if sum(isinstance(step, str) for step in info.path.as_list()) > limit:
            raise FieldError("QueryDepthLimitReached", f"The query depth limit of {limit} is reached.")
        return following(source, info, **arguments)

    return resolve
