"""DocumentCache, parsed and validated once for each text."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from graphql import DocumentNode, FragmentDefinitionNode, OperationDefinitionNode, OperationType

from appsync_local.errors import RequestError
from appsync_local.execution.selection import Selections
from appsync_local.validation.complexity import check_field_count, parse_document, too_deep_error
from appsync_local.validation.depth_limit import depth_of
from appsync_local.validation.rules import rules, validation_errors

if TYPE_CHECKING:
    from graphql import GraphQLSchema

# A parsed text takes about 200 bytes for each of its characters.
_MAX_CHARACTERS = 400_000
_MAX_CACHED_LENGTH = 20_000
_SHORT = 8_192  # characters, read within some 30 ms


@dataclass(slots=True)
class PreparedDocument:
    """A document that parses; `errors` are its validation errors in AppSync's shape.

    Of one that is `too_deep` for the API the fields beyond the limit are refused when it is executed.
    """

    text: str
    node: DocumentNode
    errors: list[dict[str, Any]]
    operations: list[OperationDefinitionNode]
    selections: Selections
    too_deep: bool = False
    executable: dict[str | None, OperationDefinitionNode] = field(default_factory=dict)

    def operation(self, name: str | None) -> OperationDefinitionNode:
        """Return the operation of this name, or the only one.

        Raises:
            RequestError: There is none, or there are several.
        """
        found = self.executable.get(name)
        if found is None:
            found = self.executable[name] = self._find(name)
        return found

    def _find(self, name: str | None) -> OperationDefinitionNode:
        named = [node for node in self.operations if name is None or (node.name and node.name.value == name)]
        if not named:
            raise RequestError(400, "BadRequestException", f"Unknown operation named '{name}'.")
        if len(named) > 1:
            message = "Must provide operation name if query contains multiple operations."
            raise RequestError(400, "BadRequestException", message)
        return named[0]


class DocumentCache:
    """The documents of one schema, by their text; the oldest are dropped when the texts together are too long."""

    def __init__(self, schema: GraphQLSchema, *, depth_limit: int = 0, introspection: bool = True) -> None:
        self._schema = schema
        self._depth_limit = depth_limit
        self._rules = rules(introspection=introspection)
        self._cache: dict[str, PreparedDocument] = {}
        self._characters = 0
        self._thread = ThreadPoolExecutor(1, "documents")

    async def find(self, text: str) -> PreparedDocument:
        """Prepare a text; a long one in a thread, so that no other request waits for it.

        Raises:
            RequestError: The text is no GraphQL, or too large.
        """
        if len(text) <= _SHORT or text in self._cache:
            return self.prepare(text)
        return await asyncio.get_running_loop().run_in_executor(self._thread, self.prepare, text)

    def prepare(self, text: str) -> PreparedDocument:
        """Parse and validate a text.

        Raises:
            RequestError: The text is no GraphQL, or too large.
        """
        prepared = self._cache.get(text)
        if prepared is None:
            prepared = self._read(text)
            if len(text) <= _MAX_CACHED_LENGTH:
                self._add(text, prepared)
        return prepared

    def _add(self, text: str, prepared: PreparedDocument) -> None:
        self._cache[text] = prepared
        self._characters += len(text)
        while self._characters > _MAX_CHARACTERS:
            oldest = next(iter(self._cache))
            del self._cache[oldest]
            self._characters -= len(oldest)

    def _read(self, text: str) -> PreparedDocument:
        try:
            return self._prepared(text, parse_document(text))
        except RecursionError as error:
            raise too_deep_error() from error

    def _prepared(self, text: str, document: DocumentNode) -> PreparedDocument:
        fragments = {node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)}
        operations = [node for node in document.definitions if isinstance(node, OperationDefinitionNode)]
        check_field_count(operations, fragments)
        errors = validation_errors(self._schema, document, self._rules)
        selections = Selections(fragments, vary="@" in text)
        is_too_deep = bool(self._depth_limit and not errors and depth_of(operations, fragments) > self._depth_limit)
        return PreparedDocument(text, document, errors, operations, selections, is_too_deep)


def is_subscription(operation: OperationDefinitionNode) -> bool:
    """Return whether an operation is a subscription."""
    return operation.operation is OperationType.SUBSCRIPTION
