"""Limits of a document's size: beyond them it is rejected before it costs the other requests their time.

AppSync documents no such limits. Ours are far from what people write.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphql import FieldNode, FragmentSpreadNode, GraphQLError, InlineFragmentNode, parse

from appsync_local.errors import RequestError
from appsync_local.validation.source import IndexedSource

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from graphql import DocumentNode, FragmentDefinitionNode, OperationDefinitionNode, SelectionSetNode

MAX_TOKENS = 50_000
MAX_FIELDS = 50_000
_ABORTED = " Parsing aborted."


def too_large_error(reason: str) -> RequestError:
    """Return the error for a document of this size."""
    return RequestError(400, "BadRequestException", f"The query is too large: {reason}")


def too_deep_error() -> RequestError:
    """Return the error for a document, or variables, of this depth."""
    return RequestError(400, "BadRequestException", "The query is nested too deeply.")


def parse_document(text: str) -> DocumentNode:
    """Parse a document.

    Raises:
        RequestError: It is no GraphQL, too long or too deep.
    """
    try:
        source = IndexedSource(text)
        return parse(source, allow_empty_selection_sets=False, max_lexical_tokens=MAX_TOKENS, max_comments=MAX_TOKENS)
    except GraphQLError as error:
        if "nested too deeply" in error.message and error.message.endswith(_ABORTED):
            raise too_deep_error() from error
        if error.message.endswith(_ABORTED):
            raise too_large_error(f"more than {MAX_TOKENS:,} tokens or comments.") from error
        message = "Unable to parse GraphQL query."
        raise RequestError(400, "MalformedHttpRequestException", message) from error


def check_field_count(
    operations: Iterable[OperationDefinitionNode], fragments: Mapping[str, FragmentDefinitionNode]
) -> None:
    """Check the number of selected fields, each fragment counted where it is spread.

    So a short text whose fragments spread each other twice, and those each other twice, does not get far.

    Raises:
        RequestError: An operation selects more than MAX_FIELDS.
    """
    known: dict[str, int] = {}

    def fields_of(selected: SelectionSetNode | None) -> int:
        count = 0
        for node in selected.selections if selected else ():
            if isinstance(node, FragmentSpreadNode):
                count += of_fragment(node.name.value)
            elif isinstance(node, FieldNode | InlineFragmentNode):
                count += 1 + fields_of(node.selection_set)
        return count

    def of_fragment(name: str) -> int:
        if name not in known:
            known[name] = 1  # of a fragment that spreads itself
            known[name] += fields_of(fragments[name].selection_set) if name in fragments else 0
        return known[name]

    if any(fields_of(operation.selection_set) > MAX_FIELDS for operation in operations):
        raise too_large_error(f"more than {MAX_FIELDS:,} fields, with its fragments spread.")
