"""How much one document may ask for: beyond that it is refused by name, before it costs the others their time.

AppSync documents no such limits. Ours are far from what people write, and bound what everybody waits for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphql import FieldNode, FragmentSpreadNode, GraphQLError, InlineFragmentNode, parse

from appsync_local.errors import RequestError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from graphql import DocumentNode, FragmentDefinitionNode, OperationDefinitionNode, SelectionSetNode

MOST_TOKENS = 50_000
MOST_FIELDS = 50_000
_ABORTED = " Parsing aborted."


def too_large(reason: str) -> RequestError:
    """Refuse a document for its size."""
    return RequestError(400, "BadRequestException", f"The query is too large: {reason}")


def too_deep() -> RequestError:
    """Refuse a document, or its variables, for their depth."""
    return RequestError(400, "BadRequestException", "The query is nested too deeply.")


def read_document(text: str) -> DocumentNode:
    """Parse; raise RequestError for what is no GraphQL, too long or too deep."""
    try:
        return parse(text, allow_empty_selection_sets=False, max_lexical_tokens=MOST_TOKENS, max_comments=MOST_TOKENS)
    except GraphQLError as error:
        if "nested too deeply" in error.message and error.message.endswith(_ABORTED):
            raise too_deep() from error
        if error.message.endswith(_ABORTED):
            raise too_large(f"more than {MOST_TOKENS:,} tokens or comments.") from error
        message = "Unable to parse GraphQL query."
        raise RequestError(400, "MalformedHttpRequestException", message) from error


def refuse_many_fields(
    operations: Iterable[OperationDefinitionNode], fragments: Mapping[str, FragmentDefinitionNode]
) -> None:
    """Raise RequestError when an operation selects too many fields, each fragment counted where it is spread.

    So a short text whose fragments spread each other twice, and those each other twice, does not get far.
    """
    known: dict[str, int] = {}

    def fields_of(selected: SelectionSetNode | None) -> int:
        count = 0
        for one in selected.selections if selected else ():
            if isinstance(one, FragmentSpreadNode):
                count += of_fragment(one.name.value)
            elif isinstance(one, FieldNode | InlineFragmentNode):
                count += 1 + fields_of(one.selection_set)
        return count

    def of_fragment(name: str) -> int:
        if name not in known:
            known[name] = 1  # of a fragment that spreads itself
            known[name] += fields_of(fragments[name].selection_set) if name in fragments else 0
        return known[name]

    if any(fields_of(operation.selection_set) > MOST_FIELDS for operation in operations):
        raise too_large(f"more than {MOST_FIELDS:,} fields, with its fragments spread.")
