"""Validation of a document, in one pass over it; each error names the rule that it breaks."""

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
from appsync_local.validation.complexity import too_large_error
from appsync_local.validation.messages import response_paths, validation_message
from appsync_local.validation.overlapping_fields import FieldsConflictRule

if TYPE_CHECKING:
    from graphql import DocumentNode, GraphQLSchema, ValidationContext

    Rule = type[ValidationRule]

_RULE = "rule"  # the extension of an error that names its rule
_ABORTED = "Validation aborted."


def rules(*, introspection: bool) -> list[Rule]:
    """Return the validation rules of an API."""
    own: list[Rule] = [FieldsConflictRule] if introspection else [FieldsConflictRule, HiddenIntrospectionRule]
    specified: list[Any] = [rule for rule in specified_rules if rule is not OverlappingFieldsCanBeMergedRule]
    return [_with_rule_name(rule) for rule in [*specified, *own]]


def validation_errors(schema: GraphQLSchema, document: DocumentNode, rules: list[Rule]) -> list[dict[str, Any]]:
    """Validate a document.

    Returns:
        The entries of `errors`, in AppSync's shape: of more than 100 errors the first.

    Raises:
        RequestError: Its fragments take too long to follow.
    """
    found = validate(schema, document, rules)
    if any(error.message == _ABORTED for error in found):
        raise too_large_error("its fragments are nested too deeply, or spread too often.")
    paths = response_paths(document) if found else {}
    return [request_entry(error, validation_message(_rule_of(error), error, paths)) for error in found]


def _with_rule_name(rule: Rule) -> Rule:
    """Make a rule whose errors name it: some rules report to their context, so each gets one of its own."""

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
    """With introspection disabled `__schema` and `__type` exist, and their types have no fields."""

    def enter_field(self, node: FieldNode, *_where: Any) -> Any:
        """Report the first fields below, and leave out those below them."""
        parent = self.context.get_parent_type()
        if parent is None or not is_introspection_type(parent):
            return None
        message = f"Cannot query field '{node.name.value}' on type '{parent.name}'."
        self.report_error(GraphQLError(message, node))
        return SKIP
