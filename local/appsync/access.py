"""Which callers a field admits, from the directives on it, on its type, and the API's default mode."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from graphql import value_from_ast_untyped

from local.appsync.providers import Mode

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from graphql import DirectiveNode, GraphQLObjectType

    from local.appsync.authentication import Caller
    from local.appsync.definition import ApiDefinition

_MODES = {
    "aws_api_key": Mode.API_KEY,
    "aws_iam": Mode.IAM,
    "aws_cognito_user_pools": Mode.COGNITO,
    "aws_oidc": Mode.OIDC,
    "aws_lambda": Mode.LAMBDA,
}


@dataclass(frozen=True, slots=True)
class Access:
    """The alternatives that let a caller in: a mode, and for user pools the groups (None: everyone of the pool).

    `field` is its name as Type.field, by which a Lambda authoriser may deny it.
    """

    field: str
    alternatives: Mapping[Mode, frozenset[str] | None]

    def admits(self, caller: Caller) -> bool:
        """Tell whether the caller's mode and groups are among the alternatives."""
        if caller.mode not in self.alternatives or self.field in caller.denied:
            return False
        groups = self.alternatives[caller.mode]
        return groups is None or not groups.isdisjoint(caller.groups)

    def admits_everyone(self, modes: Iterable[Mode]) -> bool:
        """Tell whether no caller of an API with these modes is ever refused."""
        return all(
            mode is not Mode.LAMBDA and mode in self.alternatives and self.alternatives[mode] is None for mode in modes
        )


def access_to(api: ApiDefinition, parent: GraphQLObjectType, name: str) -> Access:
    """Read a field's access: its own directives override its type's; unmarked, the default mode is asked."""
    parent_nodes = [parent.ast_node, *parent.extension_ast_nodes]
    type_directives = [directive for node in parent_nodes if node for directive in node.directives or ()]
    field = parent.fields[name]
    field_directives = field.ast_node.directives if field.ast_node and field.ast_node.directives else ()
    marks = _marks(api, field_directives) or _marks(api, type_directives)
    return Access(f"{parent.name}.{name}", marks or _unmarked(api))


def _unmarked(api: ApiDefinition) -> dict[Mode, frozenset[str] | None]:
    default = api.modes[0]
    if default is Mode.COGNITO and api.providers.user_pools[0].default_action == "DENY":
        return {}
    return {default: None}


def _marks(api: ApiDefinition, directives: Iterable[DirectiveNode]) -> dict[Mode, frozenset[str] | None]:
    marks: dict[Mode, frozenset[str] | None] = {}
    for directive in directives:
        name = directive.name.value
        if name in _MODES:
            marks[_MODES[name]] = _groups(directive)
        elif name == "aws_auth" and api.modes == (Mode.COGNITO,):
            marks[Mode.COGNITO] = _groups(directive)
    return marks


def _groups(directive: DirectiveNode) -> frozenset[str] | None:
    for argument in directive.arguments or ():
        groups: Any = value_from_ast_untyped(argument.value)
        return frozenset([groups] if isinstance(groups, str) else groups)
    return None
