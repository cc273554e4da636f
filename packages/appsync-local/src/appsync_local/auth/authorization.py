"""Which callers a field allows: the directives on it, on its type, and the API's default authorization type."""

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

    Definition = GraphQLObjectType | GraphQLField

TYPE_BY_DIRECTIVE = {
    "aws_api_key": AuthorizationType.API_KEY,
    "aws_iam": AuthorizationType.IAM,
    "aws_cognito_user_pools": AuthorizationType.COGNITO,
    "aws_oidc": AuthorizationType.OIDC,
    "aws_lambda": AuthorizationType.LAMBDA,
    "aws_auth": AuthorizationType.COGNITO,  # counts only when there is no other type_
}


@dataclass(frozen=True, slots=True)
class Access:
    """The callers that a field allows.

    Attributes:
        field: Its name as Type.field, by which a Lambda authorizer may deny it.
        alternatives: Authorization types, for user pools with the groups (None: every user).
    """

    field: str
    alternatives: Mapping[AuthorizationType, frozenset[str] | None]

    def allows(self, caller: Caller) -> bool:
        """Return whether the caller's authorization type and groups are among the alternatives."""
        if caller.type_ not in self.alternatives or self.field in caller.denied:
            return False
        groups = self.alternatives[caller.type_]
        return groups is None or not groups.isdisjoint(caller.groups)

    def allows_everyone(self, types: Iterable[AuthorizationType]) -> bool:
        """Return whether every caller of an API with these authorization types is allowed."""
        return all(
            type_ is not AuthorizationType.LAMBDA and type_ in self.alternatives and self.alternatives[type_] is None
            for type_ in types
        )


def access_of(api: ApiDefinition, parent: GraphQLObjectType, name: str) -> Access:
    """Return a field's access: its own directives override its type's; without any, the default type is allowed."""
    alternatives = alternatives_on(parent.fields[name]) or alternatives_on(parent)
    return Access(f"{parent.name}.{name}", alternatives or _default(api))


def directives_on(definition: Definition) -> list[DirectiveNode]:
    """Return the directives on a type or a field, those on extensions included."""
    nodes = [definition.ast_node, *getattr(definition, "extension_ast_nodes", ())]
    return [directive for node in nodes if node for directive in node.directives or ()]


def _default(api: ApiDefinition) -> dict[AuthorizationType, frozenset[str] | None]:
    default = api.authorization_types[0]
    if default is AuthorizationType.COGNITO and api.providers.user_pools[0].default_action == "DENY":
        return {}
    return {default: None}


def alternatives_on(definition: Definition) -> dict[AuthorizationType, frozenset[str] | None]:
    """Return the alternatives that the directives on a type or a field name; empty without such directives."""
    return {
        TYPE_BY_DIRECTIVE[directive.name.value]: _groups(directive)
        for directive in directives_on(definition)
        if directive.name.value in TYPE_BY_DIRECTIVE
    }


def _groups(directive: DirectiveNode) -> frozenset[str] | None:
    for argument in directive.arguments or ():
        groups: Any = value_from_ast_untyped(argument.value)
        return frozenset([groups] if isinstance(groups, str) else groups or ())
    return None
