"""The API's queryDepthLimit: fields below it are refused when they are resolved."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from graphql import FieldNode, FragmentSpreadNode, InlineFragmentNode

from appsync_local.errors import FieldError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from graphql import FragmentDefinitionNode, GraphQLResolveInfo, OperationDefinitionNode, SelectionSetNode


def depth_of(operations: Iterable[OperationDefinitionNode], fragments: Mapping[str, FragmentDefinitionNode]) -> int:
    """Return the levels of fields in the deepest operation of a valid document; fragments add none of their own."""
    known: dict[str, int] = {}

    def levels(selected: SelectionSetNode | None) -> int:
        depth = 0
        for node in selected.selections if selected else ():
            if isinstance(node, FieldNode):
                depth = max(depth, 1 + levels(node.selection_set))
            elif isinstance(node, InlineFragmentNode):
                depth = max(depth, levels(node.selection_set))
            elif isinstance(node, FragmentSpreadNode):
                depth = max(depth, of_fragment(node.name.value))
        return depth

    def of_fragment(name: str) -> int:
        if name not in known:
            known[name] = levels(fragments[name].selection_set)
        return known[name]

    return max((levels(operation.selection_set) for operation in operations), default=0)


def limit_depth(limit: int) -> Callable[..., Any]:
    """Make a middleware for graphql-core that raises FieldError for fields deeper than the limit."""

    def resolve(next_: Callable[..., Any], source: Any, info: GraphQLResolveInfo[Any], **arguments: Any) -> Any:
        if sum(isinstance(step, str) for step in info.path.as_list()) > limit:
            raise FieldError("QueryDepthLimitReached", f"The query depth limit of {limit} is reached.")
        return next_(source, info, **arguments)

    return resolve
