"""Which callers a field admits, from the directives on it, on its type, and the API's default mode."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from graphql import value_from_ast_untyped

from appsync_local.template.auth_providers import AuthorizationType

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from graphql import DirectiveNode, GraphQLField, GraphQLObjectType

    from appsync_local.auth.authentication import Caller
    from appsync_local.template.definition import ApiDefinition

    Marked = GraphQLObjectType | GraphQLField

MODES = {
    "aws_api_key": AuthorizationType.API_KEY,
    "aws_iam": AuthorizationType.IAM,
    "aws_cognito_user_pools": AuthorizationType.COGNITO,
    "aws_oidc": AuthorizationType.OIDC,
    "aws_lambda": AuthorizationType.LAMBDA,
    "aws_auth": AuthorizationType.COGNITO,  # counts only when there is no other mode
}


@dataclass(frozen=True, slots=True)
class Access:
    """The alternatives that let a caller in: a mode, and for user pools the groups (None: everyone of the pool).

    `field` is its name as Type.field, by which a Lambda authoriser may deny it.
    """

    field: str
    alternatives: Mapping[AuthorizationType, frozenset[str] | None]

    def admits(self, caller: Caller) -> bool:
        """Tell whether the caller's mode and groups are among the alternatives."""
        if caller.mode not in self.alternatives or self.field in caller.denied:
            return False
        groups = self.alternatives[caller.mode]
        return groups is None or not groups.isdisjoint(caller.groups)

    def admits_everyone(self, modes: Iterable[AuthorizationType]) -> bool:
        """Tell whether no caller of an API with these modes is ever refused."""
        return all(
            mode is not AuthorizationType.LAMBDA and mode in self.alternatives and self.alternatives[mode] is None
            for mode in modes
        )


def access_to(api: ApiDefinition, parent: GraphQLObjectType, name: str) -> Access:
    """Read a field's access: its own directives override its type's; unmarked, the default mode is asked."""
    marks = marks_on(parent.fields[name]) or marks_on(parent)
    return Access(f"{parent.name}.{name}", marks or _unmarked(api))


def directives_on(known: Marked) -> list[DirectiveNode]:
    """Answer the directives that stand on a type or a field in the schema, those on extensions included."""
    nodes = [known.ast_node, *getattr(known, "extension_ast_nodes", ())]
    return [directive for node in nodes if node for directive in node.directives or ()]


def _unmarked(api: ApiDefinition) -> dict[AuthorizationType, frozenset[str] | None]:
    default = api.authorization_types[0]
    if default is AuthorizationType.COGNITO and api.providers.user_pools[0].default_action == "DENY":
        return {}
    return {default: None}


def marks_on(known: Marked) -> dict[AuthorizationType, frozenset[str] | None]:
    """Answer the alternatives that stand on a type or a field; none when it is unmarked."""
    return {MODES[one.name.value]: _groups(one) for one in directives_on(known) if one.name.value in MODES}


def _groups(directive: DirectiveNode) -> frozenset[str] | None:
    for argument in directive.arguments or ():
        groups: Any = value_from_ast_untyped(argument.value)
        return frozenset([groups] if isinstance(groups, str) else groups or ())
    return None
