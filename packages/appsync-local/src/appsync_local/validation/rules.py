"""What is wrong with a document, found in one pass over it, each fault with the rule that it breaks."""

from __future__ import annotations

from copy import copy
from typing import TYPE_CHECKING, Any, cast

from graphql import (
    SKIP,
    FieldNode,
    GraphQLError,
    OverlappingFieldsCanBeMergedRule,
    ValidationRule,
    is_introspection_type,
    specified_rules,
    validate,
)

from appsync_local.error_entries import request_entry
from appsync_local.validation.complexity import too_large
from appsync_local.validation.messages import paths_of, validation_message
from appsync_local.validation.overlapping_fields import FieldsConflictRule

if TYPE_CHECKING:
    from graphql import DocumentNode, GraphQLSchema, ValidationContext

    Rule = type[ValidationRule]

_RULE = "rule"  # the extension of an error that names its rule
_ABORTED = "Validation aborted."


def rules(*, introspection: bool) -> list[Rule]:
    """Answer what documents must keep to."""
    own: list[Rule] = [FieldsConflictRule] if introspection else [FieldsConflictRule, HiddenIntrospectionRule]
    specified: list[Any] = [rule for rule in specified_rules if rule is not OverlappingFieldsCanBeMergedRule]
    return [_signing(rule) for rule in [*specified, *own]]


def problems_of(schema: GraphQLSchema, document: DocumentNode, rules: list[Rule]) -> list[dict[str, Any]]:
    """Answer a document's faults (of more than 100 the first) in AppSync's shape.

    Raises RequestError when its fragments take too long to follow.
    """
    found = validate(schema, document, rules)
    if any(error.message == _ABORTED for error in found):
        raise too_large("its fragments are nested too deeply, or spread too often.")
    paths = paths_of(document) if found else {}
    return [request_entry(error, validation_message(_rule_of(error), error, paths)) for error in found]


def _signing(rule: Rule) -> Rule:
    """Make a rule whose errors name it: some report to their context, so each has a context of its own."""

    def make(context: ValidationContext) -> ValidationRule:
        def report(error: GraphQLError) -> None:
            error.extensions = {_RULE: rule.__name__}
            context.on_error(error)

        own = copy(context)
        own.on_error = report  # type: ignore[method-assign]
        return rule(own)

    return cast("Rule", make)


def _rule_of(error: GraphQLError) -> str:
    return str((error.extensions or {}).get(_RULE, "MaxValidationErrorsReachedRule"))


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
